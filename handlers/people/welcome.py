"""What the bot can do, and what to say where nothing can be read."""

from __future__ import annotations

from handlers.conversation.rights import Action
from handlers.conversation.turn import Handler, Request
from handlers.people import identity
from locales.answer import Answer, Sentence, make_answer, say

HELP_BY_RIGHT = (
    (Action.REPORT, "help-report"),
    (Action.HAND_OVER, "help-hand-over"),
    (Action.CONFIRM, "help-supervise"),
    (Action.ADD_TASK, "help-tasks"),
    (Action.IMPORT, "help-admin"),
    (Action.INVITE, "help-people"),
)
"""What is told to those who may do it."""


async def show_help(request: Request) -> Answer:
    """What the sender can do, by the rights they hold."""
    if not request.sender.posts and not request.app.options.questions_open:
        return await identity.answer_stranger(request)
    blocks: list[Sentence] = [say("help-head"), say("help-ask")]
    blocks += [say(message) for action, message in HELP_BY_RIGHT if request.may_do(action)]
    blocks.append(say("help-foot"))
    return make_answer(*blocks)


async def answer_greeting(request: Request) -> Answer:
    """A greeting for a greeting."""
    return make_answer(say("greeting", name=request.sender.name or request.incoming.sender_name))


async def answer_unreadable(request: Request, waits: bool) -> Answer:
    """Nothing that can be read: a sticker, a photo, an empty message; `waits`: in the middle of a dialogue."""
    return make_answer(say("nothing-to-read-waits" if waits else "nothing-to-read"))


COMMANDS: dict[str, Handler] = {
    "help": show_help,
    "giup": show_help,
    "trogiup": show_help,
    "huongdan": show_help,
}
