"""
From chunks to out queues.
"""

import msgspec

from smsgw.directory import Directory
from smsgw.gateway.counting import Counting
from smsgw.gateway.dispatch import LOW_MARK, Depth, dispatch_chunk
from smsgw.gateway.flight import decode_entry
from smsgw.message import Fact, Item, Submission, decode_chunk
from smsgw.queues.memory import MemoryQueue
from smsgw.rules.book import Rulebook
from tests.support.worlds import NOW, World, directory, run


def chunk_of(world: World) -> bytes:
    """
    The first chunk in intake.
    """
    ((_, body),) = run(world.queue.peek("notice", 1))
    return body


def test_messages_go_to_their_group() -> None:
    """Each message of a chunk becomes an entry of its set and lane."""
    world = World()
    ids = world.accept("一", "二")
    done = dispatch_chunk(
        decode_chunk(chunk_of(world)), Rulebook.of(directory()), Counting(), NOW
    )
    (put,) = done.puts

    assert "all:notice" == put.queue
    assert ids == [decode_entry(entry).id for entry in put.entries]
    assert ["一", "二"] == [decode_entry(entry).text for entry in put.entries]


def test_why_it_is_bulk_is_told() -> None:
    """What is not plain about the category stands before the way."""
    world = World()
    world.accept("一")
    chunk = decode_chunk(chunk_of(world))
    chunk.why = "bulk: many"
    done = dispatch_chunk(chunk, Rulebook.of(directory()), Counting(), NOW)
    (fact,) = msgspec.msgpack.decode(done.facts, type=list[Fact])

    assert ("routed", "bulk: many; mobile: r1 -> all") == (fact.kind, fact.note)


def test_no_route_is_a_fact() -> None:
    """Without a rule a message ends as rejected, and the rules tried are told."""
    world = World()
    world.accept("一")
    done = dispatch_chunk(
        decode_chunk(chunk_of(world)), Rulebook.of(Directory()), Counting(), NOW
    )
    facts = msgspec.msgpack.decode(done.facts, type=list[Fact])

    assert 1 == done.ended
    assert ("rejected", "5001") == (facts[0].state, facts[0].code)


def test_the_backlog_stays_in_intake() -> None:
    """No more is dispatched than live channels have work for."""
    world = World(queue=MemoryQueue())
    world.carrier.segments = 0
    account = world.objects.accounts["his"]
    for start in range(0, 30_000, 10_000):
        items = [Item(f"138{start + n:08d}") for n in range(10_000)]
        run(world.shard.gateway.accept(account, Submission(items, "好"), NOW))
    world.turn(30)
    depths = run(world.queue.depths(NOW))

    assert LOW_MARK <= depths.out["all:notice"] <= LOW_MARK + 2_000
    assert 26_000 <= depths.intake["notice"]


def test_depth_is_never_negative() -> None:
    """Counting here may drift; the store puts it right."""
    depth = Depth()
    depth.change("all:notice", -3)
    assert {"all:notice": 0} == depth.queues
    depth.correct({"all!cm1:bulk": 4})

    assert {"all", "all!cm1"} == depth.sets()
