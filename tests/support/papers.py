"""Small plan documents for the tests: Word, Excel, PDF and text of the same invented rows."""

import textwrap
import zipfile
from collections.abc import Sequence
from pathlib import Path

import docx
import openpyxl
from docx.document import Document as WordDocument
from openpyxl.worksheet.worksheet import Worksheet

Rows = Sequence[Sequence[str]]

HEADER = [
    "STT",
    "Nội dung nhiệm vụ",
    "Cơ quan chủ trì",
    "Cơ quan phối hợp",
    "Sản phẩm",
    "Thời gian hoàn thành",
]
ROWS = [
    ["I", "TRỒNG RỪNG", "", "", "", ""],
    [
        "1",
        "Lập danh sách hộ trồng rừng",
        "Sở Tài chính",
        "UBND cấp xã",
        "Danh sách",
        "Trước ngày 15/3/2031",
    ],
    [
        "2",
        "Cấp cây giống đợt đầu",
        "Sở Y tế",
        "Sở Tài chính; UBND cấp huyện",
        "- Biên bản giao;\n- Báo cáo.",
        "Quý II/2031",
    ],
    ["II", "GIỮ RỪNG", "", "", "", ""],
    ["1", "Tuần tra ven suối", "Công an tỉnh", "Các sở, ban, ngành", "Sổ ghi", "Thường xuyên"],
]
HEADING = [
    "ỦY BAN NHÂN DÂN",
    "TỈNH BẾN TRE",
    "Số: 77/KH-UBND",
    "Bến Tre, ngày 05 tháng 01 năm 2031",
    "KẾ HOẠCH",
    "Trồng và giữ rừng tỉnh Bến Tre năm 2031",
]


def word(path: Path, rows: Rows, lines: Sequence[str] = HEADING) -> Path:
    """Write a Word file of lines and one table."""
    paper = docx.Document()
    for line in lines:
        paper.add_paragraph(line)
    add_table(paper, rows)
    paper.save(str(path))
    return path


def add_table(paper: WordDocument, rows: Rows) -> None:
    """Add a table at the end of a Word document; a line break in a text is a paragraph."""
    table = paper.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            first, *more = text.split("\n")
            cell.paragraphs[0].add_run(first)
            for line in more:
                cell.add_paragraph(line)


def excel(path: Path, rows: Sequence[Sequence[object]], merged: Sequence[str] = ()) -> Path:
    """Write an Excel file of one sheet."""
    book = openpyxl.Workbook()
    sheet = sheet_of(book)
    for row in rows:
        sheet.append(list(row))
    for area in merged:
        sheet.merge_cells(area)
    book.save(path)
    return path


def repack(source: Path, target: Path, parts: dict[str, bytes]) -> Path:
    """Copy an office file with some parts replaced or added."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, parts.pop(name) if name in parts else old.read(name))
        for name, data in parts.items():
            new.writestr(name, data)
    return target


def lay_out(rows: Rows, widths: Sequence[int], *, gap: int = 2, middle: bool = False) -> list[str]:
    """Return a table as text, its columns under each other.

    Cells stand at the top of their rows, or in the `middle`.

    A row of two texts is a heading over all columns.
    """
    lines: list[str] = []
    for row in rows:
        if len(row) == 2:
            lines.append(f"{row[0]:<{widths[0] + gap}}{row[1]}")
            continue
        cells = [
            [line for part in text.split("\n") for line in textwrap.wrap(part, width) or [""]]
            for text, width in zip(row, widths, strict=True)
        ]
        height = max(map(len, cells))
        cells = [[""] * ((height - len(cell)) // 2 if middle else 0) + cell for cell in cells]
        for place in range(height):
            texts = [cell[place] if place < len(cell) else "" for cell in cells]
            pieces = [f"{text:<{width + gap}}" for text, width in zip(texts, widths, strict=True)]
            lines.append("".join(pieces).rstrip())
    return lines


def sheet_of(book: openpyxl.Workbook) -> Worksheet:
    """Return the first sheet of a new workbook."""
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    return sheet


Placed = tuple[float, float, str]  # x, y from the bottom, text


def pdf(
    path: Path, pages: Sequence[Sequence[Placed]], rules: Sequence[Sequence[tuple[float, ...]]] = ()
) -> Path:
    """Write a PDF of words at places, with the lines (x0, y0, x1, y1) of `rules`.

    Its font maps codes to Unicode.
    """
    objects: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    to_unicode = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def "
        b"/CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange "
        b"1 beginbfrange <0000> <FFFF> <0000> endbfrange "
        b"endcmap CMapName currentdict /CMap defineresource pop end end"
    )
    objects += [
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Plain /Encoding /Identity-H"
        b" /DescendantFonts [4 0 R] /ToUnicode 6 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Plain /FontDescriptor 5 0 R /DW 500"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>",
        b"<< /Type /FontDescriptor /FontName /Plain /Flags 4 /FontBBox [0 -200 1000 800]"
        b" /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >>",
        _stream(to_unicode),
    ]
    kids: list[int] = []
    for number, texts in enumerate(pages):
        lines = rules[number] if number < len(rules) else ()
        drawn = b"".join(b"%g %g m %g %g l S\n" % one for one in lines)
        said = b"".join(
            b"BT /F1 10 Tf 1 0 0 1 %g %g Tm <%s> Tj ET\n"
            % (x, y, text.encode("utf-16-be").hex().encode())
            for x, y, text in texts
        )
        objects.append(_stream(drawn + said))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595]"
            b" /Resources << /Font << /F1 3 0 R >> >> /Contents %d 0 R >>" % len(objects)
        )
        kids.append(len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (
        b" ".join(b"%d 0 R" % kid for kid in kids),
        len(kids),
    )
    path.write_bytes(_file(objects))
    return path


def _stream(data: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def _file(objects: Sequence[bytes]) -> bytes:
    content, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        content + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF"
        % (
            len(objects) + 1,
            table,
            len(objects) + 1,
            len(content),
        )
    )
