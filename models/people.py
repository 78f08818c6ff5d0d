"""People, their posts (roles in agencies), and invitations."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import BindParameter, Column, ColumnElement, UniqueConstraint, and_, func, or_
from sqlmodel import Field, SQLModel, col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from models.agencies import Agency
from models.storage.fields import Moment
from models.web_access import LinkKind, end_sessions, revoke_links


class PostRole(StrEnum):
    """The role of a person (docs/quyen.md); most rights first."""

    ADMIN = "admin"
    SUPERVISOR = "supervisor"
    LEADER = "leader"
    HEAD = "head"
    FOCAL_POINT = "focal_point"
    VIEWER = "viewer"


class Person(SQLModel, table=True):
    """Somebody who writes to the bot through a channel.

    Only name and address are stored (docs/du-lieu-ca-nhan.md). `remind_channel` is where
    reminders go, None for the channel the person joined by; others: models/channels/accounts.py.
    """

    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: int = Field(default=None, primary_key=True)
    channel: str
    address: str
    name: str
    joined_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    remind_channel: str | None = None
    left_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class Post(SQLModel, table=True):
    """One role of a person, for one agency if the role is an agency's.

    `stands_in_for` is the post whose duties were handed over, from `from_day` to `until`.
    `ended_at`: given up.
    """

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    role: str
    agency_id: int | None = Field(default=None, foreign_key="agency.id", index=True)
    from_day: date | None = None
    until: date | None = None
    stands_in_for: int | None = Field(default=None, foreign_key="post.id")
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(Moment))


class Invitation(SQLModel, table=True):
    """A joining code; only its SHA-256 is stored."""

    id: int = Field(default=None, primary_key=True)
    code_sha256: str = Field(unique=True)
    role: str
    agency_id: int | None = Field(default=None, foreign_key="agency.id")
    uses_left: int
    expires_at: datetime = Field(sa_column=Column(Moment, nullable=False))
    made_by: int | None = Field(default=None, foreign_key="person.id")
    made_at: datetime = Field(sa_column=Column(Moment, nullable=False))


class Attempt(SQLModel, table=True):
    """Something counted against a limit: a message, a wrong code."""

    id: int = Field(default=None, primary_key=True)
    channel: str
    address: str = Field(index=True)
    kind: str
    at: datetime = Field(sa_column=Column(Moment, nullable=False, index=True))


def match_active_posts(today: date | BindParameter[date]) -> ColumnElement[bool]:
    """Return the condition that a post is active on `today`."""
    return and_(
        col(Post.ended_at).is_(None),
        or_(col(Post.from_day).is_(None), col(Post.from_day) <= today),
        or_(col(Post.until).is_(None), col(Post.until) >= today),
    )


async def count_people(session: AsyncSession, without: str) -> int:
    """Count the people who ever joined by a channel other than `without`."""
    joined = select(func.count()).select_from(Person).where(col(Person.channel) != without)
    return (await session.exec(joined)).one()


async def find_post_holders(
    session: AsyncSession,
    roles: Iterable[PostRole],
    today: date,
    agency_ids: Iterable[int] | None = None,
) -> list[Person]:
    """Return the people who have one of `roles` on `today`, by id.

    With `agency_ids`, only roles in these agencies count.
    """
    statement = (
        select(Person)
        .where(
            col(Person.left_at).is_(None),
            col(Person.id).in_(
                select(Post.person_id).where(
                    col(Post.role).in_(list(roles)),
                    match_active_posts(today),
                    *([] if agency_ids is None else [col(Post.agency_id).in_(list(agency_ids))]),
                )
            ),
        )
        .order_by(col(Person.id))
    )
    return list(await session.exec(statement))


async def list_posts(
    session: AsyncSession, person_id: int, today: date
) -> list[tuple[Post, str | None]]:
    """Return a person's posts of `today` and later with the agencies' names, by id."""
    rows = await session.exec(
        select(Post, Agency.name)
        .join(Agency, col(Agency.id) == Post.agency_id, isouter=True)
        .where(
            Post.person_id == person_id,
            col(Post.ended_at).is_(None),
            or_(col(Post.until).is_(None), col(Post.until) >= today),
        )
        .order_by(col(Post.id))
    )
    return list(rows)


async def is_only_admin(
    session: AsyncSession, person_id: int, without_post: int | None = None
) -> bool:
    """Return whether no admin would be left without this person (or without this post of theirs).

    It locks the admins' posts until the transaction ends, so that of two admins who leave at once
    one stays.
    """
    lasting = await session.exec(
        select(col(Post.id), Post.person_id)
        .join(Person, col(Person.id) == Post.person_id)
        .where(
            Post.role == PostRole.ADMIN,
            col(Post.ended_at).is_(None),
            col(Post.until).is_(None),
            col(Person.left_at).is_(None),
        )
        .with_for_update(of=Post)
    )
    leaving = [
        owner_id == person_id if without_post is None else post_id == without_post
        for post_id, owner_id in lasting
    ]
    return bool(leaving) and all(leaving)


async def end_membership(session: AsyncSession, person: Person, now: datetime) -> list[int]:
    """End all posts of `person`, who leaves. Return the ids of the posts that ended."""
    posts = (
        await session.exec(
            select(Post).where(Post.person_id == person.id, col(Post.ended_at).is_(None))
        )
    ).all()
    for post in posts:
        post.ended_at = now
        session.add(post)
    person.left_at = now
    session.add(person)
    await end_sessions(session, now, person.id)
    await revoke_links(session, now, person.id, LinkKind.LOGIN, LinkKind.FEED)
    await session.flush()
    return [post.id for post in posts]
