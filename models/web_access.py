"""Who may see the board: links, and the sessions that they open. Only hashes of tokens are kept."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Column, Index, update
from sqlmodel import Field, SQLModel, col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.storage.fields import Moment

TOKEN_BYTES = 24  # random bytes of a token: 192 bits
LINKS_KEPT_FOR = timedelta(days=30)  # a link or session that is over stays on record so long
USE_NOTED_EVERY = timedelta(minutes=5)  # the last use of a link is written at most so often


class LinkKind(StrEnum):
    """What a link is for."""

    LOGIN = "login"
    LEADER = "leader"
    FEED = "feed"


class LinkScope(StrEnum):
    """What a leader's link shows."""

    PROVINCE = "province"
    PLAN = "plan"
    AGENCY = "agency"


class WebLink(SQLModel, table=True):
    """An address with a token that lets somebody see the board or a calendar.

    - `person_id`: whose look it gives; of a leader's link, who made it.
    - `holder`: the name of whoever holds a leader's link.
    - `scope` of a leader's link, with `plan_id` or `agency_id`.
    - `used_at`: when a login link was used up; of the others, the last use.
    - `expires_at`: None for a calendar, which lasts until it is made anew.
    """

    __tablename__ = "web_link"
    __table_args__ = (Index("ix_web_link_person", "person_id", "kind"),)

    id: int = Field(default=None, primary_key=True)
    kind: str
    token_sha256: str = Field(unique=True)
    person_id: int = Field(foreign_key="person.id")
    holder: str | None = None
    scope: str | None = None
    plan_id: int | None = Field(default=None, foreign_key="plan.id", ondelete="CASCADE")
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    expires_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    used_at: datetime | None = Field(default=None, sa_column=Column(Moment))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(Moment))

    def is_good(self, now: datetime) -> bool:
        """Return whether the link still opens something at `now`."""
        return (
            self.revoked_at is None
            and (self.expires_at is None or now < self.expires_at)
            and not (self.kind == LinkKind.LOGIN and self.used_at is not None)
        )


class WebSession(SQLModel, table=True):
    """A browser that sees the board: for a person, or through a leader's link (`link_id`)."""

    __tablename__ = "web_session"

    id: int = Field(default=None, primary_key=True)
    token_sha256: str = Field(unique=True)
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    link_id: int | None = Field(
        default=None, foreign_key="web_link.id", index=True, ondelete="CASCADE"
    )
    opened_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    expires_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Moment))


def make_token() -> str:
    """Return a random token for an address or a cookie."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hash_token(token: str) -> str:
    """Return the SHA-256 of a token, which is all that is kept of it."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


async def add_link(session: AsyncSession, link: WebLink) -> str:
    """Store `link` with a new token and return the token. Links long over are deleted."""
    await session.exec(
        delete(WebLink).where(
            col(WebLink.kind) != LinkKind.FEED,
            col(WebLink.expires_at) < link.made_at - LINKS_KEPT_FOR,
        )
    )
    token = make_token()
    link.token_sha256 = hash_token(token)
    session.add(link)
    await session.flush()
    return token


async def find_link(
    session: AsyncSession, kind: LinkKind, token: str, now: datetime
) -> WebLink | None:
    """Return the link of this kind and token; None if there is none or it is good no more."""
    found = await session.exec(
        select(WebLink).where(WebLink.kind == kind, WebLink.token_sha256 == hash_token(token))
    )
    link = found.one_or_none()
    return link if link is not None and link.is_good(now) else None


async def use_up_link(session: AsyncSession, token: str, now: datetime) -> WebLink | None:
    """Use up a login link and return it; None if it is not good. Of two at once one succeeds."""
    link = await find_link(session, LinkKind.LOGIN, token, now)
    if link is None:
        return None
    changed = await session.exec(
        update(WebLink)
        .where(col(WebLink.id) == link.id, col(WebLink.used_at).is_(None))
        .values(used_at=now)
    )
    return link if changed.rowcount else None


async def note_use(session: AsyncSession, link: WebLink, now: datetime) -> None:
    """Write down that a link was used, if that was not noted lately."""
    if link.used_at is None or now - link.used_at >= USE_NOTED_EVERY:
        await session.exec(update(WebLink).where(col(WebLink.id) == link.id).values(used_at=now))


async def list_leader_links(session: AsyncSession, now: datetime) -> list[WebLink]:
    """Return the leaders' links that are good at `now`, the oldest first."""
    found = await session.exec(
        select(WebLink)
        .where(
            WebLink.kind == LinkKind.LEADER,
            col(WebLink.revoked_at).is_(None),
            col(WebLink.expires_at) > now,
        )
        .order_by(col(WebLink.id))
    )
    return list(found)


async def revoke_links(
    session: AsyncSession, now: datetime, person_id: int, *kinds: LinkKind
) -> int:
    """Take back the person's links of these kinds; return how many that were."""
    changed = await session.exec(
        update(WebLink)
        .where(
            col(WebLink.person_id) == person_id,
            col(WebLink.kind).in_(kinds),
            col(WebLink.revoked_at).is_(None),
        )
        .values(revoked_at=now)
    )
    return changed.rowcount


async def open_session(
    session: AsyncSession,
    now: datetime,
    lasts: timedelta,
    *,
    person_id: int | None = None,
    link_id: int | None = None,
) -> str:
    """Open a session of a person or of a leader's link; return the token for the cookie.

    Raises ValueError without exactly one of both.
    """
    if (person_id is None) == (link_id is None):
        raise ValueError("a session belongs to a person or to a link")
    await session.exec(delete(WebSession).where(col(WebSession.expires_at) < now - LINKS_KEPT_FOR))
    token = make_token()
    session.add(
        WebSession(
            token_sha256=hash_token(token),
            person_id=person_id,
            link_id=link_id,
            opened_at=now,
            expires_at=now + lasts,
        )
    )
    await session.flush()
    return token


async def find_session(
    session: AsyncSession, token: str, now: datetime
) -> tuple[WebSession, WebLink | None] | None:
    """Return the open session of this token with its leader's link.

    None if there is none, if it is over, or if its link was taken back or has expired.
    """
    found = await session.exec(
        select(WebSession, WebLink)
        .join(WebLink, col(WebLink.id) == WebSession.link_id, isouter=True)
        .where(
            WebSession.token_sha256 == hash_token(token),
            col(WebSession.ended_at).is_(None),
            col(WebSession.expires_at) > now,
        )
    )
    row = found.one_or_none()
    if row is None:
        return None
    opened, link = row
    return (opened, link) if link is None or link.is_good(now) else None


async def end_session(session: AsyncSession, token: str, now: datetime) -> None:
    """End the session of this token."""
    await session.exec(
        update(WebSession)
        .where(
            col(WebSession.token_sha256) == hash_token(token), col(WebSession.ended_at).is_(None)
        )
        .values(ended_at=now)
    )


async def end_sessions(session: AsyncSession, now: datetime, person_id: int) -> int:
    """End every session of a person; return how many were open."""
    changed = await session.exec(
        update(WebSession)
        .where(
            col(WebSession.person_id) == person_id,
            col(WebSession.ended_at).is_(None),
            col(WebSession.expires_at) > now,
        )
        .values(ended_at=now)
    )
    return changed.rowcount
