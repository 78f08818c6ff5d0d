"""What the bot can do, and what to say where nothing can be read."""

from __future__ import annotations

from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Turn
from handlers.people import identity
from locales.answer import Answer, Said, answer, say

BY_RIGHT = (
    (Action.REPORT, "help-report"),
    (Action.HAND_OVER, "help-hand-over"),
    (Action.CONFIRM, "help-supervise"),
    (Action.ADD_TASK, "help-tasks"),
    (Action.IMPORT, "help-admin"),
    (Action.INVITE, "help-people"),
)
"""What is told to those who may do it."""


async def help_(turn: Turn) -> Answer:
    """What the sender can do, by the rights they hold."""
    if not turn.who.holdings and not turn.house.options.questions_open:
        return await identity.stranger(turn)
    blocks: list[Said] = [say("help-head"), say("help-ask")]
    blocks += [say(message) for action, message in BY_RIGHT if turn.may(action)]
    blocks.append(say("help-foot"))
    return answer(*blocks)


async def greeting(turn: Turn) -> Answer:
    """A greeting for a greeting."""
    return answer(say("greeting", name=turn.who.name or turn.incoming.sender_name))


async def unreadable(turn: Turn, waits: bool) -> Answer:
    """Nothing that can be read: a sticker, a photo, an empty message; `waits`: in the middle of a dialogue."""
    return answer(say("nothing-to-read-waits" if waits else "nothing-to-read"))


COMMANDS: dict[str, Handler] = {"help": help_, "giup": help_, "trogiup": help_, "huongdan": help_}
