"""What the bot offers by buttons and a person answers in words: "ok", "cái đầu", "sở y tế thôi".

An offer holds for the next line and ten minutes; a document typed with what was said is kept for
the report that follows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from handlers import sentences
from handlers.conversation import cases, drafts, words
from handlers.conversation.refusals import refuse_button
from handlers.conversation.request import Handler, Request
from handlers.questions import ask
from handlers.questions.answers import find_list_index
from handlers.work import evidence, report_evidence
from handlers.work.evidence import StoredFile
from language.search import is_stop_word
from language.text import fold
from locales.answer import Answer, Button, make_button, unpack_action
from locales.fluent import load_sentences
from models.dialogues import Draft

OFFER_KEPT_FOR = timedelta(minutes=10)
LONGEST_CHOICE = 8  # words of a line that chooses a button by its label
_KINDS: dict[str, sentences.CommandKind] = {"done": "done", "got": "received", "work": "progress"}
"""The actions of buttons that report on an assignment, each with its kind of command."""


class OfferDraft(drafts.DraftData):
    """Buttons that were offered, as labels and actions, and what was said with it."""

    choices: tuple[tuple[str, str], ...]
    note: str | None = None


async def keep_offer(request: Request, answer: Answer, note: str | None = None) -> Answer:
    """Keep the buttons of an answer that asks, unless another dialogue is open.

    With a `note`, a button that reports brings it along.
    """
    if not answer.asks:
        return answer
    answer = replace(answer, asks=False)
    draft = await drafts.find_draft(request)
    if draft is not None and draft.kind != "offer":
        return answer
    buttons = [button for row in answer.buttons for button in row if button.action]
    choices = tuple((load_sentences().to_text(b.label), b.action) for b in buttons)
    token = await drafts.save_draft(request, "offer", OfferDraft(choices=choices, note=note))
    if note is None:
        return answer
    rows = tuple(tuple(_add_note(button, token) for button in row) for row in answer.buttons)
    return replace(answer, buttons=rows)


def _add_note(button: Button, token: str) -> Button:
    """Return a button that reports as one that brings the note of the offer along."""
    name, number = unpack_action(button.action, 2)
    return make_button(button.label, "said", token, name, number) if name in _KINDS else button


async def answer_offer(request: Request, run: Handler) -> Answer | None:
    """Run the button that the line chooses; `run` runs an action that stands in `request.args`.

    Raises NotForDialogue, and ends the offer, if the line chooses none.
    """
    data = drafts.read_draft(request, OfferDraft)
    draft, incoming = request.draft, request.incoming
    if draft is not None and await _is_fresh(request, draft):
        reports = [action for _, action in data.choices if unpack_action(action, 2)[0] == "done"]
        if len(reports) == 1 and (incoming.file is not None or _is_document(incoming.text)):
            return await _report(request, reports[0], incoming.text)
        action = choose_action(data.choices, incoming.text) if incoming.file is None else None
        if action is not None:
            await drafts.delete_draft(request)
            if data.note and unpack_action(action, 2)[0] in _KINDS:
                return await _report(request, action, data.note)
            request.args = action
            return await run(request)
    await drafts.delete_draft(request)
    raise drafts.NotForDialogue


async def _is_fresh(request: Request, draft: Draft) -> bool:
    """Return whether nothing was asked since the offer, which is not old."""
    if request.said_at - draft.changed_at > OFFER_KEPT_FOR:
        return False
    async with request.read() as session:
        return await ask.load_previous(session, request, draft.changed_at) is None


def _is_document(text: str) -> bool:
    """Return whether the text is nothing but a document's number: "số 15/BC-STP"."""
    rest, document = evidence.take_document(words.make_typed_text(text))
    left = (word for word in fold(rest.text).replace(",", " ").split() if not is_stop_word(word))
    return document is not None and not any(left)


def choose_action(choices: Sequence[tuple[str, str]], text: str) -> str | None:
    """Return the action of the button that a line chooses; None if it chooses none.

    "ok" takes the only one, "2" and "cái cuối" one by its place, other words one by its label.
    """
    if len(choices) == 1 and words.is_one_of("answers", "yes", text.strip(" .!,")):
        return choices[0][1]
    typed = words.make_typed_text(text.strip(" .!,"))
    place = words.get_pattern("turns", "choice").fullmatch(typed.folded)
    if place is not None:
        item = int(place["number"]) if place["number"] else (-1 if place["last"] else 1)
        index = find_list_index(item, len(choices))
        return choices[index][1] if index is not None else None
    said = {word.strip(",.") for word in typed.folded.split() if not is_stop_word(word)}
    if not said or len(typed.folded.split()) > LONGEST_CHOICE:
        return None
    found = [action for label, action in choices if said <= {*fold(label).split()}]
    return found[0] if len(found) == 1 else None


async def _report(request: Request, action: str, said: str) -> Answer:
    """Report on the assignment of a button, with the document or file that came with it."""
    name, number = unpack_action(action, 2)
    file: StoredFile | None = None
    if request.incoming.file is not None:
        try:
            file = await evidence.store_evidence_file(request.incoming.file, request.app.options)
        except evidence.FileTooLarge:
            return report_evidence.refuse_large_file()
    async with request.write() as session:
        case = await cases.find_case(session, cases.parse_id(number))
        if case is None:
            return refuse_button()
        typed = words.make_typed_text(said)
        return await sentences.run_on_case(session, request, _KINDS[name], case, typed, file)


async def report_as_said(request: Request) -> Answer:
    """Answer a button that reports with what was said before it; without, if that is gone."""
    token, name, number = unpack_action(request.args, 3)
    if name not in _KINDS:
        return refuse_button()
    draft = await drafts.find_draft(request)
    kept = draft is not None and draft.kind == "offer" and draft.data.get("token") == token
    note = str(draft.data.get("note") or "") if draft is not None and kept else ""
    if kept:
        await drafts.delete_draft(request)
    return await _report(request, f"{name}:{number}", note)


ACTIONS: dict[str, Handler] = {"said": report_as_said}
FILE_DIALOGUES = {"offer"}
