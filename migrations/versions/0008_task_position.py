"""An index of a plan's tasks in the order printed, for pages of a long plan."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_task_plan_position", "task", ["plan_id", "position"], unique=False)
