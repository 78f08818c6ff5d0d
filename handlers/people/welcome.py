"""What the bot can do (`/help`), and answers to what cannot be read."""

from __future__ import annotations

from sqlmodel import col, select

from handlers.conversation.request import Handler, Request
from handlers.conversation.rights import Action, Sender, may_do
from handlers.people import identity
from locales.answer import Answer, Button, Sentence, make_answer, make_button, say
from models.people import PostRole, find_post_holders
from models.plans import Plan

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


HELP_BUTTONS = (
    (Action.CONFIRM, "choxuly"),
    (Action.ASK_PROGRESS, "tiendo"),
    (Action.ASK_PROGRESS, "quahan"),
    (Action.IMPORT, "nhap"),
    (Action.INVITE, "moi"),
)
"""The commands that are buttons below the help, each for those who may do it."""

COMMANDS_BY_RIGHT = (
    (Action.CONFIRM, "choxuly"),
    (Action.ASK, "nhiemvu"),
    (Action.ASK, "han"),
    (Action.ASK, "quahan"),
    (Action.ASK_PROGRESS, "tiendo"),
    (Action.ASK, "tim"),
    (Action.URGE, "dondoc"),
    (Action.ADD_TASK, "them"),
    (Action.IMPORT, "nhap"),
    (Action.INVITE, "moi"),
    (Action.BOARD, "web"),
    (Action.ASK, "toi"),
    (Action.ASK, "help"),
)
"""The commands in the menu of a private chat, with messages `menu-...`, for those who may."""

BUTTONS_IN_ROW = 2
RUN_COMMAND = "do"  # the action of buttons that run a command, whose name follows


def make_menu_buttons(request: Request) -> list[list[Button]]:
    """Return the buttons that fit the sender's roles; each runs a command."""
    commands = [command for action, command in HELP_BUTTONS if request.may_do(action)]
    if request.sender.agency_posts:
        commands.insert(0, "congviec")
    buttons = [make_command_button(command) for command in commands]
    return [buttons[at : at + BUTTONS_IN_ROW] for at in range(0, len(buttons), BUTTONS_IN_ROW)]


def list_menu_commands(sender: Sender, *, has_board: bool) -> tuple[str, ...]:
    """Return the commands that fit the sender's roles; none for somebody without a role."""
    own = ("congviec",) if sender.agency_posts else ()
    return own + tuple(
        command
        for action, command in COMMANDS_BY_RIGHT
        if may_do(sender, action) and (has_board or action != Action.BOARD)
    )


def make_command_button(command: str) -> Button:
    """Return the button that runs a command, as if it were typed."""
    return make_button(say(f"button-do-{command}"), RUN_COMMAND, command)


async def find_next_step(request: Request) -> tuple[Sentence, list[list[Button]]] | None:
    """Return what an admin does next: import a plan, then invite people; None when both are done.

    The sample plan is no plan here.
    """
    if not request.may_do(Action.INVITE):
        return None
    async with request.read() as session:
        plan = (await session.exec(select(Plan.id).where(col(Plan.sample).is_(False)))).first()
        if plan is None:
            return say("start-import"), [[make_command_button("nhap")]]
        if await find_post_holders(session, [PostRole.FOCAL_POINT], request.today):
            return None
    everyone = make_button(say("button-invite-all"), "inviteall")
    return say("start-invite"), [[everyone], [make_command_button("moi")]]


async def show_start(request: Request) -> Answer:
    """Say what to do next, then what the sender can do."""
    step, answer = await find_next_step(request), await show_help(request)
    if step is None:
        return answer
    sentence, buttons = step
    used = {button.action for row in buttons for button in row}
    menu = [[button for button in row if button.action not in used] for row in answer.buttons]
    return make_answer(sentence, *answer.blocks, buttons=[*buttons, *menu])


async def show_help(request: Request) -> Answer:
    """Say what the sender can do with the bot, by their rights."""
    if not request.sender.posts and not request.app.options.questions_open:
        return await identity.answer_stranger(request)
    blocks: list[Sentence] = [say("help-head"), say("help-ask")]
    blocks += [say(message) for action, message in HELP_BY_RIGHT if request.may_do(action)]
    if request.app.options.board_url is not None:
        blocks += [say(m) for action, m in HELP_ON_BOARD if request.may_do(action)]
    blocks.append(say("help-foot"))
    return make_answer(*blocks, buttons=make_menu_buttons(request))


async def answer_greeting(request: Request) -> Answer:
    """Answer a greeting."""
    return make_answer(say("greeting", name=request.sender.name or request.incoming.sender_name))


async def answer_unreadable(request: Request, waits: bool) -> Answer:
    """Say that nothing can be read: a sticker, a photo, an empty message.

    `waits`: a dialogue goes on waiting. A photo of who reports may belong to a report.
    """
    if request.incoming.file is not None and request.sender.agency_posts and not waits:
        return make_answer(say("picture-alone"))
    return make_answer(say("nothing-to-read-waits" if waits else "nothing-to-read"))


COMMANDS: dict[str, Handler] = {
    "help": show_help,
    "giup": show_help,
    "trogiup": show_help,
    "huongdan": show_help,
}
