"""Why a notice did not arrive is one of a few reasons; the channel's own words are in the log."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_REASONS = {
    "NotDelivered": "not-delivered",
    "ServerFault": "server",
    "Uncertain": "uncertain",
    "lease ran out": "uncertain",
    "TooFast": "too-fast",
    "QuotaSpent": "quota",
    "Unreachable": "unreachable",
    "TopicMissing": "topic",
    "BadMarkup": "refused",
    "Rejected": "refused",
}
"""The reason for each beginning of a text of before."""


def upgrade() -> None:
    op.add_column("notice", sa.Column("failure", sa.String(13), nullable=True))
    notice = sa.table("notice", sa.column("status"), sa.column("error"), sa.column("failure"))
    found = [
        (notice.c.error.startswith(text, autoescape=True), reason)
        for text, reason in _REASONS.items()
    ]
    op.execute(
        notice.update()
        .where(notice.c.error.is_not(None), notice.c.status != "dropped")
        .values(failure=sa.case(*found, else_="other"))
    )
    op.drop_column("notice", "error")
