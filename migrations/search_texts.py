"""Write anew what tasks are searched by, after an upgrade from a version with other texts.

No migration does it: the texts are those of this program's words, which change without one.
"""

from __future__ import annotations

import json

from sqlalchemy import Connection, text

from language.search import make_index_text


def write_search_texts(connection: Connection) -> None:
    """Write the text of each task whose text is another now."""
    milestones: dict[int, list[str]] = {}
    for task_id, what in connection.execute(
        text("SELECT task_id, what FROM milestone WHERE what IS NOT NULL ORDER BY position")
    ):
        milestones.setdefault(task_id, []).append(what)
    rows = connection.execute(text("SELECT id, title, deliverables, search_text FROM task"))
    changed = []
    for task_id, title, deliverables, before in rows:
        products = json.loads(deliverables) if isinstance(deliverables, str) else deliverables
        searched = make_index_text(title, products or (), milestones.get(task_id, ()))
        if searched != before:
            changed.append({"id": task_id, "text": searched})
    if changed:
        update = text("UPDATE task SET search_text = :text WHERE id = :id")
        connection.execute(update, changed)
