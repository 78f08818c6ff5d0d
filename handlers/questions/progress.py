"""Composes the answer to a question about progress: the four classes of government reporting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import astuple, replace

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.registry_names import RegistryNames
from handlers.questions.filters import (
    describe_filters,
    keeps_scope,
    make_change_button,
    make_plan_buttons,
)
from handlers.questions.look_up import QuestionResult
from language.questions.question import REPORT_STATES, AgencyComparison, Question
from locales.answer import Answer, Sentence, make_answer, say
from locales.phrases import join_beside
from models.queries.figures import (
    AgencyFigures,
    Figures,
    count_agency_figures,
    rank_agencies,
)

BAR_BLOCKS = 10  # blocks of a bar
MOST_AHEAD = 6  # agencies named as the first of a comparison
MOST_AGENCIES = 15  # lines of a progress answer


async def compose_progress(
    session: AsyncSession, result: QuestionResult, names: RegistryNames
) -> Answer:
    """Return the figures over all and by agency: done and open tasks, in time and late."""
    if result.query is None:
        return make_answer(say("no-plan"))
    comparison = result.question.comparison
    by_agency = await count_agency_figures(session, result.query)
    total = sum((figures.total for figures in by_agency.values()), Figures())
    through_collectives = any(figures.shared.dated_total for figures in by_agency.values())
    by_agency = _keep_level(result.question, by_agency, names)
    compared = await _count_compared(session, result, by_agency)
    blocks = [
        *(_answer_comparison(result.question, comparison, compared, names) if comparison else []),
        *_note_collectives(result.question, through_collectives),
        say("progress-head", filters=join_beside(describe_filters(result, names))),
        say(
            "progress-bar",
            bar=draw_bar(total),
            done=total.done_total,
            count=total.dated_total,
            percent=total.percent_done,
        ),
        say("progress-done-in-time", count=total.done_in_time),
        say("progress-done-late", count=total.done_late),
        say("progress-open-in-time", count=total.open_in_time),
        say("progress-open-late", count=total.open_late),
    ]
    if total.reported or total.extension_asked:
        waiting = {"reported": total.reported, "asked": total.extension_asked}
        blocks.append(say("progress-waiting", **waiting))
    if total.undated or total.undated_done:
        blocks.append(
            say(
                "progress-undated",
                count=total.undated + total.undated_done,
                done=total.undated_done,
                unread=total.unread,
            )
        )
    blocks += _describe_agencies(by_agency, names)
    blocks.append(say("progress-foot"))
    row = [
        make_change_button("Lo", "button-overdue"),
        make_change_button("Lu", "button-unfinished"),
    ]
    if keeps_scope(result.question):
        row.append(make_change_button("e", "button-everybody"))
    return make_answer(*blocks, buttons=[row, make_plan_buttons(result, names)])


def _keep_level(
    question: Question, by_agency: Mapping[int | None, AgencyFigures], names: RegistryNames
) -> dict[int | None, AgencyFigures]:
    """Return the figures of the level of agencies that is compared, or all."""
    level = question.comparison.level if question.comparison is not None else None
    return {
        agency: figures
        for agency, figures in by_agency.items()
        if level is None
        or names.directory.find_kind(names.agency_names.get(agency or 0, "")) == level
    }


async def _count_compared(
    session: AsyncSession, result: QuestionResult, by_agency: Mapping[int | None, AgencyFigures]
) -> Mapping[int | None, AgencyFigures]:
    """Return the figures that are compared: of all agencies for the place of one.

    Those of a report's state are of the work in that state alone.
    """
    comparison, query = result.question.comparison, result.query
    if comparison is None or query is None:
        return by_agency
    if comparison.end == "place":
        everybody = replace(query, agencies=None, collectives=())
        return await count_agency_figures(session, everybody)
    if comparison.what not in REPORT_STATES:
        return by_agency
    found = await count_agency_figures(session, replace(query, status=comparison.what))
    return {agency: found.get(agency, AgencyFigures()) for agency in by_agency}


def _is_collective(agency: int | None, names: RegistryNames) -> bool:
    return names.directory.find_kind(names.agency_names.get(agency or 0, "")) == "collective"


def _note_collectives(question: Question, has_collectives: bool) -> list[Sentence]:
    """Return whose work through collectives counts, where agencies are counted; else nothing."""
    counts = question.comparison is not None and question.comparison.end == "number"
    return [say("agencies-shared")] if counts and has_collectives else []


def _answer_comparison(
    question: Question,
    comparison: AgencyComparison,
    by_agency: Mapping[int | None, AgencyFigures],
    names: RegistryNames,
) -> list[Sentence]:
    """Return the sentence that says which agency is ahead; empty if nothing is compared.

    What collectives have is no agency's own and is not ranked (docs/dev/questions.md rule 13).
    """
    what, end, level = astuple(comparison)
    if end == "number":
        return _count_agencies(what, level, by_agency, names)
    counts = {
        names.agency_names[agency]: _MEASURES[what](figures.own)
        for agency, figures in by_agency.items()
        if agency is not None
        and not _is_collective(agency, names)
        and (figures.own.dated_total or what == "tasks")
    }
    if end == "place":
        return [_tell_place(name, what, counts) for name in question.agencies]
    if len(counts) < 2:
        return [say(f"rank-too-few-{level}")] if level else []
    best = max(counts.values()) if end == "most" else min(counts.values())
    if best == 0 and what == "late" and end == "most":
        return [say(f"rank-nobody-late-{level}" if level else "rank-nobody-late")]
    ahead = sorted(name for name, count in counts.items() if count == best)
    more = len(ahead) - MOST_AHEAD
    message = "rank-all" if len(ahead) == len(counts) else "rank"
    return [
        say(
            message,
            what=say(f"rank-{what}-{end}"),
            count=say("rank-percent" if what == "done" else "rank-count", count=best),
            names=tuple(ahead[:MOST_AHEAD]),
            more=max(more, 0),
        )
    ]


def _tell_place(agency: str, what: str, counts: Mapping[str, int]) -> Sentence:
    """Return which place the agency has among those that are compared."""
    count = counts.get(agency)
    if count is None:
        return say("rank-no-place", agency=agency)
    ahead = sum(1 for other in counts.values() if other > count)
    unit = say("rank-percent" if what == "done" else "rank-count", count=count)
    place = {"place": ahead + 1, "among": len(counts)}
    return say(f"rank-place-{what}", agency=agency, count=unit, **place)


def _count_agencies(
    what: str,
    level: str | None,
    by_agency: Mapping[int | None, AgencyFigures],
    names: RegistryNames,
) -> list[Sentence]:
    """Return the sentence that says how many agencies are late, not done or done, and which.

    Work through collectives counts, for each agency that is known to have it.
    """
    known = {
        names.agency_names[agency]: figures.total
        for agency, figures in by_agency.items()
        if agency is not None and not _is_collective(agency, names)
    }
    unit = say(f"unit-{level}" if level else "unit-agency")
    if not known:
        return [say("agencies-unknown", unit=unit)]
    stands = _STANDS.get(what, _has_work)
    counted = sorted(name for name, figures in known.items() if stands(figures))
    message = f"agencies-{what.replace('_', '-')}"
    if not counted:
        return [say(f"{message}-none", unit=unit)]
    return [
        say(
            message,
            count=len(counted),
            unit=unit,
            names=tuple(counted[:MOST_AHEAD]),
            more=max(len(counted) - MOST_AHEAD, 0),
        )
    ]


def _has_work(figures: Figures) -> bool:
    return bool(figures.dated_total or figures.undated_total)


_STANDS: dict[str, Callable[[Figures], bool]] = {
    "late": lambda figures: bool(figures.open_late),
    "open": lambda figures: bool(figures.open_late or figures.open_in_time),
    "done": lambda figures: 0 < figures.dated_total == figures.done_total,
}
"""How an agency stands that is counted; of a report's state it has work in that state."""


