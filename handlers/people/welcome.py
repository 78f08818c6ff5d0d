"""What the bot can do (`/help`), and answers to what cannot be read."""

from __future__ import annotations

from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action
from handlers.people import identity
from locales.answer import Answer, Sentence, make_answer, say

HELP_BY_RIGHT = (
    (Action.ASK, "help-files"),
    (Action.REPORT, "help-report"),
    (Action.HAND_OVER, "help-hand-over"),
    (Action.CONFIRM, "help-supervise"),
    (Action.URGE, "help-urge"),
    (Action.ANNOUNCE, "help-announce"),
    (Action.ADD_TASK, "help-tasks"),
    (Action.IMPORT, "help-admin"),
    (Action.INVITE, "help-people"),
)
"""The parts of the help, each for those who may do it."""

HELP_ON_BOARD = ((Action.BOARD, "help-board"), (Action.BOARD_LINKS, "help-board-links"))
"""The parts that are said only where a board is served."""


async def show_help(request: Request) -> Answer:
    """Say what the sender can do with the bot, by their rights."""
    if not request.sender.posts and not request.app.options.questions_open:
        return await identity.answer_stranger(request)
    blocks: list[Sentence] = [say("help-head"), say("help-ask")]
    blocks += [say(message) for action, message in HELP_BY_RIGHT if request.may_do(action)]
    if request.app.options.board_url is not None:
        blocks += [say(m) for action, m in HELP_ON_BOARD if request.may_do(action)]
    blocks.append(say("help-foot"))
    return make_answer(*blocks)


async def answer_greeting(request: Request) -> Answer:
    """Answer a greeting."""
    return make_answer(say("greeting", name=request.sender.name or request.incoming.sender_name))


async def answer_unreadable(request: Request, waits: bool) -> Answer:
    """Say that nothing can be read: a sticker, a photo, an empty message.

    `waits`: a dialogue goes on waiting.
    """
    return make_answer(say("nothing-to-read-waits" if waits else "nothing-to-read"))


COMMANDS: dict[str, Handler] = {
    "help": show_help,
    "giup": show_help,
    "trogiup": show_help,
    "huongdan": show_help,
}
