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

from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.exceptions import SecurityError, UndefinedError
from jinja2.sandbox import SandboxedEnvironment

from locales.data import LOCALE_FOLDER
from reports.orders import OrderFault

TEMPLATE = LOCALE_FOLDER / "report.docx"
LONGEST_PLACE = 80  # letters of the template that are quoted
LINES_BEFORE = 3  # a fault that docxtpl quotes

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


def _quote_place(lines: Sequence[str], number: int) -> str:
    """Return the line of the template that is wrong.

    `lines` are those around line `number`, from three before it on.
    """
    place = number - 1 - max(number - LINES_BEFORE - 1, 0)
    around = [lines[place], *reversed(lines[:place])] if place < len(lines) else lines
    return next((line.strip() for line in around if line.strip()), "")[:LONGEST_PLACE]
