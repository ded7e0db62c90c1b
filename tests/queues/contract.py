"""
What every queue keeps to: accepting, dispatching, facts, counters.

A test class mixes a contract in and says how a queue is made.
"""

import struct
from collections.abc import Sequence
from typing import Any

from twisted.trial.unittest import TestCase

from smsgw.ports import (
    Admission,
    Dispatched,
    Down,
    Put,
    Queue,
    Settle,
    Stored,
    Up,
    Want,
)
from smsgw.queues.stale import Stale

__all__ = ["NOW", "TALLY", "AcceptContract", "QueueCase", "admission", "entry"]

NOW = 1_790_000_000.0
LATER = NOW + 86_400 * 30
TALLY = "his|20260921"
HOUR = 3600.0


def entry(
    name: str,
    expires_at: float = LATER,
    segments: int = 1,
    price: int = 0,
    tally: str = TALLY,
) -> bytes:
    """
    An out queue's entry; its opaque part is not msgpack.
    """
    head = header(name, int(expires_at), tally, segments, price)
    return head + b"\xc1" + name.encode()


def header(
    name: str, expires_at: int, tally: str, segments: int, price: int = 0
) -> bytes:
    """
    What an entry begins with.
    """
    rest = struct.pack(">IHI", expires_at, segments, price)
    for one in (name.encode(), tally.encode()):
        rest += struct.pack(">H", len(one)) + one
    return struct.pack(">H", len(rest)) + rest


def admission(name: str, count: int = 2, **fields: Any) -> Admission:
    """
    One chunk of C{count} messages in the notice lane.
    """
    chunk = Stored(f"c{name}", "notice", count, f"body {name}".encode())
    wanted: dict[str, Any] = {
        "tally": TALLY,
        "chunks": [chunk],
        "high_id": name,
        **fields,
    }
    return Admission(**wanted)


class QueueCase(TestCase):
    """
    A queue that was claimed, and the shortest ways to fill it.
    """

    queue: Queue
    epoch: int
    number = 0

    async def make(self, high_water: int) -> Queue:
        """
        An empty queue.
        """
        raise NotImplementedError

    async def setUp(self) -> None:
        """
        A fresh queue, claimed.
        """
        self.queue = await self.make(1000)
        self.epoch = await self.queue.claim("node")

    async def accept(self, *admissions: Admission, now: float = NOW) -> list[str]:
        """
        The kinds of verdicts.
        """
        return [found.kind for found in await self.queue.accept(admissions, now)]

    async def fill(
        self, *names: str, queue: str = "all:notice", segments: int = 1
    ) -> None:
        """
        Messages through accept and dispatch into an out queue.
        """
        entries = [entry(name, segments=segments) for name in names]
        await self.put(entries, queue)

    async def put(
        self, entries: Sequence[bytes], queue: str, not_before: float = 0.0
    ) -> None:
        """
        The same for ready entries.
        """
        self.number += 1
        name = f"0{self.number}"
        await self.accept(admission(name, len(entries)))
        puts = [Put(queue, list(entries), not_before)]
        done = Dispatched(f"c{name}", "notice", puts)
        await self.queue.dispatch(self.epoch, [done], NOW)

    async def exchange(self, now: float = NOW, **fields: Any) -> Down:
        """
        The next exchange.
        """
        self.number += 1
        up = Up(self.epoch, self.number, **fields)
        return await self.queue.exchange(up, now)

    async def lease(self, *names: str, channel: str = "cm") -> None:
        """
        Messages through an out queue to a channel.
        """
        await self.fill(*names)
        want = Want(channel, 1000, 1000, ["all:notice"])
        await self.exchange(wants=[want])

    async def open(self, name: str, carrier_id: str, now: float = NOW) -> None:
        """
        A leased message that the carrier took.
        """
        ids = [(f"cm|{carrier_id}", 0)]
        settle = Settle("open", name, TALLY, b"opened", ids)
        await self.exchange(now, settles=[settle])

    async def counted(self, **wanted: int) -> None:
        """
        The tally's counters are these, the others 0, and they add up.
        """
        for found in (await self.queue.counts()).values():
            self.assertEqual(wanted, {k: v for k, v in found.items() if v})
            parts = (found[k] for k in ("waiting", "leased", "open", "ended"))
            self.assertEqual(found["accepted"], sum(parts))


