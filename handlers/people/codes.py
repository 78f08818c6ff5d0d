"""Codes of invitations: made at random, shown once; the registry keeps their SHA-256."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from handlers.conversation.rights import AGENCY_ROLES
from models.audit import record_change
from models.people import Invitation, PostRole

ALPHABET = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without I, L, O, 0 and 1, which look alike
CODE_GROUPS, GROUP_LENGTH = 3, 4  # a code is three groups of four: 59 bits

_GROUP = f"[{ALPHABET}]{{{GROUP_LENGTH}}}"
_CODE = re.compile(rf"(?<![\w-]){_GROUP}(?:-{_GROUP}){{{CODE_GROUPS - 1}}}(?![\w-])", re.IGNORECASE)


def make_code() -> str:
    """Return a random code as people read and type it: "K7QM-2XDR-9PWA"."""
    groups = [
        "".join(secrets.choice(ALPHABET) for _ in range(GROUP_LENGTH)) for _ in range(CODE_GROUPS)
    ]
    return "-".join(groups)


def find_code(text: str) -> str | None:
    """Return the code that is pasted in a message, in capitals or not; None without one."""
    found = _CODE.search(text)
    return found.group() if found else None


def hash_code(code: str) -> str:
    """Return the SHA-256 of a code, which is stored: of its letters and digits alone."""
    return hashlib.sha256(re.sub(r"[^A-Z0-9]", "", code.upper()).encode()).hexdigest()


async def make_invitation(
    session: AsyncSession,
    agency_id: int | None,
    role: PostRole,
    uses: int,
    expires_at: datetime,
    made_by: int | None,
    now: datetime,
) -> str:
    """Store an invitation for `uses` people until `expires_at`; return its code.

    Only the code's hash is stored. Raises ValueError for a head or focal point without an agency.
    """
    if role in AGENCY_ROLES and agency_id is None:
        raise ValueError(f"{role} needs an agency")
    code = make_code()
    invitation = Invitation(
        code_sha256=hash_code(code),
        role=role,
        agency_id=agency_id,
        uses_left=uses,
        expires_at=expires_at,
        made_by=made_by,
        made_at=now,
    )
    session.add(invitation)
    await session.flush()
    until = expires_at.isoformat()
    after = {"role": role, "agency": agency_id, "uses": uses, "until": until}
    record_change(
        session, now, "invite", "invitation", invitation.id, person_id=made_by, after=after
    )
    return code


def make_link(bot_name: str | None, code: str) -> str | None:
    """Return the link that opens the bot with the code; None if the bot's name is not known."""
    return f"https://t.me/{bot_name}?start={code}" if bot_name else None
