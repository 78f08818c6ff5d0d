"""Find the handler of a message: event, button, command, dialogue, file or question.

Rights are checked by the handlers themselves (`conversation/rights.py`).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import suppress
from types import ModuleType

from rapidfuzz import fuzz, process

from handlers import audit, offers, orders, sentences, statements
from handlers.board import feed, leader_links, open_board
from handlers.conversation import drafts, edits, quotas
from handlers.conversation.answer_cache import RegistryState
from handlers.conversation.incoming import Incoming, IncomingFile, Progress
from handlers.conversation.refusals import log_fault, refuse_button
from handlers.conversation.request import AppContext, Handler, Request
from handlers.conversation.rights import Sender
from handlers.files import calendar, chart, export, period_report, wishes
from handlers.people import (
    agency_names,
    channels,
    codes,
    groups,
    hand_over,
    identity,
    invite,
    join,
    own_data,
    posts,
    welcome,
)
from handlers.plans import closing, other_readings, settings, upload
from handlers.questions import ask, plain, turns
from handlers.reminders import announce, buttons, days_off, deliveries, pause, snooze, urge
from handlers.reminders import settings as reminders
from handlers.tasks import cancel, dialogue
from handlers.work import (
    confirm,
    grant_time,
    more_time,
    queue,
    report,
    report_all,
    report_evidence,
    undo,
)
from language.text import fold
from locales.answer import Answer, make_answer, say, unpack_action
from locales.phrases import shorten_text
from locales.user_error import UserError
from models.dialogues import Draft, Replayed
from models.storage.faults import REGISTRY_FAULTS

MODULES: tuple[ModuleType, ...] = (
    welcome,
    ask,
    upload,
    export,
    period_report,
    chart,
    calendar,
    drafts,
    invite,
    join,
    channels,
    own_data,
    posts,
    hand_over,
    groups,
    report,
    report_evidence,
    report_all,
    offers,
    confirm,
    more_time,
    grant_time,
    queue,
    reminders,
    buttons,
    pause,
    deliveries,
    days_off,
    urge,
    announce,
    snooze,
    dialogue,
    cancel,
    closing,
    other_readings,
    settings,
    agency_names,
    undo,
    audit,
    open_board,
    leader_links,
    feed,
)
"""Every module with COMMANDS, ACTIONS (of buttons), DIALOGUES or FILE_DIALOGUES."""

FOR_STRANGERS = frozenset({"start", "help", "huy", "toi", "roi", "gannhom", "kenh"})
"""Commands for people without any role; each decides what it tells them."""

BUTTONS_FOR_STRANGERS = frozenset({"eraseme", "goodbye", "leave", "channel"})
"""Actions of buttons below the answers to these commands, likewise."""

DIALOGUES_OF_REPORTS = frozenset({"evidence", "progress"})
"""Dialogues that wait for more about a report: a report on a task with its number is none."""

DIALOGUES_WITHOUT_NOTES = frozenset(
    {"bind", "extend", "handover", "invite", "leaving", "plan", "post"}
)
"""Dialogues that wait for a name or a day: an order or a wish for a file is neither."""

DIALOGUES_OF_DAYS = frozenset({"decide", "extend"})
"""Dialogues that wait for a day, in their step "day" or until one is agreed.

