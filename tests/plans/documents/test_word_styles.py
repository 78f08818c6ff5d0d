"""Fonts from before Unicode and automatic numbers that a Word file sets in styles and lists."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from plans.documents.opening import load_document
from plans.tables.blocks import Document, Table, TextLine

OLD, NEW = "Së Y tÕ", "Sở Y tế"


def save_lines(path: Path, change: Callable[[Any], object]) -> Document:
    paper = docx.Document()
    change(paper)
    paper.save(str(path / "paper.docx"))
    return load_document(path / "paper.docx")


def list_lines(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, TextLine) and block.text]


def set_default_font(paper: Any, font: str) -> None:
    fonts = paper.styles.element.find(
        f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}/{qn('w:rFonts')}"
    )
    fonts.attrib.clear()
    fonts.set(qn("w:ascii"), font)
    fonts.set(qn("w:hAnsi"), font)


def add_style(paper: Any, name: str, font: str, base: str = "", kind: str = "PARAGRAPH") -> None:
    style = paper.styles.add_style(name, WD_STYLE_TYPE[kind])
    style.base_style = paper.styles[base] if base else None
    if font:
        style.font.name = font


def write_in_defaults(paper: Any) -> None:
    set_default_font(paper, ".VnTime")
    paper.add_paragraph(OLD)


def write_in_normal(paper: Any) -> None:
    paper.styles["Normal"].font.name = ".VnTime"
    paper.add_paragraph(OLD)


def write_in_base(paper: Any) -> None:
    add_style(paper, "Old", ".VnTime")
    add_style(paper, "Older", "", base="Old")
    paper.add_paragraph(OLD, style="Older")


def write_in_letters(paper: Any) -> None:
    add_style(paper, "Letters", ".VnTime", kind="CHARACTER")
    paper.add_paragraph().add_run(OLD, style="Letters")


def write_in_circle(paper: Any) -> None:
    set_default_font(paper, ".VnTime")
    add_style(paper, "One", "")
    add_style(paper, "Two", "", base="One")
    paper.styles["One"].base_style = paper.styles["Two"]
    paper.add_paragraph(OLD, style="Two")


@pytest.mark.parametrize(
    "write",
    [write_in_defaults, write_in_normal, write_in_base, write_in_letters, write_in_circle],
)
def test_an_old_font_of_a_style_is_turned(tmp_path: Path, write: Callable[[Any], None]) -> None:
    document = save_lines(tmp_path, write)
    assert list_lines(document) == [NEW]
    assert "font-converted" in document.notes


def test_an_old_font_of_a_table_style_is_turned_in_its_table_alone(tmp_path: Path) -> None:
    def write(paper: Any) -> None:
        add_style(paper, "Old Table", ".VnTime", kind="TABLE")
        for style in ("Old Table", "Table Grid"):
            paper.add_table(1, 1, style=style).cell(0, 0).text = OLD
            paper.add_paragraph(OLD)

    blocks = save_lines(tmp_path, write).blocks
    tables = [block.rows[0].texts[0] for block in blocks if isinstance(block, Table)]
    assert tables == [NEW, OLD]
    assert [block.text for block in blocks if isinstance(block, TextLine) and block.text] == [
        OLD,
        OLD,
    ]


def test_a_nearer_unicode_font_keeps_its_text(tmp_path: Path) -> None:
    kept = "Xã à"  # letters that an old font would show as others

    def write(paper: Any) -> None:
        paper.styles["Normal"].font.name = ".VnTime"
        add_style(paper, "New", "Times New Roman", base="Normal")
        paper.add_paragraph().add_run(kept).font.name = "Times New Roman"
        paper.add_paragraph(kept, style="New")
        themed = paper.add_paragraph().add_run(kept)
        fonts = OxmlElement("w:rFonts")
        fonts.set(qn("w:asciiTheme"), "minorHAnsi")
        themed._r.get_or_add_rPr().append(fonts)

    document = save_lines(tmp_path, write)
    assert list_lines(document) == [kept] * 3
    assert "font-converted" not in document.notes


@pytest.mark.parametrize(
    ("font", "pieces", "expected"),
    [
        ("VNI-Times", ["Sôû Y te", "á chu", "û trì"], "Sở Y tế chủ trì"),
        (".VnTime", ["S", "ë Y t", "Õ"], NEW),
        (".VnTime", ["Tr", "ướ", "c xã"], "Trước xã"),  # Unicode in spite of its font
        ("Times New Roman", ["Tru", "\u031bo\u031b", "\u0301c"], "Trước"),
    ],
)
def test_letters_torn_over_runs_are_one_text(
    tmp_path: Path, font: str, pieces: Iterable[str], expected: str
) -> None:
    def write(paper: Any) -> None:
        paper.styles["Normal"].font.name = font
        paragraph = paper.add_paragraph()
        for piece in pieces:
            paragraph.add_run(piece)

    assert list_lines(save_lines(tmp_path, write)) == [expected]


def write_numbers(overrides: str, order: str, restart: str = "") -> Callable[[Any], None]:
    """Return what writes a paragraph of list 71 or 72 for each sign of `order`: "1", "2".

    Both are of one abstract list; the second has these overrides. "-" is the deeper level of 71.
    """

    def write(paper: Any) -> None:
        numbering = paper.part.numbering_part.element
        levels = "".join(
            f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
            f'{again}<w:lvlText w:val="{pattern}"/></w:lvl>'
            for level, (pattern, again) in enumerate((("%1.", ""), ("%2)", restart)))
        )
        head = nsdecls("w")
        numbering.insert(
            0, parse_xml(f'<w:abstractNum {head} w:abstractNumId="70">{levels}</w:abstractNum>')
        )
        for number, override in (("71", ""), ("72", overrides)):
            numbering.append(
                parse_xml(
                    f'<w:num {head} w:numId="{number}"><w:abstractNumId w:val="70"/>{override}'
                    "</w:num>"
                )
            )
        for sign in order:
            properties = paper.add_paragraph("x")._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = int(sign == "-")
            properties.get_or_add_numId().val = 71 if sign == "-" else 70 + int(sign)

    return write


START = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{}"/></w:lvlOverride>'
LEVEL = (
    '<w:lvlOverride w:ilvl="0"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
    '<w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1)"/></w:lvl></w:lvlOverride>'
)


@pytest.mark.parametrize(
    ("overrides", "order", "expected"),
    [
        ("", "1122", "1. 2. 3. 4."),
        (START.format(1), "1122", "1. 2. 1. 2."),
        (START.format(5), "1122", "1. 2. 5. 6."),
        (START.format(5), "221", "5. 6. 7."),
        (LEVEL, "112", "1. 2. III)"),
    ],
)
def test_a_list_goes_on_unless_it_overrides_its_start(
    tmp_path: Path, overrides: str, order: str, expected: str
) -> None:
    lines = list_lines(save_lines(tmp_path, write_numbers(overrides, order)))
    assert lines == [f"{mark} x" for mark in expected.split()]


@pytest.mark.parametrize(
    ("restart", "expected"),
    [
        ("", "1. 1) 2) 2. 1)"),
        ('<w:lvlRestart w:val="1"/>', "1. 1) 2) 2. 1)"),
        ('<w:lvlRestart w:val="0"/>', "1. 1) 2) 2. 3)"),
    ],
)
def test_a_level_goes_on_under_the_next_upper_one_if_it_says_so(
    tmp_path: Path, restart: str, expected: str
) -> None:
    lines = list_lines(save_lines(tmp_path, write_numbers("", "1--1-", restart)))
    assert lines == [f"{mark} x" for mark in expected.split()]


def test_a_style_has_the_list_of_its_base(tmp_path: Path) -> None:
    def write(paper: Any) -> None:
        write_numbers("", "")(paper)
        add_style(paper, "Listed", "")
        properties = paper.styles["Listed"].element.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_numId().val = 71
        add_style(paper, "Listed Too", "", base="Listed")
        paper.add_paragraph("x", style="Listed")
        paper.add_paragraph("x", style="Listed Too")

    assert list_lines(save_lines(tmp_path, write)) == ["1. x", "2. x"]


def test_a_list_has_the_levels_of_the_style_that_it_links_to(tmp_path: Path) -> None:
    def write(paper: Any) -> None:
        write_numbers("", "")(paper)
        numbering, head = paper.part.numbering_part.element, nsdecls("w")
        numbering[0].insert(0, parse_xml(f'<w:styleLink {head} w:val="Own"/>'))
        link = f'<w:numStyleLink {head} w:val="Own"/>'
        numbering.insert(
            1, parse_xml(f'<w:abstractNum {head} w:abstractNumId="73">{link}</w:abstractNum>')
        )
        numbering.append(
            parse_xml(f'<w:num {head} w:numId="74"><w:abstractNumId w:val="73"/></w:num>')
        )
        for _ in range(2):
            properties = paper.add_paragraph("x")._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_numId().val = 74

    assert list_lines(save_lines(tmp_path, write)) == ["1. x", "2. x"]
