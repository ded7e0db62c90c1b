"""
Replies find their account and message by rules that are told.
"""

from typing import Any

import attrs
import pytest
from sqlalchemy import Connection, select

from smsgw.directory import Keyword, Template
from smsgw.message import Fact, Inbound
from smsgw.storage.blocklist import blocks_of
from smsgw.storage.database import Database
from smsgw.storage.replies import Owner, owner_of
from smsgw.storage.tables import account_events, inbound
from tests.support.record import (
    DIRECTORY,
    FIELDS,
    IDS,
    NOW,
    PHONE,
    chunk,
    facts,
    now_or_never,
    record,
    reply,
    sent,
)

RECENT = [("M3", "his", "ct"), ("M2", "lis", "cmcc"), ("M1", "his", "cmcc")]


def to(access: str, channel: str = "cmcc") -> Inbound:
    """
    A reply to an access number.
    """
    return Inbound(channel, "d", "13800138000", access, b"", 8, NOW)


@pytest.mark.parametrize(
    ("one", "owner"),
    [
        (to("1069000102"), Owner("lis", "M2", "extension")),
        (to("1069000101"), Owner("his", "M3", "extension")),
        (to("10690001"), Owner("lis", "M2", "channel")),
        (to("10690001", "cu"), Owner("his", "M3", "number")),
        (to("999"), Owner("lis", "M2", "channel")),
    ],
)
def test_rules_go_from_sure_to_likely(one: Inbound, owner: Owner) -> None:
    """
    The extension decides, then the channel, then the number alone.
    """
    assert owner == owner_of(one, RECENT, DIRECTORY)


def test_without_messages_only_an_extension_decides() -> None:
    """
    Nobody's reply is kept as nobody's.
    """
    assert Owner("his", "-", "extension") == owner_of(to("1069000101"), [], DIRECTORY)
    assert Owner() == owner_of(to("10690001"), [], DIRECTORY)


def kept(database: Database) -> list[Any]:
    """
    The replies in the record.
    """

    def run(connection: Connection) -> list[Any]:
        return list(connection.execute(select(inbound)))

    return now_or_never(database.read(run))


def events(database: Database) -> list[str]:
    """
    The types of all events.
    """

    def run(connection: Connection) -> list[str]:
        return list(connection.execute(select(account_events.c.event_type)).scalars())

    return now_or_never(database.read(run))


def test_a_reply_finds_the_newest_message(database: Database) -> None:
    """
    Also one that was recorded in the same stretch.
    """
    record(database, chunk(IDS[:1], at=NOW), facts(*sent()))
    record(
        database, chunk(IDS[1:2]), facts(*sent(IDS[1]), reply(number="8613800138000"))
    )
    assert [(IDS[1], "his", "channel")] == [
        (row.message_id, row.account, row.matched_by) for row in kept(database)
    ]


def test_a_reply_is_kept_once(database: Database) -> None:
    """
    A carrier's repeat is no second reply and no second event.
    """
    record(database, chunk(), facts(reply()), facts(reply()))
    record(database, facts(reply()))
    assert 1 == len(kept(database))
    assert 1 == events(database).count("inbound.received")


def test_old_messages_are_not_answered(database: Database) -> None:
    """
    After seven days a number says nothing.
    """
    record(database, chunk(at=NOW - 8 * 86400), facts(*sent(), reply()))
    assert ["-"] == [row.message_id for row in kept(database)]
    assert [] == [one for one in events(database) if one == "inbound.received"]


def test_an_account_without_events_gets_none(database: Database) -> None:
    """
    Its reply is kept nevertheless.
    """
    record(database, facts(reply(access="1069000102")))
    assert ["lis"] == [row.account for row in kept(database)]
    assert [] == events(database)


def test_a_torn_fact_is_passed_over(database: Database) -> None:
    """
    A fact without its reply keeps nothing.
    """
    record(database, facts(Fact("inbound", "x", NOW)))
    assert [] == kept(database)


def blocks(database: Database) -> dict[str, bool]:
    """
    Scopes in which the number is blocked, or was.
    """
    entries = now_or_never(database.read(blocks_of, FIELDS, PHONE))
    return {one.block.scope: one.block.active for one in entries}


@pytest.mark.parametrize("text", ["TD", "ｔ", "退订！"])
def test_who_opts_out_is_blocked_for_the_account(database: Database, text: str) -> None:
    """
    In the transaction that keeps the reply; the event says what was asked.
    """
    record(database, chunk(), facts(*sent(), reply(text=text)))
    assert {"account:his": True} == blocks(database)
    assert ["opt_out"] == [row.action for row in kept(database)]
    body = now_or_never(database.read(_bodies))[-1]
    assert '"action":"opt_out"' in body


def _bodies(connection: Connection) -> list[str]:
    rows = connection.execute(select(account_events).order_by(account_events.c.seq))
    return [row.body for row in rows if row.event_type == "inbound.received"]


def test_nobodys_opt_out_is_for_all(database: Database) -> None:
    """
    Whose message it was is not known: better none than one too many.
    """
    record(database, facts(reply(text="TD")))
    assert {"all": True} == blocks(database)


def test_opting_in_again(database: Database) -> None:
    """
    The block of the same scope is lifted.
    """
    record(database, chunk(), facts(*sent(), reply(text="TD")))
    record(database, facts(reply(text="恢复订阅", name="d2")))
    assert {"account:his": False} == blocks(database)


def test_an_operators_keyword_owes_an_answer(database: Database) -> None:
    """
    Only the template is noted; the gateway sends it.
    """
    keyword = Keyword("yes", ("1",), "confirm", answer="thanks")
    objects = attrs.evolve(DIRECTORY, keywords={"yes": keyword})
    record(database, chunk(), facts(*sent(), reply(text="1")), directory=objects)
    assert [("confirm", "thanks")] == [
        (row.action, row.answer) for row in kept(database)
    ]
    assert {} == blocks(database)


def test_a_templates_extension_is_its_accounts() -> None:
    """
    The longest extension that fits decides.
    """
    template = Template("t", "复诊", "请复诊", account="lis", extension="0177")
    objects = attrs.evolve(DIRECTORY, templates={"t": template})
    assert Owner("lis", "M2", "extension") == owner_of(
        to("106900010177"), RECENT, objects
    )


def test_what_was_never_sent_is_not_answered(database: Database) -> None:
    """
    A newer message that was refused leaves the reply to the one before.
    """
    refused = Fact("rejected", IDS[1], NOW, "rejected", code="4101", account="his")
    record(database, chunk(IDS[:1], at=NOW), facts(*sent()))
    record(database, chunk(IDS[1:2]), facts(refused))
    record(database, facts(reply()))
    assert [IDS[0]] == [row.message_id for row in kept(database)]
