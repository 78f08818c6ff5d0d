"""Several processes on one registry; tries of an update; presses that came after a gap."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    no = sa.text("false")
    op.add_column("inbox", sa.Column("after_gap", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("inbox", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("report", sa.Column("after_gap", sa.Boolean(), nullable=False, server_default=no))
    op.create_index("ix_asked_sender", "asked", ["channel", "sender", "id"], unique=False)
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=True),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.Column("worked_at", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "pace",
        sa.Column("bot", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("free_at", sa.DateTime(), nullable=False),
        sa.Column("recent", sa.JSON(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("bot", "chat"),
    )
    op.create_index("ix_pace_free_at", "pace", ["free_at"], unique=False)
