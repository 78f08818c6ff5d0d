"""Files handed out by an address of the board, for channels that carry no files.

Only the hash of the token in the address is kept, and the file only for some minutes.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel, col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.storage.fields import Moment
from models.web_access import hash_token, make_token

GOOD_FOR = timedelta(minutes=10)
PICTURE_ENDING = ".png"


class Handout(SQLModel, table=True):
    """One file that may be fetched until `expires_at`, any number of times."""

    id: int = Field(default=None, primary_key=True)
    token_sha256: str = Field(unique=True)
    name: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    expires_at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))

    @property
    def is_picture(self) -> bool:
        """Whether the file is shown as it is, not behind a button."""
        return self.name.lower().endswith(PICTURE_ENDING)


async def hand_out(session: AsyncSession, name: str, content: bytes, now: datetime) -> str:
    """Store a file and return the token of its address; delete the files that are over."""
    await session.exec(delete(Handout).where(col(Handout.expires_at) <= now))
    token = make_token()
    session.add(
        Handout(
            token_sha256=hash_token(token), name=name, content=content, expires_at=now + GOOD_FOR
        )
    )
    await session.flush()
    return token


async def find_handout(session: AsyncSession, token: str, now: datetime) -> Handout | None:
    """Return the file behind a token, None if there is none or it is over."""
    found = await session.exec(
        select(Handout).where(
            Handout.token_sha256 == hash_token(token), col(Handout.expires_at) > now
        )
    )
    return found.first()