What is no day may ask or report.
"""

MOST_PARTS = 3  # words that people write a command in: "/quá hạn"
NEAR_COMMAND, MOST_NEAR = 75, 2  # rapidfuzz score from which a command is offered; how many
LONGEST_QUOTE = 80  # characters of a message that are repeated
LONGEST_COMMAND = 40  # characters of an unknown command that are repeated

_log = logging.getLogger(__name__)


class Router:
    """Hand each message of every channel to its handler; `respond` is what a channel calls."""

    def __init__(self, app: AppContext, modules: Iterable[ModuleType] = MODULES) -> None:
        self._app = app
        self._commands: dict[str, Handler] = {}
        self._actions: dict[str, Handler] = {}
        self._dialogues: dict[str, Handler] = {}
        self._file_dialogues: set[str] = set()
        self._messages = quotas.MessageCounter()
        for module in modules:
            self._commands |= getattr(module, "COMMANDS", {})
            self._actions |= getattr(module, "ACTIONS", {})
            self._dialogues |= getattr(module, "DIALOGUES", {})
            self._file_dialogues |= getattr(module, "FILE_DIALOGUES", set())
        self._dialogues["offer"] = self._answer_offer

    async def respond(self, incoming: Incoming, progress: Progress) -> Answer | None:
        """Return the answer to one message; None if the bot stays silent.

        An update that changed the registry before is not handled again. An unexpected error is
        logged with a number, and the answer names that number. Raises one of REGISTRY_FAULTS if
        the registry fails and the message comes from the inbox.
        """
        try:
            return await self._answer_message(incoming, progress)
        except Replayed:
            return _answer_replay(incoming)
        except REGISTRY_FAULTS:
            if incoming.receipt is not None:  # the inbox tries again
                raise
            return make_answer(say("registry-busy-now"))
        except UserError as error:
            return make_answer(error.sentence)
        except Exception:  # whatever went wrong: the person gets an answer, the log the error
            return log_fault("the router")

    async def _answer_message(self, incoming: Incoming, progress: Progress) -> Answer | None:
        """Count the message, find out who sent it, and let its handler answer."""
        incoming = incoming.clean_words()
        quota = self._messages.count_message(incoming)
        if quota is not quotas.Quota.WITHIN and incoming.event is None:
            return make_answer(say("too-many-messages")) if quota is quotas.Quota.WARN else None
        state, sender = await self._read_sender(incoming)
        sender = await identity.recognise_sender(self._app, incoming, sender)
        sender = await groups.add_agency_of_group(self._app, incoming, sender)
        request = Request(incoming, self._app, sender, progress)
        if incoming.event is not None:
            answer = await groups.handle_event(request)
            return answer if quota is quotas.Quota.WITHIN else None
        refusal = await edits.refuse_edit(request)
        if refusal is not None:
            return refusal
        answer = await self._dispatch_message(request, state)
        if answer is not None:
            answer = await offers.keep_offer(request, answer)
        answer = await drafts.add_reply_hint(request, answer)
        await self._note_menu(request)
        return answer

    async def _read_sender(self, incoming: Incoming) -> tuple[RegistryState, Sender]:
        """Return how the registry stands for a message, and who sent it."""
        async with self._app.database.open_connection() as connection:
            state = await self._app.read_registry_state(incoming, connection)
            return state, await identity.find_sender(self._app, incoming, connection)

    async def _note_menu(self, request: Request) -> None:
        """Note the commands that fit the sender's roles, which the message may have changed."""
        incoming, sender = request.incoming, request.sender
        if incoming.receipt is None or incoming.chat_kind != "private":
            return
        if incoming.receipt.changed:
            _, sender = await self._read_sender(incoming)
        has_board = self._app.options.board_url is not None
        incoming.receipt.menu = welcome.list_menu_commands(sender, has_board=has_board)

    async def _dispatch_message(self, request: Request, state: RegistryState) -> Answer | None:
        """Return the answer of the handler that the message belongs to."""
        incoming = request.incoming
        if incoming.action is not None:
            return await self._run_action(request, incoming.action)
        if incoming.text.startswith("/"):
            return await self._run_command(request)
        may_ask = await groups.may_ask(request)
        request.args = codes.find_code(incoming.text) or ""
        if request.args and (request.args == incoming.text.strip() or not may_ask):
            return await join.start_chat(request)
        request.args = ""
        if not may_ask:
            return await identity.answer_stranger(request)
        draft = await drafts.find_draft(request) if state.has_draft else None
        if draft is not None and self._continues_dialogue(draft, incoming):
            button = drafts.find_button_for_text(draft, incoming.text)
            if button is not None:
                return await self._run_action(request, button)
            request.draft = draft
            with suppress(drafts.NotForDialogue):
                return await self._continue_dialogue(request, draft)
            request.draft = None
        if incoming.file is not None and not await self._is_evidence(request, incoming.file):
            return await upload.receive_file(request)
        if incoming.other and draft is not None and draft.kind in self._file_dialogues:
            return make_answer(say("send-as-file"))
        if incoming.other or not fold(incoming.text):
            return await welcome.answer_unreadable(
                request, draft is not None and draft.kind in self._dialogues
            )
        return (
            await orders.run_order(request)
            or await wishes.grant_wish(request)
            or await statements.answer_bare_number(request)
            or await sentences.run_sentence(request)
            or await statements.answer_statement(request)
            or await turns.turn_over(request)
            or await ask.answer_message(request)
        )

    async def _is_evidence(self, request: Request, file: IncomingFile) -> bool:
        """Return whether a file is no plan: a photo, or one whose words report on a task."""
        if file.picture:
            return True
        return bool(request.incoming.text) and await sentences.is_report_on_task(request)

    def _continues_dialogue(self, draft: Draft, incoming: Incoming) -> bool:
        """Return whether a message may belong to the open dialogue; a file if it waits for one."""
        if draft.kind not in self._dialogues or incoming.other:
            return False
        return incoming.file is None or draft.kind in self._file_dialogues

    async def _continue_dialogue(self, request: Request, draft: Draft) -> Answer | None:
        """Hand the message to the open dialogue.

        Raises NotForDialogue for a question: the dialogue waits on, as it does at an order.
        """
        text = request.incoming.text
        ordered = draft.kind in DIALOGUES_WITHOUT_NOTES or plain.is_wish(text)
        if text and (ordered or orders.is_undo(text)):
            done = await orders.run_order(request) or await wishes.grant_wish(request)
            if done is not None:
                return done
        if text and await plain.is_plain_question(request):
            raise drafts.NotForDialogue
        is_before_day = not draft.data.get("agreed") and draft.data.get("step", "day") == "day"
        waits_for_day = draft.kind in DIALOGUES_OF_DAYS and is_before_day
        if text and waits_for_day and await plain.asks_instead_of_day(request):
            raise drafts.NotForDialogue
        waits_for_no_report = waits_for_day or draft.kind in DIALOGUES_OF_REPORTS
        if waits_for_no_report and await sentences.is_report_on_task(request):
            raise drafts.NotForDialogue
        return await self._dialogues[draft.kind](request)

    async def _answer_offer(self, request: Request) -> Answer | None:
        """Run the button of an offer that a line chooses in words."""

        async def run(chosen: Request) -> Answer:
            return await self._run_action(chosen, chosen.args) or refuse_button()

        return await offers.answer_offer(request, run)

    async def _run_command(self, request: Request) -> Answer | None:
        """Run the command of a message; offer commands with similar names if there is none."""
        name, request.args = self._split_command(request.incoming.text)
        handler = self._commands.get(name)
        if name not in FOR_STRANGERS and not await groups.may_ask(request):
            return await identity.answer_stranger(request)
        if handler is not None:
            return await handler(request)
        command = "/" + (request.incoming.text[1:].split() or [""])[0][:LONGEST_COMMAND]
        near = process.extract(
            name,
            list(self._commands),
            scorer=fuzz.ratio,
            score_cutoff=NEAR_COMMAND,
            limit=MOST_NEAR,
        )
        if not near:
            return make_answer(say("unknown-command", command=command))
        return make_answer(
            say(
                "unknown-command-near",
                command=command,
                near=tuple(f"/{name}" for name, _, _ in near),
            )
        )

    def _split_command(self, text: str) -> tuple[str, str]:
        """Return the command's name, folded, and the text behind it.

        A name may be written in several words: "/nhiemvu Sở Y tế" and "/nhiệm vụ Sở Y tế" are the
        same.
        """
        pieces = text[1:].split(maxsplit=MOST_PARTS)
        for count in range(min(len(pieces), MOST_PARTS), 0, -1):  # "/lich mới" is not "/lich"
            name = "".join(fold(piece) for piece in pieces[:count])
            if name in self._commands:
                return name, text[1:].split(maxsplit=count)[count] if len(pieces) > count else ""
        return (fold(pieces[0]) if pieces else ""), ""

    async def _run_action(self, request: Request, action: str) -> Answer | None:
        """Run the action of a button, `name:arguments`."""
        name, request.args = unpack_action(action, 2)
        if name not in BUTTONS_FOR_STRANGERS and not await groups.may_ask(request):
            return await identity.answer_stranger(request)
        handler = self._actions.get(name)
        if name == welcome.RUN_COMMAND:
            handler, request.args = self._commands.get(request.args), ""
        if handler is None:
            return refuse_button()
        return await handler(request)


def _answer_replay(incoming: Incoming) -> Answer | None:
    """Answer an update whose changes were kept before, though its answer may not have been sent.

    Only the inbox hands in such a one for that reason; another repetition was answered before.
    """
    if incoming.receipt is None:
        return None
    incoming.receipt.changed = True
    text = shorten_text(incoming.text, LONGEST_QUOTE)
    return make_answer(say("kept-before", text=text) if text else say("kept-before-press"))
