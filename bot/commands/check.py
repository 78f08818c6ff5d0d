"""`check`: whether settings, registry and tokens work, and what to do if they do not."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import migrations
from bot.channels.channel import StartFault
from bot.channels.telegram.start import probe_bot_name
from bot.channels.zalo.events import CHANNEL as ZALO
from bot.channels.zalo.start import probe_account_name
from bot.settings import Settings
from locales.answer import Sentence, say
from locales.phrases import shorten_text
from migrations.upgrade import read_revision
from models.channels.usage import count_people, read_usage
from models.storage.database import Database, visit_registry
from models.storage.faults import RegistryError
from models.trial import find_sample
from plans.registry.rereading import OtherReading, find_other_readings, format_days
from scheduler.delivery import DeliveryError

MOST_OTHERS = 20  # deadlines that are listed
LONGEST_TEXT = 80  # characters of a deadline's text


@dataclass(frozen=True)
class Finding:
    """One thing looked at, whether it is good, and the sentence that says so."""

    name: str
    good: bool
    sentence: Sentence


async def run_checks(settings: Settings) -> list[Finding]:
    """Look at everything; change nothing."""
    findings = [Finding("settings", True, say("check-settings"))]
    findings += await _check_registry(settings)
    findings.append(await _check_telegram(settings))
    findings += await _check_zalo(settings)
    return findings


async def _check_registry(settings: Settings) -> list[Finding]:
    try:
        async with visit_registry(settings.database_url.get_secret_value()) as database:
            revision, place = await read_revision(database), database.describe_place()
            if revision == migrations.HEAD:
                return await _look_into_registry(database)
    except RegistryError as error:
        return [Finding("database", False, say(error.message_id, detail=error.detail))]
    if revision is None:
        can_be_made = database.path is None or _may_write(database.path)
        name = "check-registry-empty" if can_be_made else "check-registry-readonly"
        return [Finding("database", can_be_made, say(name, place=place))]
    if revision not in migrations.REVISIONS:
        return [Finding("database", False, say("registry-too-new", detail=revision))]
    return [Finding("database", True, say("check-registry-old", revision=revision))]


async def _look_into_registry(database: Database) -> list[Finding]:
    """Return the place of a registry of this version, who may read it, and a sample it holds."""
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    place = say("check-registry", kind=kind, place=database.describe_place())
    findings = [Finding("database", True, place)]
    if database.path is not None:
        mode = stat.S_IMODE(database.path.stat().st_mode)
        name = "check-registry-open" if mode & 0o077 else "check-registry-private"
        findings.append(Finding("mode", not mode & 0o077, say(name, mode=f"{mode:04o}")))
        if not _may_write(database.path):
            refusal = say("check-registry-readonly", place=database.describe_place())
            findings.append(Finding("mode", False, refusal))
    async with database.read() as session:
        sample = await find_sample(session)
        others = await find_other_readings(session)
    if sample is not None:
        findings.append(Finding("sample", True, say("check-sample", plan=sample.title)))
    return [*findings, *_list_other_readings(others)]


def _may_write(path: Path) -> bool:
    """Return whether this account may write the file and beside it, or make what is missing."""
    there = next(one for one in (path.parent, *path.parents) if one.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return False
    return not path.exists() or os.access(path, os.W_OK)


def _list_other_readings(others: list[OtherReading]) -> list[Finding]:
    """Return the deadlines that a version before read otherwise, and what to do about them."""
    if not others:
        return []
    findings = [Finding("deadlines", True, say("check-deadlines", count=len(others)))]
    for one in others[:MOST_OTHERS]:
        sentence = say(
            "check-deadline",
            plan=one.plan,
            key=one.key,
            text=shorten_text(one.text, LONGEST_TEXT),
            stored=format_days(one.stored),
            read=format_days(one.read),
        )
        findings.append(Finding("deadline", True, sentence))
    return findings


async def _check_zalo(settings: Settings) -> list[Finding]:
    """Return what is to be said of Zalo: nothing without a token."""
    try:
        name = await probe_account_name(settings)
    except StartFault as error:
        return [Finding("zalo", False, error.sentence)]
    except DeliveryError:
        return [Finding("zalo", False, say("check-zalo-no-answer"))]
    if name is None:
        return []
    used, people = await _read_zalo_figures(settings)
    figures = {"used": used, "monthly": settings.zalo_monthly}
    figures |= {"people": people, "most": settings.zalo_people}
    return [Finding("zalo", True, say("check-zalo", name=name, **figures))]


async def _read_zalo_figures(settings: Settings) -> tuple[int, int]:
    """Return the month's messages and the people of Zalo; (0, 0) if the registry is not ready."""
    today = datetime.now(settings.zone).date()
    try:
        async with visit_registry(settings.database_url.get_secret_value()) as database:
            if await read_revision(database) == migrations.HEAD:
                async with database.read() as session:
                    return await read_usage(session, ZALO, today), await count_people(session, ZALO)
    except RegistryError:
        pass  # the finding of the registry says it
    return 0, 0


async def _check_telegram(settings: Settings) -> Finding:
    try:
        name = await probe_bot_name(settings)
    except StartFault as error:
        return Finding("telegram", False, error.sentence)
    except DeliveryError:
        return Finding("telegram", False, say("check-no-answer"))
    if name is None:
        return Finding("telegram", True, say("check-no-token"))
    return Finding("telegram", True, say("check-telegram", name=name))
