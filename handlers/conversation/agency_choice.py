"""Agencies that people name in commands: found in the registry, or asked about if not certain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation import drafts
from handlers.conversation.request import Request
from handlers.conversation.rights import Action
from language.text import normalise
from locales.answer import Answer, Button, Sentence, make_answer, make_button, say
from locales.phrases import shorten_text
from models.agencies import Agency
from plans.registry.agencies import AgencyWriter

LONGEST_NAME = 120  # characters of an agency's name
MOST_OFFERED = 6
LABEL_LENGTH = 60  # characters on a button


@dataclass(frozen=True)
class AgencyChoice:
    """The agencies that a text may mean, and the question which one.

    `may_be_new`: the sender may add the text as the name of a new agency.
    """

    text: str
    question: Sentence
    names: tuple[str, ...] = ()
    may_be_new: bool = False

    def make_buttons(self, action: str) -> list[list[Button]]:
        """Return one button a name, `action:number`; the last one adds the text as a new agency."""
        rows = [
            [
                make_button(
                    say("button-agency", name=shorten_text(name, LABEL_LENGTH)),
                    action,
                    number,
                )
            ]
            for number, name in enumerate(self.names)
        ]
        if self.may_be_new:
            label = say("button-new-agency", name=shorten_text(self.text, LABEL_LENGTH))
            rows.append([make_button(label, action, len(self.names))])
        return rows


async def choose_agency(
    session: AsyncSession, request: Request, text: str, *, exact: bool = False
) -> str | AgencyChoice:
    """Return the canonical name of the agency that `text` names, or the choice to offer.

    `exact`: `text` was chosen from a list and is taken as it is.
    """
    typed = normalise(text)[:LONGEST_NAME]
    if exact:
        return typed
    directory = (await request.app.load_registry_names(session)).directory
    found = directory.find_agency(typed, request.today)
    if len(found.names) == 1 and found.how != "slip":
        return found.names[0]
    names = (found.names or found.candidates or found.nearest)[:MOST_OFFERED]
    sure = bool(found.names or found.candidates)
    new = request.may_do(Action.NAMES) and not sure and any(letter.isalpha() for letter in typed)
    question = say("agency-choose" if names else "agency-not-known", text=typed)
    return AgencyChoice(typed, question, tuple(names), new)


async def find_or_add_agency(session: AsyncSession, request: Request, name: str) -> Agency:
    """Return the row of the agency of this canonical name; add it if there is none."""
    there = (await session.exec(select(Agency).where(Agency.name == name))).first()
    if there is not None:
        return there
    directory = (await request.app.load_registry_names(session)).directory
    agency = await AgencyWriter(session, directory, request.today).ensure_agency(name)
    request.app.forget_names()
    return agency


class AgencyDraft(drafts.DraftData):
    """A draft that keeps the names of the agencies that were offered."""

    choices: tuple[str, ...] = ()


Kept = TypeVar("Kept", bound=AgencyDraft)


@dataclass(frozen=True)
class AgencyDialogue:
    """The draft that keeps the offered agencies, and the action of their buttons.

    `action` holds {} for the draft's token.
    """

    kind: str
    data: AgencyDraft
    action: str


async def find_agency_or_ask(
    session: AsyncSession,
    request: Request,
    text: str,
    dialogue: AgencyDialogue,
    *,
    exact: bool = False,
) -> Agency | Answer:
    """Return the row of the agency that `text` names, or the answer that asks which one it is."""
    choice = await choose_agency(session, request, text, exact=exact)
    if isinstance(choice, str):
        return await find_or_add_agency(session, request, choice)
    names = (*choice.names, choice.text) if choice.may_be_new else tuple(choice.names)
    data = dialogue.data.model_copy(update={"choices": names})
    token = await drafts.save_draft(request, dialogue.kind, data, session)
    rows = choice.make_buttons(dialogue.action.format(token))
    return make_answer(choice.question, buttons=[*rows, [drafts.make_leave_button(token)]])


async def find_chosen_agency(
    request: Request, kind: str, model: type[Kept]
) -> tuple[Kept, str] | None:
    """Return the draft's data and the agency's name of a button; None if it is out of date."""
    if await drafts.find_draft_of_button(request, kind) is None:
        return None
    data = drafts.read_draft(request, model)
    name = find_offered_name(data, request.args)
    return (data, name) if name is not None else None


def find_offered_name(data: AgencyDraft, number: str) -> str | None:
    """Return the offered agency with this number; None if there is none."""
    if not number.isdecimal() or int(number[:4]) >= len(data.choices):
        return None
    return data.choices[int(number[:4])]