def _describe_agencies(
    by_agency: Mapping[int | None, AgencyFigures], names: RegistryNames
) -> list[Sentence]:
    """Return a line for each agency, the most overdue first; none if there is one agency.

    What comes through collectives does not count in the order; it stands in a line of its own.
    """
    if sum(1 for figures in by_agency.values() if figures.total.dated_total) < 2:
        return []
    ranked = rank_agencies(by_agency, names.agency_names)
    own = [(agency, figures.own) for agency, figures in ranked if figures.own.dated_total]
    blocks = [say("progress-by-agency")] if own else []
    blocks += [
        say(
            "progress-agency",
            agency=names.agency_names.get(agency or 0) or say("no-agency"),
            bar=draw_bar(f),
            done=f.done_total,
            count=f.dated_total,
            late=f.open_late,
        )
        for agency, f in own[:MOST_AGENCIES]
    ]
    if len(own) > MOST_AGENCIES:
        blocks.append(say("and-more-agencies", count=len(own) - MOST_AGENCIES))
    shared = sum((figures.shared for figures in by_agency.values()), Figures())
    if shared.dated_total:
        counts = {"done": shared.done_total, "count": shared.dated_total}
        blocks.append(say("progress-shared", late=shared.open_late, **counts))
    return blocks


_MEASURES: dict[str, Callable[[Figures], int]] = {
    "late": lambda figures: figures.open_late,
    "done": lambda figures: figures.percent_done,
    "tasks": lambda figures: figures.dated_total + figures.undated_total,
}
"""What agencies are compared by, for each kind of comparison."""


def draw_bar(figures: Figures) -> str:
    """Return the share that is done as a bar of blocks; the overdue share is at its end."""
    if not figures.dated_total:
        return "░" * BAR_BLOCKS
    done = BAR_BLOCKS * figures.done_total // figures.dated_total
    late = min(BAR_BLOCKS - done, -(-BAR_BLOCKS * figures.open_late // figures.dated_total))
    return "█" * done + "░" * (BAR_BLOCKS - done - late) + "▒" * late
