"""Plans without a table: duties listed by agency under headings; and the deadlines that a narrative sets beside a table."""

from plans.format import PlanMilestoneRow, TaskRow
from plans.tasks import Context


def tasks(lines: list[str], context: Context) -> list[TaskRow]:
    return []


def plan_milestones(lines: list[str], context: Context) -> list[PlanMilestoneRow]:
    return []
