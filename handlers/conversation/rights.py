"""Who may do what: one table of role and action, for commands, sentences, buttons and files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from locales.answer import say
from locales.fluent import load_sentences
from models.people import PostRole


class Action(StrEnum):
    """What somebody may want to do."""

    ASK = "ask"
    ASK_PROGRESS = "ask_progress"
    REPORT = "report"
    EXTEND = "extend"
    CONFIRM = "confirm"
    ADD_TASK = "add_task"
    CHANGE_TASK = "change_task"
    IMPORT = "import"
    CLOSE_PLAN = "close_plan"
    PLAN_SETTINGS = "plan_settings"
    INVITE = "invite"
    PEOPLE = "people"
    HAND_OVER = "hand_over"
    BIND_GROUP = "bind_group"
    NAMES = "names"
    REMINDERS_OWN = "reminders_own"
    REMINDERS_ALL = "reminders_all"
    DELIVERY_REPORT = "delivery_report"
    AUDIT = "audit"
    URGE = "urge"
    ANNOUNCE = "announce"
    BOARD = "board"
    BOARD_LINKS = "board_links"


_ALL_ROLES = frozenset(PostRole)
AGENCY_ROLES = frozenset({PostRole.HEAD, PostRole.FOCAL_POINT})  # of one agency each
_SUPERVISING_ROLES = frozenset({PostRole.ADMIN, PostRole.SUPERVISOR})

ROLES_BY_ACTION: dict[Action, frozenset[PostRole]] = {
    Action.ASK: _ALL_ROLES,
    Action.ASK_PROGRESS: _ALL_ROLES,
    Action.REPORT: _SUPERVISING_ROLES | AGENCY_ROLES,
    Action.EXTEND: _SUPERVISING_ROLES | AGENCY_ROLES,
    Action.CONFIRM: _SUPERVISING_ROLES,
    Action.ADD_TASK: _SUPERVISING_ROLES,
    Action.CHANGE_TASK: _SUPERVISING_ROLES,
    Action.IMPORT: frozenset({PostRole.ADMIN}),
    Action.CLOSE_PLAN: frozenset({PostRole.ADMIN}),
    Action.PLAN_SETTINGS: frozenset({PostRole.ADMIN}),
    Action.INVITE: frozenset({PostRole.ADMIN}),
    Action.PEOPLE: frozenset({PostRole.ADMIN}),
    Action.HAND_OVER: frozenset({PostRole.ADMIN, PostRole.HEAD, PostRole.FOCAL_POINT}),
    Action.BIND_GROUP: frozenset({PostRole.ADMIN}),
    Action.NAMES: frozenset({PostRole.ADMIN}),
    Action.REMINDERS_OWN: _ALL_ROLES,
    Action.REMINDERS_ALL: frozenset({PostRole.ADMIN}),
    Action.DELIVERY_REPORT: _SUPERVISING_ROLES,
    Action.AUDIT: frozenset({PostRole.ADMIN}),
    Action.URGE: _SUPERVISING_ROLES | {PostRole.LEADER},
    Action.ANNOUNCE: _SUPERVISING_ROLES,
    Action.BOARD: _ALL_ROLES,
    Action.BOARD_LINKS: frozenset({PostRole.ADMIN}),
}
"""The roles that may do each action; a role of an agency only for its own agency."""

ROLES_SEEING_ALL = _ALL_ROLES - AGENCY_ROLES
"""Roles that see every agency's tasks even if the settings bind agencies to their own."""

OWN_AGENCY_ACTIONS = frozenset({Action.REPORT, Action.EXTEND, Action.HAND_OVER})
"""Actions on what belongs to an agency: heads and focal points do them for their own."""


@dataclass(frozen=True)
class ActivePost:
    """One role that a person has today, for one agency or for none."""

    role: PostRole
    agency_id: int | None = None
    agency: str | None = None


@dataclass(frozen=True)
class Sender:
    """The person who sent a message, with today's roles; `person_id` None: not joined.

    `group_agency` is what the group is bound to in which it was sent, if it is an agency.
    """

    person_id: int | None
    name: str
    posts: tuple[ActivePost, ...] = ()
    group_agency: str | None = None

    @property
    def seen_agencies(self) -> tuple[str, ...]:
        """Return the agencies whose tasks the sender may always see: the own, then the group's."""
        own = [post.agency for post in self.agency_posts if post.agency]
        group = [self.group_agency] if self.group_agency else []
        return tuple(dict.fromkeys(own + group))

    @property
    def agency_posts(self) -> tuple[ActivePost, ...]:
        """Return the posts that are for an agency."""
        return tuple(post for post in self.posts if post.agency_id is not None)

    @property
    def signed_name(self) -> str:
        """Return the name as others read it, behind the agency: "Sở Nội vụ – Lê Hoàng Chi"."""
        agency = next((post.agency for post in self.posts if post.agency), None)
        return self.name if agency in (None, self.name) else f"{agency} – {self.name}"

    def has_role(self, *roles: PostRole) -> bool:
        """Return whether the person has one of these roles."""
        return any(post.role in roles for post in self.posts)


def may_do(sender: Sender, action: Action, agency_ids: Iterable[int | None] | None = None) -> bool:
    """Return whether `sender` may do `action`.

    `agency_ids` are the agencies that it concerns, None if it concerns none. An agency's role
    (head, focal point) reaches as far as its own agency: one of `agency_ids` must be it. What
    belongs to no agency (`agency_ids` holds None alone) is nobody's own.
    """
    concerned = (
        None if agency_ids is None else {agency for agency in agency_ids if agency is not None}
    )
    for post in sender.posts:
        if post.role not in ROLES_BY_ACTION[action]:
            continue
        if post.role not in AGENCY_ROLES or concerned is None or post.agency_id in concerned:
            return True
    return False


def may_see_all(sender: Sender, *, own_agency_only: bool) -> bool:
    """Return whether `sender` may see every agency's tasks; `own_agency_only` is the setting."""
    return not own_agency_only or sender.has_role(*ROLES_SEEING_ALL)


# --- the table as people read it (docs/quyen.md) ---


def format_rights_page() -> str:
    """Return the table of role and action as Markdown, in Vietnamese.

    It is the whole of docs/quyen.md; `python -m tests.guide` writes that file anew.
    """
    texts = load_sentences()
    roles = list(PostRole)
    heads = [texts.to_text(say("rights-column-action"))]
    heads += [texts.to_text(say(f"post-role-{role.replace('_', '-')}")) for role in roles]
    lines = [f"# {texts.to_text(say('rights-title'))}", "", texts.to_text(say("rights-text")), ""]
    lines += [_format_row(heads), _format_row(["---"] + [":-:"] * len(roles))]
    for action in Action:
        name = texts.to_text(say(f"action-{action.replace('_', '-')}"))
        lines.append(
            _format_row(
                [
                    name,
                    *(texts.to_text(say(f"rights-{find_reach(role, action)}")) for role in roles),
                ]
            )
        )
    lines += ["", texts.to_text(say("rights-foot")), ""]
    return "\n".join(lines)


def find_reach(role: PostRole, action: Action) -> str:
    """Return how far a role may do an action: "all", "own" (its own agency) or "none"."""
    if role not in ROLES_BY_ACTION[action]:
        return "none"
    return "own" if role in AGENCY_ROLES and action in OWN_AGENCY_ACTIONS else "all"


def _format_row(cells: Iterable[str]) -> str:
    """Return a row of a Markdown table."""
    return f"| {' | '.join(cells)} |"
