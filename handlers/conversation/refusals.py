"""Refusals that many handlers share, and the answer to a fault of the program."""

from __future__ import annotations

import logging
import secrets

from locales.answer import Answer, make_answer, say

_log = logging.getLogger(__name__)


def refuse_button() -> Answer:
    """Say, at the button itself, that what it belonged to is over."""
    return make_answer(toast=say("button-out-of-date"))


def refuse_dialogue() -> Answer:
    """Say, as a message, that what the dialogue was about is gone."""
    return make_answer(say("button-out-of-date"))


def log_fault(place: str) -> Answer:
    """Log the exception that is being handled; return an answer with the number of its line."""
    number = secrets.token_hex(3).upper()
    _log.exception("fault %s in %s", number, place)
    return make_answer(say("fault", number=number))
