"""Refusals that many handlers share."""

from __future__ import annotations

from locales.answer import Answer, make_answer, say


def refuse_button() -> Answer:
    """Say, at the button itself, that what it belonged to is over."""
    return make_answer(toast=say("button-out-of-date"))


def refuse_dialogue() -> Answer:
    """Say, as a message, that what the dialogue was about is gone."""
    return make_answer(say("button-out-of-date"))
