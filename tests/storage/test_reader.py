"""
Doors read their own account's messages, histories and events, and no others.
"""

import pytest
from sqlalchemy import Connection

from smsgw.message import Fact
from smsgw.security.fields import Fields
from smsgw.storage.database import Database
from smsgw.storage.reader import StoreReader, _matching
from smsgw.views import MessageView, Search, Step
from tests.support.record import (
    FIELDS,
    IDS,
    NOW,
    PHONE,
    chunk,
    ended,
    facts,
    now_or_never,
    orphan,
    record,
    reply,
    sent,
)


@pytest.fixture
def reader(database: Database) -> StoreReader:
    """
    A reader of an empty record.
    """
    return StoreReader(database, FIELDS)


def test_a_message_is_read_whole(database: Database, reader: StoreReader) -> None:
    """
    Every field of the view comes from the record.
    """
    record(database, chunk(), facts(*sent()), facts(*ended()))
    wanted = MessageView(
        IDS[0],
        IDS[0],
        "his",
        PHONE,
        "您的检查报告已出。",
        "notice",
        "delivered",
        1,
        "ref-0",
        "市一医院",
        "cmcc",
        "DELIVRD",
        attempts=1,
        accepted_at=NOW,
        submitted_at=NOW + 1,
        final_at=NOW + 2,
        callback_data="back",
        biz={"visit": "V1"},
    )
    assert wanted == now_or_never(reader.message("his", IDS[0]))


def test_others_messages_are_not_there(database: Database, reader: StoreReader) -> None:
    """
    Another account's id is like no id.
    """
    record(database, chunk(), facts(*sent()))
    assert now_or_never(reader.message("lis", IDS[0])) is None
    assert [] == now_or_never(reader.timeline("lis", IDS[0]))
    assert ([], "") == now_or_never(reader.search("lis", Search(), "", 10))
    assert [] == now_or_never(reader.events("lis", (), 0, 10))


def test_a_timeline_tells_every_step(database: Database, reader: StoreReader) -> None:
    """
    Acceptance, route, segments and end, in the order of time.
    """
    routed = Fact("routed", IDS[0], NOW + 0.5, note="mobile: rule r1", account="his")
    record(database, chunk(), facts(routed, *sent()))
    record(database, facts(*ended()))
    assert [
        Step(NOW, "accepted", "accepted"),
        Step(NOW + 0.5, "routed", note="mobile: rule r1"),
        Step(NOW + 1, "answered", "", "cmcc", 1, "", f"C{IDS[0]}1"),
        Step(NOW + 1, "submitted", "submitted", "cmcc"),
        Step(NOW + 2, "receipt", "", "cmcc", 1, "DELIVRD", f"C{IDS[0]}1", "delivered"),
        Step(NOW + 2, "final", "delivered", "cmcc", 0, "DELIVRD"),
    ] == now_or_never(reader.timeline("his", IDS[0]))


def test_a_search_pages_newest_first(database: Database, reader: StoreReader) -> None:
    """
    The cursor goes through everything once.
    """
    record(database, chunk(IDS[:5]))
    seen, cursor = [], ""
    while True:
        views, cursor = now_or_never(reader.search("his", Search(), cursor, 2))
        seen += [view.id for view in views]
        if not cursor:
            break
    assert list(reversed(IDS[:5])) == seen


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Search(client_ref="ref-1"), [1]),
        (Search(to="13800138002"), [2]),
        (Search(state="delivered"), [0]),
        (Search(batch=IDS[0]), [2, 1, 0]),
        (Search(batch=IDS[1]), []),
        (Search(since=NOW), [2, 1, 0]),
        (Search(since=NOW + 1), []),
        (Search(until=NOW + 1), [2, 1, 0]),
        (Search(until=NOW), []),
    ],
)
def test_a_search_finds_by(
    database: Database, reader: StoreReader, wanted: Search, found: list[int]
) -> None:
    """
    Every field of a search narrows it.
    """
    record(database, chunk(IDS[:3]), facts(*sent(), *ended()))
    views, _cursor = now_or_never(reader.search("his", wanted, "", 10))
    assert [IDS[n] for n in found] == [view.id for view in views]


