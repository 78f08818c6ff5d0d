"""Read the narrative of a plan: duties by agency, tasks with labelled lines, what is left unread.

Beside a table of tasks it gives the deadlines that the narrative sets.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from language.text import fold, lower_first, normalise
from plans.format import PlanMilestoneRow, TaskRow, UnreadRow
from plans.reading.narrative import headings, leads
from plans.reading.narrative.accounting import find_untold, list_told
from plans.reading.narrative.duty import (
    Duty,
    make_duty_task,
    make_labelled,
    make_outside_rows,
    make_unread,
)
from plans.reading.narrative.labels import (
    assign_labels,
    find_charge,
    find_own_labels,
    merge_blocks,
    split_groups,
    split_labels,
)
from plans.reading.narrative.outline import OutlineItem, make_outline
from plans.reading.narrative.paragraphs import join_paragraphs
from plans.reading.narrative.sentence_times import (
    find_heading_time,
    is_bare_time,
    list_turn_times,
    names_time,
    orders_time,
)
from plans.reading.roles import find_name_before_verb, names_helping, strip_request
from plans.reading.row_task import PlanContext
from plans.tables.columns import Role
from plans.tables.numerals import OpenHeadings
from plans.tables.patterns import compile_pattern

SHORTEST_SKIPPED = 40  # characters of a paragraph behind a signature that may be a duty
FEWEST_WORDS = 3  # of a paragraph that may be a duty
FEWEST_LABELLED = 2  # tasks with a labelled lead that make a plan of labelled tasks

_INTRODUCTION = compile_pattern("introduction")
_ORDERS_FOLLOW = compile_pattern("orders_follow")
_TIME_BEFORE_COLON = compile_pattern("time_before_colon")
_OF_ITSELF = compile_pattern("of_itself")
_ISSUES_PLAN = compile_pattern("issues_plan")
_WHOLE_BRACKET = re.compile(r"^\([^()]*\)[.;]?$")


@dataclass
class Narrative:
    """What the narrative of a document holds.

    `tasks` are its own tasks, [] beside a table; `outside` the deadlines beside tasks that stand
    in a table or in labelled lines; `unread` the paragraphs that look like duties and are neither.
    """

    tasks: list[TaskRow] = field(default_factory=list)
    outside: list[PlanMilestoneRow] = field(default_factory=list)
    unread: list[UnreadRow] = field(default_factory=list)


def read_narrative(lines: list[str], context: PlanContext, *, beside_table: bool) -> Narrative:
    """Return the tasks, deadlines and unread paragraphs of a narrative."""
    quiet = context.copy_without_doubts()
    outline = make_outline(join_paragraphs(lines))
    reader = _ProseReader(outline.root, quiet)
    duties = reader.read_duties()
    reader.note_skipped(outline.skipped)
    labelled = [duty for duty in duties if duty.is_labelled]
    count = sum(bool(duty.labels.get("lead")) for duty in labelled)
    is_labelled = count >= FEWEST_LABELLED and 2 * len(labelled) >= len(duties)
    result = Narrative(unread=reader.unread)
    open_headings = OpenHeadings()
    for duty in duties:
        if beside_table or (is_labelled and not duty.is_labelled):
            rows = list(make_outside_rows(duty, quiet))
            result.outside += rows
            if not rows:
                result.unread.append(make_unread([duty.key], duty.place, duty.text))
        else:
            duty.key = open_headings.make_unique(duty.key)
            result.tasks.append(make_duty_task(duty, context))
    told = list_told(result.tasks, result.outside, result.unread)
    for item in find_untold(outline.root, told, reader.passed_over, quiet):
        result.unread.append(make_unread(item.path, item.place, item.text))
    return result


# ---------------------------------------------------------------- finding duties


@dataclass(frozen=True)
class _Scope:
    """What the headings above an item say.

    `lead` and `partners` are agencies as printed, `time` is a heading like "Tháng 3".
    `holds_duties` is False under aims, None before the first heading. `is_among_agencies` says
    that headings beside the item name agencies, `names_partners` that the heading above only says
    "phối hợp", so that a line begins with who helps.
    """

    key: str = ""
    section: str = ""
    lead: str = ""
    partners: str = ""
    holds_duties: bool | None = None
    is_among_agencies: bool = False
    time: str = ""
    names_partners: bool = False


class _ProseReader:
    """Goes down an outline and finds duties; `unread` gets what looks like one and is none.

    `undirected` are dated paragraphs of which nobody is in charge; `passed_over` the places of
    those that are no duty by their heading.
    """

    def __init__(self, root: OutlineItem, context: PlanContext) -> None:
        self.unread: list[UnreadRow] = []
        self.passed_over: set[int] = set()
        self._root = root
        self._context = context
        self._undirected: list[tuple[Duty, UnreadRow]] = []
        self._led_parents: dict[int, bool] = {}  # by place
        self._printed: dict[int, str] = {}  # by place: a text that begins with its time

    def read_duties(self) -> list[Duty]:
        """Return the duties in the order of the document.

        If nobody is in charge of anything, the paragraphs that hold a time are duties too: the
        plan of one body.
        """
        found = list(self._read_under(self._root, _Scope()))
        is_led = any(duty.lead or duty.labels.get("lead") for duty in found)
        taken = self._list_beside_led(found) if is_led else self._undirected
        rows = [row for _, row in taken]
        self.unread = [row for row in self.unread if row not in rows]
        found += [duty for duty, _ in taken]
        return sorted(found, key=lambda duty: duty.place)

    def _list_beside_led(self, found: list[Duty]) -> list[tuple[Duty, UnreadRow]]:
        """Return the dated paragraphs of nobody among few that name who acts, in one list."""
        parents = {one.place: item.place for item in self._root.walk_items() for one in item.items}
        led = Counter(parents.get(duty.place) for duty in found)
        undirected = Counter(parents.get(duty.place) for duty, _ in self._undirected)
        return [
            (duty, row)
            for duty, row in self._undirected
            if (above := parents.get(duty.place)) is not None
            and 0 < led[above] <= undirected[above]
        ]

    def _read_under(self, item: OutlineItem, scope: _Scope) -> Iterator[Duty]:
        """Yield the duties under an item."""
        above = item.parent if item.mark == "plain" and not item.is_agency else None
        is_over = self._is_over_agencies(item) or (above and self._is_over_agencies(above))
        scope = replace(scope, is_among_agencies=bool(is_over))
        charge = find_charge(item) if not scope.lead else None
        if charge is not None:
            yield from self._read_in_charge(item, charge, scope)
            return
        labels = assign_labels(item) if scope.lead else {}
        count = 0
        for child in item.items:
            if child.mark == "number":
                yield from self._read_item(child, replace(scope, key=".".join(child.path)))
                continue
            joint = "+" if child.sign == "+" and item.mark != "number" else "."
            key = f"{scope.key}{joint}{count + 1}" if scope.key else str(count + 1)
            found = list(self._read_item(child, replace(scope, key=key), labels.get(child.place)))
            yield from found
            count += bool(found)

    def _read_item(
        self, item: OutlineItem, scope: _Scope, labels: dict[Role, str] | None = None
    ) -> Iterator[Duty]:
        """Yield the duties of an item and of what stands under it."""
        is_beside = scope.is_among_agencies and item.mark == "number" and bool(item.parts)
        if scope.holds_duties is False and (is_beside or self._turns_to_duties(item)):
            scope = replace(scope, holds_duties=True)
        if item.mark == "plain" and not item.parts and _ORDERS_FOLLOW.search(item.text):
            return
        if item.parts and is_bare_time(item.text, self._context):
            time = item.text.strip(" :.")
            yield from self._read_under(item, replace(scope, time=time, holds_duties=True))
            return
        if scope.holds_duties is False or headings.closes_list(item):
            yield from self._pass_over(item, scope)
            return
        found = _TIME_BEFORE_COLON.match(item.text)
        if found is not None and is_bare_time(found[1], self._context):
            self._printed[item.place] = item.text
            item = replace(item, text=item.text[found.end() :])
            scope = replace(scope, time=found[1])
        yield from self._read_by_lead(item, scope, labels)

    def _read_by_lead(
        self, item: OutlineItem, scope: _Scope, labels: dict[Role, str] | None
    ) -> Iterator[Duty]:
        """Yield the duties of an item that is in its place, by who leads them."""
        lead = self._read_lead_of_heading(item, scope)
        if lead:
            section = normalise(item.text).strip(" :.")
            inner = replace(scope, lead=lead, section=section, partners="", names_partners=False)
            inner = replace(inner, holds_duties=True)
            yield from self._read_under(item, inner)
            return
        lead, text = leads.split_lead_before_colon(
            item.text, self._context, guess=scope.is_among_agencies and item.mark == "number"
        )
        if lead and item.parts and leads.ends_in_charge(text):
            yield from self._read_under(item, replace(scope, lead=lead, section=lead))
        elif lead:
            yield from self._read_duty(item, replace(scope, lead=lead), text, labels)
        elif scope.lead and not self._is_of_another(item):
            yield from self._read_led_item(item, scope, labels)
        elif lead := self._find_inline_lead(item, scope):
            yield from self._read_duty(item, replace(scope, lead=lead), item.text, labels)
        else:
            yield from self._read_heading(item, scope)

    def _is_of_another(self, item: OutlineItem) -> bool:
        """Return whether a line without a sign orders something of another agency ("Giao ...")."""
        is_asked = item.mark == "plain" and strip_request(item.text) != item.text
        return is_asked and bool(leads.find_inline_lead(item.text, self._context))

    def _find_inline_lead(self, item: OutlineItem, scope: _Scope) -> str:
        lead = leads.find_inline_lead(item.text, self._context)
        is_beside = scope.is_among_agencies and item.mark == "number" and not item.parts
        lead = lead or leads.find_bracket_lead(item.text, self._context, is_timed=bool(scope.time))
        lead = lead or leads.find_lead_behind_colon(split_labels(item.text)[0], self._context)
        lead = lead or leads.find_lead_behind_sentence(item.text, self._context)
        is_placed = scope.holds_duties is not None or item.mark == "number"
        is_beside_led = find_name_before_verb(lower_first(item.text)) and (
            self._is_beside_led(item) or headings.is_under_duties(item)
        )
        if not lead and is_placed and (orders_time(item.text) or is_beside_led):
            lead = leads.find_acting_name(item.text, self._context)
        return lead or (leads.guess_inline_lead(item.text) if is_beside else "")

    def _is_beside_led(self, item: OutlineItem) -> bool:
        """Return whether an item of the same list begins with a known agency that acts."""
        above = item.parent
        return above is not None and item.mark != "plain" and self._has_led_items(above)

    def _has_led_items(self, above: OutlineItem) -> bool:
        """Return whether an item directly below begins with a known agency that acts."""
        if above.place not in self._led_parents:
            self._led_parents[above.place] = any(
                one.mark != "plain" and leads.find_inline_lead(one.text, self._context)
                for one in above.items
            )
        return self._led_parents[above.place]

    def _is_over_acting(self, item: OutlineItem) -> bool:
        """Return whether an unknown body's duties are given to others ("1. Sở A lập ...")."""
        name = leads.read_heading_lead(item.text, self._context)
        is_unknown = bool(name) and not leads.is_made_of_known(name, self._context)
        return is_unknown and self._has_led_items(item)

    def _read_lead_of_heading(self, item: OutlineItem, scope: _Scope) -> str:
        """Return the agencies that an item names as a heading, "" if it is none."""
        if not item.parts and (item.mark != "number" or leads.ends_in_charge(item.text)):
            return ""
        is_part = item.depth <= 1 and headings.names_duties(item.text)
        if is_part or self._is_over_agencies(item) or self._is_over_acting(item):
            return ""
        lead = leads.read_heading_lead(item.text, self._context)
        if not lead and item.parts and item.mark == "number" and not scope.lead:
            lead = headings.read_lead_of_matter(item, self._context)
        if not lead and item.is_agency:
            return leads.guess_heading_lead(item.text)
        if lead or not item.parts or item.mark != "number" or scope.lead:
            return lead
        if merge_blocks(item).get("lead"):
            return ""  # a task with labelled lines among agencies
        name = leads.tidy_heading_name(item.text)
        _, colon, duty = item.text.strip(" :").rpartition(":")
        if colon and leads.ends_in_charge(duty):
            return ""  # "Sở A: là cơ quan thường trực, có nhiệm vụ:"
        if headings.judge_heading(item, above=True) is False or headings.holds_duties(name):
            return ""
        if scope.is_among_agencies:
            return leads.guess_heading_lead(item.text)
        is_name = leads.begins_like_agency(name)
        return leads.guess_heading_lead(item.text) if is_name and not item.blocks else ""

    def _is_over_agencies(self, item: OutlineItem) -> bool:
        """Return whether numbered items under an item are headed by agencies."""
        return any(
            bool(child.parts and leads.read_heading_lead(child.text, self._context))
            or bool(leads.split_lead_before_colon(child.text, self._context, guess=False)[0])
            for child in _list_numbered(item)
        )

    def _read_led_item(
        self, item: OutlineItem, scope: _Scope, labels: dict[Role, str] | None
    ) -> Iterator[Duty]:
        """Yield the duties of an item under an agency's heading."""
        is_role, partners = leads.read_role_heading(item.text)
        turns = list_turn_times(item, self._context)
        leads_in = _INTRODUCTION.search(item.text) and find_name_before_verb(lower_first(item.text))
        if item.parts and is_role:
            inner = replace(scope, partners=partners, names_partners=names_helping(item.text))
            yield from self._read_under(item, inner)
        elif item.parts and not turns and headings.is_topic(item.text):
            yield from self._read_under(item, scope)
        elif turns or not leads_in:
            yield from self._read_duty(item, scope, item.text, labels)
        else:
            yield from self._read_under(item, scope)

    def _read_duty(
        self, item: OutlineItem, scope: _Scope, text: str, labels: dict[Role, str] | None
    ) -> Iterator[Duty]:
        """Yield the duty that an item is, and those under it if it has no labelled lines."""
        text, inline = split_labels(text)
        own = {**find_own_labels(item), **(labels or {}), **inline}
        more = [one.text for one in item.walk_items()] if own else []
        if not own and (turns := list_turn_times(item, self._context)):
            text, own = text.rstrip(" :"), {"deadline": turns}
        section = scope.section or item.section
        partners = scope.partners
        if scope.names_partners and not partners:
            partners = leads.find_inline_lead(text, self._context)
        who = (scope.lead, partners)
        yield Duty(scope.key, item.place, section, text, *who, own, more, time=scope.time)
        if not own:
            inner = replace(scope, section=scope.section or _get_section_below(item, section))
            yield from self._read_under(item, inner)

    def _read_heading(self, item: OutlineItem, scope: _Scope) -> Iterator[Duty]:
        """Yield the duties under an item that names nobody; note it if it looks like a duty."""
        text, inline = split_labels(item.text)
        if inline.get("lead"):
            yield make_labelled(scope.key, item, text, inline, time=scope.time)
            return
        kind = headings.judge_heading(item, scope.holds_duties)
        charge = find_charge(item)
        orders = headings.is_ordering_sentence(item.text)
        is_over = item.parts and item.mark == "number" and kind is not False
        time = find_heading_time(item.text, self._context) if is_over else ""
        is_dated = names_time(item.text) and not time
        if charge is None and (headings.is_leaf(item) or is_dated or orders):
            self._note(item, replace(scope, holds_duties=kind), inline)
        inner = replace(scope, holds_duties=kind, time=time or scope.time)
        yield from self._read_under(item, inner)

    # ------------------------------------------------------------ labelled lines

    def _read_in_charge(
        self, item: OutlineItem, charge: OutlineItem, scope: _Scope
    ) -> Iterator[Duty]:
        """Yield the tasks of an item with labelled lines.

        `charge` is the item itself, or the heading of responsibility under it, whose labelled lines
        are for the duties beside it.
        """
        if charge is not item:
            labels = merge_blocks(charge)
            if not item.text and not any(child.contents for child in item.items):
                self.unread.append(make_unread([], item.place, "; ".join(labels.values())))
            beside = [
                (child, ".".join((*child.path, str(place))), one)
                for child in item.items
                if child is not charge and child.mark == "number"
                for place, one in enumerate(child.contents, start=1)
            ]
            for _, key, one in beside:
                yield Duty(key, one.place, item.text, one.text, labels=labels, is_labelled=True)
            if not beside and item.text:
                yield make_labelled(scope.key, item, item.text, labels)
            return
        yield from self._read_groups(item, scope)
        for child in item.items:
            if child.mark == "number":
                yield from self._read_item(child, replace(scope, key=".".join(child.path)))

    def _read_groups(self, item: OutlineItem, scope: _Scope) -> Iterator[Duty]:
        """Yield a task for each block of labelled lines of an item, and the duties beside them.

        The title of a part is no task: the lines above the labelled lines are.
        """
        groups = split_groups(item)
        is_part = headings.is_part(item)
        is_task = item.mark == "number" and sum(bool(group.labels) for group in groups) == 1
        if is_task and not (is_part and any(group.items and group.labels for group in groups)):
            labels = next(group.labels for group in groups if group.labels)
            texts = [one.text for one in (*item.contents, *_list_below(item.contents))]
            yield make_labelled(
                scope.key or str(item.place), item, item.text, labels, texts, scope.time
            )
            return
        for group in groups:
            if not group.labels:
                yield from self._read_beside(item, group.items, scope)
                continue
            if item.mark == "root" and not group.labels.get("lead"):
                # "Thời gian: ..." in the head of minutes is the time of no task
                text = "; ".join(group.labels.values())
                self.unread.append(make_unread([], item.place, text))
                yield from self._read_beside(item, group.items, scope)
                continue
            # the bullets above these labelled lines are one task
            beside = [
                one
                for one in group.items[:-1]
                if one.is_agency or leads.says_who_acts(one.text, self._context)
            ]
            yield from self._read_beside(item, beside, scope)
            own = [one for one in group.items if one not in beside]
            title = " ".join(one.text for one in own) or item.text
            texts = [one.text for one in _list_below(own)]
            key, owner = scope.key or str(item.place), item
            if is_part and own:
                key, owner = _make_key(item, own[-1], scope), own[-1]
            yield make_labelled(key, owner, title, group.labels, texts, scope.time)

    def _read_beside(
        self, item: OutlineItem, lines: list[OutlineItem], scope: _Scope
    ) -> Iterator[Duty]:
        """Yield the duties of lines that stand beside labelled lines and are not theirs."""
        for one in lines:
            yield from self._read_item(one, replace(scope, key=_make_key(item, one, scope)))

    # ------------------------------------------------------------ what is no task

    def _turns_to_duties(self, item: OutlineItem) -> bool:
        """Return whether a heading under aims says that duties follow: by its words or agency."""
        return bool(item.parts) and (
            headings.names_duties(item.text)
            or bool(leads.read_heading_lead(item.text, self._context))
        )

    def _pass_over(self, item: OutlineItem, scope: _Scope) -> Iterator[Duty]:
        """Note an item that is no duty by its place, and those under it, if they look like one."""
        self.passed_over.add(item.place)
        holds = scope.holds_duties
        behind_topic = item.text.partition(": ")[2]
        acts = leads.find_acting_name(item.text, self._context)
        acts = acts or leads.find_inline_lead(behind_topic, self._context)
        is_ordered = bool(scope.lead) and find_name_before_verb(lower_first(item.text)) == ""
        is_formula = _OF_ITSELF.match(fold(item.text)) is not None
        if orders_time(item.text) or ((acts or is_ordered) and not is_formula):
            self._add_unread(item)
        # bullets under an unknown agency's heading may be its duties
        lead = leads.guess_body(item.text) if item.parts and item.mark == "number" else ""
        for child in item.items:
            inner = replace(scope, key=".".join(child.path), lead=lead or scope.lead)
            if holds is False and self._turns_to_duties(child):
                yield from self._read_item(child, replace(inner, holds_duties=True))
            else:
                yield from self._pass_over(child, inner)

    def _note(self, item: OutlineItem, scope: _Scope, labels: dict[Role, str]) -> None:
        """Note a paragraph as unread if it holds a time, or orders something."""
        if item.text.isupper() or (scope.holds_duties is None and headings.is_preamble(item.text)):
            return
        if not item.parts and _ISSUES_PLAN.match(fold(item.text)):
            return
        is_dated = names_time(item.text) or bool(labels.get("deadline") or scope.time)
        if not is_dated and not self._is_order(item, scope):
            return
        row = self._add_unread(item)
        if is_dated and scope.holds_duties is not False and not _WHOLE_BRACKET.match(item.text):
            text, inline = split_labels(item.text)
            values = {**inline, **labels}
            key = scope.key or str(item.place)
            duty = Duty(key, item.place, item.section, text, labels=values, time=scope.time)
            self._undirected.append((duty, row))

    def _add_unread(self, item: OutlineItem) -> UnreadRow:
        text = self._printed.get(item.place, item.text)
        row = make_unread(item.path, item.place, text)
        self.unread.append(row)
        return row

    def note_skipped(self, skipped: list[tuple[int, str]]) -> None:
        """Note the paragraphs outside the outline (behind a signature) that order something."""
        for place, text in skipped:
            acts = len(text) >= SHORTEST_SKIPPED and leads.find_inline_lead(text, self._context)
            if orders_time(text) or acts:
                self.unread.append(make_unread([], place, text))

    def _is_order(self, item: OutlineItem, scope: _Scope) -> bool:
        """Return whether a paragraph orders something: by its agency, or its place.

        In a part that holds duties, whatever has nothing under it may be one.
        """
        if _INTRODUCTION.search(item.text) or _WHOLE_BRACKET.match(item.text):
            return False
        if leads.find_inline_lead(item.text, self._context):
            return True
        is_whole = headings.is_leaf(item) or headings.is_ordering_sentence(item.text)
        return scope.holds_duties is True and is_whole and len(item.text.split()) >= FEWEST_WORDS


def _list_below(items: list[OutlineItem]) -> list[OutlineItem]:
    return [below for item in items for below in item.walk_items()]


def _list_numbered(item: OutlineItem) -> Iterator[OutlineItem]:
    """Yield the numbered items directly under an item, and under its lines that are a time."""
    for child in item.items:
        if child.mark == "number":
            yield child
        elif child.mark == "plain" and not child.is_agency:
            yield from (one for one in child.items if one.mark == "number")


def _make_key(above: OutlineItem, item: OutlineItem, scope: _Scope) -> str:
    """Return the key of a line by its place among the lines above it."""
    place = above.contents.index(item) + 1
    return f"{scope.key}.{place}" if scope.key else str(place)


def _get_section_below(item: OutlineItem, section: str) -> str:
    """Return the section of what stands under a duty: its text unless that is a whole sentence."""
    return section if item.text.endswith((".", ";")) else normalise(item.text)
