"""Who sees only their agency finds nothing of another in any file: each role, each file."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook

from models.people import PostRole
from tests.support.world import Reply, World

AN = "11"
OTHERS = ("Sở Tài chính", "Công khai quyết toán", "Sở Nội vụ", "Duy trì chuyên trang")
COMMANDS = ("/xuat excel", "/baocao tháng 11", "/bieudo", "/lich", "/lich Sở Tài chính")
LIMITED = (PostRole.HEAD, PostRole.FOCAL_POINT)


def _read_texts(said: Reply) -> str:
    """Everything that is written in the files of an answer, and the answer itself."""
    texts = [said.text]
    for file in said.answer.files if said.answer else ():
        if file.name.endswith("xlsx"):
            book = load_workbook(BytesIO(file.content))
            texts += [str(c.value) for sheet in book for row in sheet.iter_rows() for c in row]
        elif file.name.endswith("docx"):
            paper = Document(BytesIO(file.content))
            texts += [p.text for p in paper.paragraphs]
            texts += [c.text for t in paper.tables for row in t.rows for c in row.cells]
        elif file.name.endswith("ics"):
            texts.append(file.content.decode().replace("\r\n ", ""))
    return "\n".join(texts)


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("role", list(PostRole))
async def test_a_file_holds_what_its_asker_may_see(
    world: World, role: PostRole, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    monkeypatch.setattr(
        "matplotlib.figure.Figure.savefig",
        lambda canvas, *_, **__: drawn.extend(
            label.get_text() for label in canvas.axes[0].get_yticklabels()
        ),
    )
    world.app.options = replace(world.app.options, own_agency_only=True)
    limited = role in LIMITED
    await world.joins(AN, role, "Sở Tư pháp" if limited else None)
    text = "\n".join([_read_texts(await world.says(AN, command)), *drawn])
    if limited:
        assert [word for word in OTHERS if word in text] == []
    elif command != "/lich":
        assert "Sở Tài chính" in text


async def test_a_stranger_gets_no_file(world: World) -> None:
    for command in (*COMMANDS, "xuất excel", "vẽ biểu đồ", "báo cáo tháng 11"):
        said = await world.says("99", command)
        assert said.answer is None or not said.answer.files