def test_events_follow_the_cursor(database: Database, reader: StoreReader) -> None:
    """
    Oldest first, from a place on, of wanted types.
    """
    record(database, chunk(), facts(*sent()))
    record(database, facts(*ended()))
    first, second = now_or_never(reader.events("his", (), 0, 10))
    assert ["message.submitted", "message.delivered"] == [first.type, second.type]
    assert first.seq < second.seq
    assert [second] == now_or_never(reader.events("his", (), first.seq, 10))
    assert [second] == now_or_never(reader.events("his", ["message.delivered"], 0, 10))
    assert [first] == now_or_never(reader.events("his", (), 0, 1))
    assert {
        "batch_id": IDS[0],
        "client_ref": "ref-0",
        "state": "delivered",
        "category": "notice",
        "segments": 1,
        "code": "DELIVRD",
        "to": PHONE,
        "callback_data": "back",
        "biz": {"visit": "V1"},
    } == second.body


def test_a_reply_is_an_event_with_its_text(
    database: Database, reader: StoreReader
) -> None:
    """
    The event of a reply says who, what and which message it answers.
    """
    record(database, chunk(), facts(*sent()), facts(reply()))
    event = now_or_never(reader.events("his", ["inbound.received"], 0, 10))[0]
    assert IDS[0] == event.message_id
    assert (PHONE, "已收到", "channel") == (
        event.body["from"],
        event.body["text"],
        event.body["matched_by"],
    )


def test_a_late_receipt_is_an_event(database: Database, reader: StoreReader) -> None:
    """
    A message that ended as unknown is put right, and told so.
    """
    record(database, chunk(), facts(*sent()))
    record(database, facts(Fact("final", IDS[0], NOW + 9, "unknown", account="his")))
    record(database, facts(orphan(f"C{IDS[0]}1")))
    types = [one.type for one in now_or_never(reader.events("his", (), 0, 10))]
    assert ["message.submitted", "message.unknown", "message.late"] == types
    view = now_or_never(reader.message("his", IDS[0]))
    assert view is not None
    assert ("delivered", True) == (view.state, view.late)


def test_an_acknowledgement_counts_once(
    database: Database, reader: StoreReader
) -> None:
    """
    Repeats, strangers' and unknown ids count nothing.
    """
    record(database, chunk(), facts(*sent()))
    ids = [one.event_id for one in now_or_never(reader.events("his", (), 0, 10))]
    assert 0 == now_or_never(reader.acknowledge("lis", "app", ids, NOW))
    assert 1 == now_or_never(reader.acknowledge("his", "app", [*ids, "x"], NOW))
    assert 0 == now_or_never(reader.acknowledge("his", "app", ids, NOW))
    assert [] == now_or_never(reader.events("his", (), 0, 10, unread=True))


def test_protected_fields_are_opened(database: Database) -> None:
    """
    With protection on, readers still see numbers and texts.
    """
    fields = Fields(phone="on", text="on", key=bytes(32))
    record(database, chunk(), fields=fields)
    view = now_or_never(StoreReader(database, fields).message("his", IDS[0]))
    assert view is not None
    assert (PHONE, "您的检查报告已出。") == (view.to, view.text)


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("wanted", "index", "terms"),
    [
        (Search(client_ref="r"), "ix_messages_ref", "(account=? AND client_ref=?)"),
        (
            Search(batch=IDS[0]),
            "ix_messages_account",
            "(account=? AND id>? AND id<?)",
        ),
        (
            Search(since=NOW, until=NOW + 60),
            "ix_messages_account",
            "(account=? AND id>? AND id<?)",
        ),
    ],
)
def test_a_search_reads_only_what_it_finds(
    database: Database, wanted: Search, index: str, terms: str
) -> None:
    """
    References and times are looked up, and come in their order, by an index.
    """
    query = _matching("his", wanted, "", "")

    def plan(connection: Connection) -> list[str]:
        sql = query.compile(connection, compile_kwargs={"literal_binds": True})
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}")
        return [row[-1] for row in found]

    steps = now_or_never(database.read(plan))
    first = steps[0].replace("COVERING ", "")
    assert f"SEARCH messages USING INDEX {index} {terms}" == first
    assert not [step for step in steps if "TEMP B-TREE" in step]
