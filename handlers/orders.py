"""Orders in sentences: invite somebody, remind an agency, announce, remind me, show what waits.

Reports and requests for more time are in `handlers/sentences.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from handlers.conversation import drafts, words
from handlers.conversation.request import Request
from handlers.conversation.rights import Action
from handlers.people import invite
from handlers.people.invite import read_invitation_request
from handlers.questions import ask
from handlers.reminders import announce, snooze, urge
from handlers.work import queue, undo
from locales.answer import Answer, make_answer, say


async def run_order(request: Request) -> Answer | None:
    """Do what the sentence orders; None if it orders nothing of this kind.

    Of questions only those for what waits are orders.
    """
    text = request.incoming.text
    asks = text.endswith("?")
    if len(text) > words.LONGEST_ORDER:
        return None
    typed = words.make_typed_text(text.strip(" ?.!"))
    for name, run in _ORDERS.items():
        match = words.get_pattern("orders", name).match(typed.folded)
        if match is not None and (not asks or name in _ASKED):
            answer = await run(request, typed.get_original(match, 1))
            if answer is not None:
                return answer
    return None


def is_undo(text: str) -> bool:
    """Return whether the text takes the last change back, whatever a dialogue waits for."""
    typed = words.make_typed_text(text.strip(" ?.!"))
    return words.get_pattern("orders", "undo").match(typed.folded) is not None


async def _remind_me(request: Request, text: str) -> Answer | None:
    return await snooze.remind_by_sentence(request, text)


async def _invite(request: Request, text: str) -> Answer | None:
    """Invite whom the sentence names; "mới", "mọi" and "mỗi" begin other sentences."""
    typed = request.incoming.text.casefold()
    if not typed.isascii() and "mời" not in typed:
        return None
    details = read_invitation_request(text, request.today)
    if details.role is None and not details.everyone and not details.renew:
        return None
    request.args = text
    return await invite.invite_person(request)


async def _show_queue(request: Request, _: str) -> Answer | None:
    """Show what waits for who decides; for others "chờ xác nhận" narrows a list."""
    return await queue.show_queue(request) if request.may_do(Action.CONFIRM) else None


async def _show_what_waits(request: Request, _: str) -> Answer | None:
    """Show what waits for the sender: decisions, else what their agency owes, else one look."""
    typed = request.incoming.text.casefold()
    waits = words.list_words("orders", "waits")
    if not typed.isascii() and not any(word in typed for word in waits):
        return None
    if request.may_do(Action.CONFIRM):
        return await queue.show_queue(request)
    name = "owed" if request.sender.agency_posts else "look"
    return await ask.answer_text(request, words.get_word("questions", name))


async def _undo(request: Request, _: str) -> Answer | None:
    """Take back the sender's last change; what waits for more about it ends, too.

    What was only offered is left, and nothing is taken back.
    """
    draft = await drafts.find_draft(request)
    if draft is not None and draft.kind == "offer":
        await drafts.delete_draft(request)
        return make_answer(say("draft-left"))
    answer = await undo.undo_last(request)
    if draft is not None and draft.kind in _ABOUT_LAST_CHANGE:
        await drafts.delete_draft(request)
    return answer


async def _announce(request: Request, text: str) -> Answer | None:
    request.args = text
    return await announce.write_announcement(request)


_ABOUT_LAST_CHANGE = frozenset({"evidence", "progress"})
"""The dialogues that wait for more about a change that was just made."""

_ORDERS: dict[str, Callable[[Request, str], Awaitable[Answer | None]]] = {
    "undo": _undo,
    "snooze": _remind_me,
    "urge": urge.urge_agency,
    "urge_several": urge.offer_late_agencies,
    "invite": _invite,
    "announce": _announce,
    "call_on_all": _announce,
    "queue": _show_queue,
    "waiting": _show_what_waits,
}
"""The pattern of each order in `commands.toml`, and what it does."""
_ASKED = frozenset({"queue", "waiting"})
