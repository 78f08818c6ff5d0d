"""Alembic migrations of the registry.

`HEAD` is the newest revision; a test compares it and `REVISIONS` with the scripts.
"""

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010")
HEAD = REVISIONS[-1]
