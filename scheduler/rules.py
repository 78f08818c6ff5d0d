"""The rules of reminders as they are now: steps, hours, days off, who supervises.

They are read from the registry each time, so none is ever out of date.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel.ext.asyncio.session import AsyncSession

from language.times.calendars import Calendar, DayKind
from locales.data import load_data
from models import preferences
from scheduler.defaults import DEFAULT_REMIND_AT, DEFAULT_STEPS, TIMEZONE

REMIND_AT = "remind_at"
REMIND_STEPS = "remind_steps"
"""Names of the preferences by which an admin changes what the settings say."""

ZONE = ZoneInfo(TIMEZONE)


def _read_facts() -> dict[str, Any]:
    return load_data("reminders")


@dataclass(frozen=True)
class Defaults:
    """The settings of the process; `admins` are channel addresses of people who may do anything."""

    zone: ZoneInfo = ZONE
    remind_at: time = DEFAULT_REMIND_AT
    steps: tuple[int, ...] = DEFAULT_STEPS
    admins: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rules:
    """The rules as they are now: the defaults, what an admin set in chat, and the days off."""

    defaults: Defaults
    calendar: Calendar

    @property
    def zone(self) -> ZoneInfo:
        """The zone of every day and hour that people see."""
        return self.defaults.zone

    @property
    def steps(self) -> tuple[int, ...]:
        """Days before the last day on which to remind, unless a plan or task has its own."""
        return self.defaults.steps

    @property
    def remind_at(self) -> time:
        """The hour of the morning message, unless a chat has its own."""
        return self.defaults.remind_at

    @property
    def supervisor(self) -> str:
        """The name of the agency that supervises plans which name none."""
        name: str = _read_facts()["supervisor"]
        return name

    def to_local(self, moment: datetime) -> datetime:
        """Return `moment` in the people's zone."""
        return moment.astimezone(self.zone)

    def to_moment(self, day: date, hour: time) -> datetime:
        """Return the moment of a local day and hour."""
        return datetime.combine(day, hour, self.zone)


async def load_rules(session: AsyncSession, defaults: Defaults) -> Rules:
    """Return the rules as they are now."""
    values = await preferences.read_preferences(session, (REMIND_STEPS, REMIND_AT))
    steps, at = values.get(REMIND_STEPS), values.get(REMIND_AT)
    in_force = replace(
        defaults,
        steps=tuple(steps) if steps else defaults.steps,
        remind_at=time.fromisoformat(at) if at else defaults.remind_at,
    )
    entries = {
        entry.day: DayKind(entry.working, entry.name)
        for entry in await preferences.list_declared_days(session)
    }
    return Rules(in_force, Calendar(entries))