class AcceptContract(QueueCase):
    """
    Accepting, dispatching, facts.
    """

    async def test_accepted_is_in_intake(self) -> None:
        """
        A kept chunk can be peeked at, as often as wanted.
        """
        self.assertEqual(["accepted"], await self.accept(admission("1")))
        for _ in range(2):
            self.assertEqual([("c1", b"body 1")], await self.queue.peek("notice", 10))
        self.assertEqual([], await self.queue.peek("bulk", 10))
        await self.counted(accepted=2, waiting=2)

    async def test_peek_is_in_order(self) -> None:
        """
        The first chunks come first, and only as many as asked for.
        """
        await self.accept(*map(admission, "123"))
        found = await self.queue.peek("notice", 2)
        self.assertEqual(["c1", "c2"], [name for name, _ in found])

    async def test_repeated_accept(self) -> None:
        """
        A call whose answer was lost is repeated and keeps nothing twice.
        """
        full = admission("1", nonce="n", key="k", body_hash=b"h", answer=b"a")
        first = await self.accept(full, admission("2"))
        self.assertEqual(first, await self.accept(full, admission("2")))
        await self.counted(accepted=4, waiting=4)

    async def test_high_id(self) -> None:
        """
        The greatest id is remembered, whatever comes later.
        """
        self.assertEqual("", await self.queue.high_id())
        await self.accept(admission("5"), admission("3"))
        self.assertEqual("5", await self.queue.high_id())

    async def test_nonce(self) -> None:
        """
        A nonce is good once in ten minutes and more.
        """
        await self.accept(admission("1", nonce="a|n"))
        again = admission("2", nonce="a|n")
        self.assertEqual(["nonce"], await self.accept(again, now=NOW + 590))
        self.assertEqual(["accepted"], await self.accept(again, now=NOW + 1300))

    async def test_key_replay(self) -> None:
        """
        A key with the same body gets the stored answer, with another a conflict.
        """
        key = {"key": "a|k", "body_hash": b"h1"}
        await self.accept(admission("1", **key, answer=b"\x00\xff"))
        (found,) = await self.queue.accept([admission("2", **key)], NOW + 23 * HOUR)
        self.assertEqual(("replay", b"\x00\xff"), (found.kind, found.answer))
        other = admission("3", key="a|k", body_hash=b"h2")
        self.assertEqual(["conflict"], await self.accept(other))
        await self.counted(accepted=2, waiting=2)

    async def test_key_without_chunks(self) -> None:
        """
        An answer that accepts nothing is kept all the same.
        """
        nothing = admission("1", chunks=[], key="k", answer=b"none")
        self.assertEqual(["accepted"], await self.accept(nothing))
        self.assertEqual(["replay"], await self.accept(admission("2", key="k")))

    async def test_known_references(self) -> None:
        """
        Known references are named with what they were, and nothing is kept.
        """
        refs = [("his|r1", "m1", b"h1"), ("his|r2", "m2", b"h2")]
        await self.accept(admission("1", refs=refs))
        refs = [("his|r0", "m3", b""), ("his|r1", "m4", b"h1"), ("his|r2", "m5", b"")]
        mixed = admission("2", refs=refs, nonce="n", key="k")
        (found,) = await self.queue.accept([mixed], NOW + 6 * 86_400)
        self.assertEqual("known", found.kind)
        self.assertEqual([(1, "m1", True), (2, "m2", False)], list(found.known))
        rest = admission("3", refs=refs[:1], nonce="n", key="k")
        self.assertEqual(["accepted"], await self.accept(rest, now=NOW + 6 * 86_400))
        await self.counted(accepted=4, waiting=4)

    async def test_ten_thousand_references(self) -> None:
        """
        As many references as a submission may have numbers.
        """
        refs = [(f"his|r{n}", f"m{n}", b"h") for n in range(10_000)]
        await self.accept(admission("1", refs=refs))
        (found,) = await self.queue.accept([admission("2", refs=refs)], NOW)
        self.assertEqual((9_999, "m9999", True), found.known[-1])
        self.assertEqual(10_000, len(found.known))

    async def test_high_water(self) -> None:
        """
        Above the mark submissions are refused, each on its own.
        """
        kinds = await self.accept(admission("1", 1001), admission("2", nonce="n"))
        self.assertEqual(["accepted", "full"], kinds)
        done = Dispatched("c1", "notice", [], ended=1001, tally=TALLY)
        await self.queue.dispatch(self.epoch, [done], NOW)
        again = await self.accept(admission("3", nonce="n"))
        self.assertEqual(["accepted"], again)

    async def test_dispatch(self) -> None:
        """
        A dispatched chunk leaves intake; its messages wait in out queues or ended.
        """
        await self.accept(admission("1", 3))
        puts = [Put("a:notice", [entry("m1")]), Put("b:notice", [entry("m2")])]
        done = Dispatched("c1", "notice", puts, b"facts", 1, TALLY)
        for _ in range(2):
            await self.queue.dispatch(self.epoch, [done], NOW)
            depths = await self.queue.depths(NOW)
            self.assertEqual(0, depths.intake["notice"])
            self.assertEqual({"a:notice": 1, "b:notice": 1}, dict(depths.out))
            self.assertEqual(2, depths.facts)
            await self.counted(accepted=3, waiting=2, ended=1)

    async def test_dispatch_under_an_old_epoch(self) -> None:
        """
        Whoever lost the shard cannot dispatch.
        """
        await self.queue.claim("other")
        with self.assertRaises(Stale):
            await self.queue.dispatch(self.epoch, [], NOW)

    async def test_chunk_not_before(self) -> None:
        """
        A chunk for later waits and counts; when due it is in intake.
        """
        chunk = Stored("c1", "notice", 2, b"body", NOW + 60)
        await self.accept(admission("1", chunks=[chunk]))
        self.assertEqual([], await self.queue.peek("notice", 1))
        self.assertEqual(2, (await self.queue.depths(NOW)).due)
        await self.counted(accepted=2, waiting=2)
        self.assertEqual(0, (await self.exchange(NOW + 59)).promoted)
        self.assertEqual(1, (await self.exchange(NOW + 60)).promoted)
        self.assertEqual([("c1", b"body")], await self.queue.peek("notice", 1))
        depths = await self.queue.depths(NOW)
        self.assertEqual((0, 2), (depths.due, depths.intake["notice"]))

    async def test_facts_are_read_in_order(self) -> None:
        """
        Positions count on; a chunk is a fact from its accept until it is trimmed.
        """
        await self.fill("m1")
        await self.exchange(facts=[b"one", b"", b"two"])
        chunk = ("chunk", b"body 01")
        facts = [("facts", b"one"), ("facts", b"two")]
        self.assertEqual((0, [chunk, *facts]), await self.queue.facts(0, 10))
        self.assertEqual((1, facts[:1]), await self.queue.facts(1, 1))
        for _ in range(2):
            await self.queue.trim(2)
            self.assertEqual((2, facts[1:]), await self.queue.facts(0, 10))
        self.assertEqual((3, []), await self.queue.facts(3, 10))

    async def test_chunk_outlives_its_fact(self) -> None:
        """
        A chunk that is recorded but not dispatched can still be peeked at.
        """
        await self.accept(admission("1"))
        await self.queue.trim(1)
        self.assertEqual([("c1", b"body 1")], await self.queue.peek("notice", 1))

    async def test_snapshot(self) -> None:
        """
        The newest snapshot is kept; there is none at first.
        """
        self.assertEqual(b"", await self.queue.load_snapshot())
        for body in (b"one", b"\x00two"):
            await self.queue.save_snapshot(body)
            self.assertEqual(body, await self.queue.load_snapshot())

    async def test_counters_of_days_that_are_over(self) -> None:
        """
        Go, if all that was accepted has ended; the others stay.
        """
        days = [f"his|2026092{n}" for n in range(3)]
        for day in days:
            await self.accept(admission(day, 1, tally=day))
        over = [Dispatched(f"c{one}", "notice", [], b"", 1, one) for one in days[1:]]
        await self.queue.dispatch(self.epoch, over, NOW)
        self.assertEqual(0, await self.queue.forget("20260920"))
        self.assertEqual(1, await self.queue.forget("20260922"))
        self.assertEqual({days[0], days[2]}, {*await self.queue.counts()})
