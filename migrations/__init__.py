"""Alembic migrations of the registry. `HEAD` is the newest revision; a test holds both against the scripts."""

REVISIONS = ("0001",)
HEAD = REVISIONS[-1]
