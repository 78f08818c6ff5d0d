"""Further accounts: whose an account is, and how one is added or given up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from models.channels.accounts import (
    Account,
    AccountTaken,
    claim_account,
    find_account_owner,
    list_accounts,
    offer_account,
)
from models.people import Person, PostRole
from models.storage.database import Database
from tests.support.fakes import at, fill

TODAY = date(2026, 11, 20)
NOW = at(TODAY)
LATER = NOW + timedelta(hours=1)


async def _fill(database: Database) -> list[Person]:
    """Three people on the channel "m", at "a1", "a2" and "a3"; each has two accounts on "n"."""
    async with fill(database, TODAY, "m") as filling:
        people = [await filling.person(n, PostRole.ADMIN, chat=n) for n in ("a1", "a2", "a3")]
        for further in ("x", "b"):
            for person in people:
                address = f"{further}{person.address[1]}"
                filling.session.add(Account(person_id=person.id, channel="n", address=address))
                await filling.session.flush()
    return people


async def test_an_account_is_one_persons_by_channel_and_address(sqlite: Database) -> None:
    people = await _fill(sqlite)

    async def find(channel: str, address: str) -> str | None:
        async with sqlite.read() as session:
            owner = await find_account_owner(session, channel, address)
        return owner.name if owner is not None else None

    for number, person in enumerate(people, 1):
        assert await find("m", f"a{number}") == person.name
        assert await find("n", f"b{number}") == person.name
    for channel, address in (("l", "a2"), ("n", "a2"), ("m", "b2"), ("z", "b2"), ("n", "b4")):
        assert await find(channel, address) is None
    async with sqlite.read() as session:
        accounts = await list_accounts(session, people[1])
    assert accounts == [("m", "a2"), ("n", "x2"), ("n", "b2")]


@pytest.mark.parametrize("first_left", [True, False])
async def test_a_member_is_found_before_one_who_left(sqlite: Database, first_left: bool) -> None:
    async with fill(sqlite, TODAY, "m") as filling:
        first = await filling.person("Một", PostRole.ADMIN, chat="1")
        other = await filling.person("Hai", PostRole.ADMIN, chat="2")
        filling.session.add(Account(person_id=other.id, channel="m", address="1"))
        (first if first_left else other).left_at = NOW
    async with sqlite.read() as session:
        owner = await find_account_owner(session, "m", "1")
    assert owner is not None
    assert owner.name == ("Hai" if first_left else "Một")


async def test_the_last_code_of_a_person_is_good_until_its_end(sqlite: Database) -> None:
    one, two, three = await _fill(sqlite)
    async with sqlite.write() as session:
        await offer_account(session, two.id, "void", LATER)
        for person in (one, two, three):
            await offer_account(session, person.id, f"code of {person.name}", LATER)

    async def claim(code: str, after: timedelta) -> str | None:
        async with sqlite.write() as session:
            person = await claim_account(session, code, "n", "new", NOW + after)
        return person.name if person is not None else None

    assert await claim("void", timedelta()) is None
    assert await claim("code of a2", timedelta(hours=1)) is None
    assert await claim("code of a2", timedelta(minutes=59)) == "a2"
    with pytest.raises(AccountTaken) as again:
        await claim("code of a3", timedelta())
    assert not again.value.is_own
    assert await claim("code of a2", timedelta()) is None  # it is used
    async with sqlite.read() as session:
        accounts = [await list_accounts(session, person) for person in (one, two, three)]
        offers = await session.exec(
            select(Account.code_sha256).where(col(Account.channel).is_(None))
        )
        assert sorted(map(str, offers)) == ["code of a1", "code of a3"]
    assert accounts == [
        [("m", "a1"), ("n", "x1"), ("n", "b1")],
        [("m", "a2"), ("n", "x2"), ("n", "b2"), ("n", "new")],
        [("m", "a3"), ("n", "x3"), ("n", "b3")],
    ]


@pytest.mark.parametrize(("channel", "address"), [("m", "a2"), ("n", "b2")])
async def test_who_types_a_code_where_they_write_from_already_is_told(
    sqlite: Database, channel: str, address: str
) -> None:
    _, two, _ = await _fill(sqlite)
    async with sqlite.write() as session:
        await offer_account(session, two.id, "code", LATER)
        with pytest.raises(AccountTaken) as taken:
            await claim_account(session, "code", channel, address, NOW)
    assert taken.value.is_own


@pytest.mark.parametrize(("channel", "address"), [("m", "a2"), ("n", "b2")])
async def test_the_account_of_one_who_left_can_be_added_by_another(
    sqlite: Database, channel: str, address: str
) -> None:
    one, two, three = await _fill(sqlite)
    async with sqlite.write() as session:
        left = await session.get_one(Person, two.id)
        left.left_at = NOW
        session.add(left)
        await offer_account(session, three.id, "code", LATER)
        claimed = await claim_account(session, "code", channel, address, NOW)
        assert claimed is not None
        assert claimed.id == three.id
        owner = await find_account_owner(session, channel, address)
        assert owner is not None
        assert owner.id == three.id
    async with sqlite.read() as session:
        people = [await session.get_one(Person, person.id) for person in (one, two, three)]
        accounts = [await list_accounts(session, person) for person in people]
    assert accounts[0] == [("m", "a1"), ("n", "x1"), ("n", "b1")]
    assert accounts[1] == [
        ("m", f"a2 ({two.id})" if channel == "m" else "a2"),
        ("n", "x2"),
        *([("n", "b2")] if channel == "m" else []),
    ]
    assert accounts[2] == [("m", "a3"), ("n", "x3"), ("n", "b3"), (channel, address)]


async def test_who_has_the_same_address_on_another_channel_keeps_it(sqlite: Database) -> None:
    one, two, three = await _fill(sqlite)
    async with sqlite.write() as session:
        other = await session.get_one(Person, one.id)
        other.address = "b2"  # on "m"; on "n" it is of the second, who left
        left = await session.get_one(Person, two.id)
        left.left_at = NOW
        await offer_account(session, three.id, "code", LATER)
        assert await claim_account(session, "code", "n", "b2", NOW) is not None
    async with sqlite.read() as session:
        first = await session.get_one(Person, one.id)
        assert (await list_accounts(session, first))[0] == ("m", "b2")
