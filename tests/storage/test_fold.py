"""
Facts fold into rows: segments, events, tallies.
"""

import msgspec

from smsgw.directory import Account, Directory
from smsgw.message import Fact
from smsgw.storage.fold import Fold, read_stretch
from tests.support.record import (
    DIRECTORY,
    IDS,
    NOW,
    chunk,
    ended,
    facts,
    orphan,
    reply,
    sent,
)

HOUR = int(NOW * 1000) // 3_600_000 * 3_600_000


def fold(*items: tuple[str, bytes], directory: Directory = DIRECTORY) -> Fold:
    """
    Everything in one stretch.
    """
    folded = Fold(directory)
    folded.take(read_stretch(items))
    return folded


def test_a_whole_life_in_one_stretch_is_one_line() -> None:
    """
    Chunk, answers, receipt and end leave one row in its last state.
    """
    folded = fold(chunk(), facts(*sent(), *ended()))
    line = folded.lines[IDS[0]]
    assert ("delivered", 3, "cmcc", 4) == (
        line.state,
        line.rank,
        line.channel,
        len(line.history),
    )
    assert {(f"C{IDS[0]}1", "cmcc", IDS[0], 1, 1)} == folded.segments


def test_attempts_have_segments_of_their_own() -> None:
    """
    What another carrier took stays beside what went out then.
    """
    taken = Fact("answered", IDS[0], NOW, "", "ct", 1, "", "one", account="his")
    refused = Fact("refused", IDS[0], NOW, "", "ct", 2, "8", account="his")
    again = Fact("again", IDS[0], NOW, "queued", "ct", note="all", account="his")
    folded = fold(chunk(), facts(taken, refused, again, *sent()))
    assert {
        ("one", "ct", IDS[0], 1, 1),
        (f"C{IDS[0]}1", "cmcc", IDS[0], 2, 1),
    } == folded.segments


def test_events_are_only_for_accounts_that_want_them() -> None:
    """
    An account without events has none; an unknown account keeps them.
    """
    assert ["submitted.1", "delivered"] == [
        one.event_id.partition(".")[2]
        for one in fold(chunk(), facts(*sent(), *ended())).events
    ]
    assert [] == fold(chunk(account="lis"), facts(*sent(), *ended())).events
    assert 2 == len(fold(chunk(account="new"), facts(*sent(), *ended())).events)


def test_events_say_neither_number_nor_text() -> None:
    """
    Bodies are kept outside of field protection, so they hold nothing of it.
    """
    body = fold(chunk(), facts(*sent())).events[0].body
    assert "138" not in body
    assert "报告" not in body


def test_tallies_count_acceptance_and_ends() -> None:
    """
    Accepted once, ended once, by the hour of acceptance.
    """
    folded = fold(chunk(IDS[:3], segments=2), facts(*sent(), *ended()))
    assert {
        (HOUR, "his", "main", "-", "-", "notice", "accepted"): (3, 6),
        (HOUR, "his", "main", "cmcc", "mobile", "notice", "delivered"): (1, 2),
    } == folded.tallies()


def test_tallies_move_when_an_end_is_put_right() -> None:
    """
    A message is counted in one final state only.
    """
    folded = fold(chunk())
    line = folded.lines[IDS[0]]
    later = Fold(Directory(accounts={"his": Account("his", "HIS")}), {line.id: line})
    line.state, line.rank, line.counted = "unknown", 1, ("unknown", "-")
    later.take_fact(Fact("final", IDS[0], NOW, "delivered", account="his"))
    key = (HOUR, "his", "-", "-", "-", "notice")
    assert {(*key, "unknown"): (-1, -1), (*key, "delivered"): (1, 1)} == later.tallies()


def test_facts_about_nobody_are_counted() -> None:
    """
    A message that no chunk brought is a stray, not an error.
    """
    assert 2 == fold(facts(*ended())).strays


def test_facts_of_the_gateway_go_their_own_ways() -> None:
    """
    Routes are about batches; replies and orphans about nobody yet.
    """
    routed = Fact("routed", IDS[0], NOW, note="why")
    stretch = read_stretch([facts(routed, reply(), orphan("c1")), ("chunk", b"")])
    assert set() == stretch.wanted()
    folded = Fold(DIRECTORY)
    folded.take(stretch)
    assert [1, 1, [IDS[0]]] == [
        len(folded.inbound),
        len(folded.orphans),
        list(folded.routing),
    ]


def test_a_scheduled_chunk_waits_as_such() -> None:
    """
    A message for later says so from the beginning.
    """
    kind, body = chunk()
    values = msgspec.msgpack.decode(body)
    values[9] = NOW + 600
    folded = fold((kind, msgspec.msgpack.encode(values)))
    assert "scheduled" == folded.lines[IDS[0]].state


def test_a_chunk_whose_columns_differ_is_spoiled() -> None:
    """
    It cannot be told which number is whose, so none is recorded.
    """
    values = msgspec.msgpack.decode(chunk(IDS[:2])[1])
    for column, wrong in ((15, ["138"]), (16, ["one"]), (14, [])):
        torn = [*values[:column], wrong, *values[column + 1 :]]
        items = [chunk(), ("chunk", msgspec.msgpack.encode(torn))]
        stretch = read_stretch(items)
        assert ([1], 1) == (stretch.spoiled, len(stretch.chunks))
