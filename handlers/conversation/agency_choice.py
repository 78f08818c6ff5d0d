"""Agencies that people name in commands: found in the registry's directory, asked about where it is not certain."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.rights import Action
from handlers.conversation.turn import Request
from language.text import normalise
from locales.answer import Button, Sentence, say
from locales.phrases import shorten_text
from models.agencies import Agency
from plans.registry.agencies import AgencyWriter

LONGEST_NAME = 120  # characters of an agency's name
MOST_OFFERED = 6
LABEL_LENGTH = 60  # characters on a button


@dataclass(frozen=True)
class AgencyChoice:
    """It is not certain which agency is meant: what to say, names to choose from, whether it may be a new one."""

    text: str
    question: Sentence
    names: tuple[str, ...] = ()
    may_be_new: bool = False

    def make_buttons(self, action: str) -> list[list[Button]]:
        """A button a name, `action:number`; the last one takes what was typed as a new agency's name."""
        rows = [
            [
                Button(
                    say("button-agency", name=shorten_text(name, LABEL_LENGTH)),
                    f"{action}:{number}",
                )
            ]
            for number, name in enumerate(self.names)
        ]
        if self.may_be_new:
            label = say("button-new-agency", name=shorten_text(self.text, LABEL_LENGTH))
            rows.append([Button(label, f"{action}:{len(self.names)}")])
        return rows


async def choose_agency(
    session: AsyncSession, request: Request, text: str, *, exact: bool = False
) -> str | AgencyChoice:
    """The canonical name of the agency that `text` names, or the choice to put before the sender.

    `exact`: `text` was chosen from a list, and is taken as it is.
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
    """The registry's row of the agency of this canonical name, made where it is missing."""
    there = (await session.exec(select(Agency).where(Agency.name == name))).first()
    if there is not None:
        return there
    directory = (await request.app.load_registry_names(session)).directory
    agency = await AgencyWriter(session, directory, request.today).ensure_agency(name)
    request.app.forget_names()
    return agency
