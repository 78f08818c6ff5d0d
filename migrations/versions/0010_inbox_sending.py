"""Whether an answer to what waits in the inbox may have arrived before."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    no = sa.false()
    op.add_column("inbox", sa.Column("sending", sa.Boolean(), nullable=False, server_default=no))
