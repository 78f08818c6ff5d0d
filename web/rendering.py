"""Renders pages: Jinja templates, in which every sentence comes from Fluent and all is escaped."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from locales.answer import Sentence, say
from locales.fluent import load_sentences
from models.queries.figures import Figures

FOLDER = Path(__file__).parent
BAR_WIDTH = 100.0  # units of a bar in the drawing


@cache
def load_environment() -> Environment:
    """Return the templates with what they call, loaded once."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"say": _say_html, "word": _say_text, "cut_bar": cut_bar}
    environment.filters |= {"said": _render_sentence, "iso": date.isoformat}
    return environment


def render_page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return the page that `template` makes of `values`."""
    text = load_environment().get_template(template).render(values)
    return HTMLResponse(text, status)


def cut_bar(figures: Figures) -> list[tuple[str, float, float]]:
    """Return the parts of a bar as (class, start, width): done, done late, open, overdue.

    Empty parts are left out; without any dated work there is none.
    """
    parts, start = [], 0.0
    for name in ("done_in_time", "done_late", "open_in_time", "open_late"):
        width = BAR_WIDTH * getattr(figures, name) / max(figures.dated_total, 1)
        if width:
            parts.append((name.replace("_", "-"), round(start, 1), round(width, 1)))
        start += width
    return parts


def _say_html(message_id: str, **values: Any) -> Markup:
    """Return a sentence as HTML; its values are escaped by Fluent's renderer."""
    return _render_sentence(say(message_id, **values))


def _say_text(message_id: str, **values: Any) -> str:
    """Return a sentence as text, for attributes; Jinja escapes it there."""
    return load_sentences().to_text(say(message_id, **values))


def _render_sentence(sentence: Sentence) -> Markup:
    return Markup(load_sentences().to_html(sentence))  # noqa: S704  # values are escaped in it
