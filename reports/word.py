"""Renders the Word report: a template of Nghị định 30/2020/NĐ-CP, Phụ lục I, filled with values.

A template may be a province's own, so it is rendered in a sandbox, and every value is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.shared import Emu, Pt
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from locales.data import LOCALE_FOLDER
from reports.orders import OrderFault

TEMPLATE = LOCALE_FOLDER / "report.docx"
LONGEST_PLACE = 80  # letters of the template that are quoted
LINES_BEFORE = 3  # a fault that docxtpl quotes
RULE_STYLE = "RuleBelowText"  # id of the style of an empty paragraph that is a rule
USUAL_SIZE = 12.0  # points of a text that names none
RULE_SHARE = 0.42  # of the line above it
CAPITAL_WIDTH, SMALL_WIDTH, BLANK_WIDTH = 0.70, 0.47, 0.25  # ems

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")
_NAME = re.compile(r"'([^']{1,60})'")


def render_report(values: Mapping[str, Any], template: str | None = None) -> bytes:
    """Return the report (.docx) of `values`; `template` is the path of a province's own.

    Raises OrderFault with the place if the template cannot be used.
    """
    path = Path(template) if template else TEMPLATE
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    content = BytesIO()
    try:
        document = DocxTemplate(path)
        document.render(_clean_values(values), environment, autoescape=True)
        _fit_rules(document.docx)
        document.save(content)
    except (PackageNotFoundError, BadZipFile, OSError, KeyError, ValueError) as error:
        raise OrderFault("report-template-unreadable", path=path.name) from error
    except (UndefinedError, SecurityError) as error:
        name = _NAME.search(str(error))
        place = name[1] if name else ""
        raise OrderFault("report-template-name", path=path.name, name=place) from error
    except TemplateError as error:
        lines = list(getattr(error, "docx_context", ()))
        place = _quote_place(lines, getattr(error, "lineno", None) or 1)
        raise OrderFault("report-template-wrong", path=path.name, place=place) from error
    return content.getvalue()


def _clean_values(value: Any) -> Any:
    """Return values whose texts hold no sign that Word or the template takes for its own."""
    if isinstance(value, str):
        return _UNSAFE.sub(" ", value)
    if isinstance(value, Mapping):
        return {name: _clean_values(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_clean_values(part) for part in value]
    return value


def _fit_rules(document: Document) -> None:
    """Give each rule below a text its length: 0.42 of the widest line (Phụ lục I: 1/3 to 1/2)."""
    section = document.sections[0]
    whole = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    for rule in document.element.body.iter(qn("w:p")):
        text = rule.getprevious()
        if rule.pPr is None or rule.style != RULE_STYLE or text is None or text.tag != rule.tag:
            continue
        cell = rule.getparent()
        room = Emu(cell.width if cell.tag == qn("w:tc") and cell.width else whole).pt
        indent = Pt(max(0.0, room - RULE_SHARE * _measure_widest_line(text, room)) / 2)
        rule.get_or_add_pPr().ind_left = rule.get_or_add_pPr().ind_right = indent


def _measure_widest_line(paragraph: CT_P, room: float) -> float:
    """Return about how wide the widest line of a paragraph is that is `room` wide, in points.

    Letters of Times New Roman are taken for as wide as most of their kind are.
    """
    runs = [run for run in paragraph.r_lst if run.text]
    sizes = [run.rPr.sz_val for run in runs if run.rPr is not None]
    size = max((length.pt for length in sizes if length is not None), default=USUAL_SIZE)
    widest = line = 0.0
    for word in "".join(run.text for run in runs).split():
        width = size * sum(_find_letter_width(letter) for letter in word)
        line = line + size * BLANK_WIDTH + width if line else width
        if line > room:
            line = width
        widest = max(widest, min(line, room))
    return widest


def _find_letter_width(letter: str) -> float:
    """Return the width of a letter in bold, in ems."""
    return CAPITAL_WIDTH if letter.isupper() else SMALL_WIDTH


def _quote_place(lines: Sequence[str], number: int) -> str:
    """Return the line of the template that is wrong.

    `lines` are those around line `number`, from three before it on.
    """
    place = number - 1 - max(number - LINES_BEFORE - 1, 0)
    around = [lines[place], *reversed(lines[:place])] if place < len(lines) else lines
    return next((line.strip() for line in around if line.strip()), "")[:LONGEST_PLACE]
