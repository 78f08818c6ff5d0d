"""The names of milestones are searched, and numerals are written in digits.

No table changes; `migrations/search_texts.py` writes the texts at the end of the upgrade.
"""

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass
