"""The names of milestones are searched, and numerals are written in digits."""

import json

import sqlalchemy as sa
from alembic import op

from language.search import make_index_text

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    milestones: dict[int, list[str]] = {}
    for task_id, what in connection.execute(
        sa.text("SELECT task_id, what FROM milestone WHERE what IS NOT NULL ORDER BY position")
    ):
        milestones.setdefault(task_id, []).append(what)
    rows = connection.execute(sa.text("SELECT id, title, deliverables, search_text FROM task"))
    changed = []
    for task_id, title, deliverables, before in rows:
        products = json.loads(deliverables) if isinstance(deliverables, str) else deliverables
        text = make_index_text(title, products or (), milestones.get(task_id, ()))
        if text != before:
            changed.append({"id": task_id, "text": text})
    if changed:
        update = sa.text("UPDATE task SET search_text = :text WHERE id = :id")
        connection.execute(update, changed)
