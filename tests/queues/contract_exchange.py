"""
What every queue keeps to: leases, settles, receipts, recovery.
"""

import msgspec

from smsgw.message import Attempt
from smsgw.ports import Dispatched, Lease, Match, Put, Settle, Up, Want
from smsgw.queues.stale import Stale
from tests.queues.contract import NOW, TALLY, QueueCase, admission, entry, header

__all__ = ["ExchangeContract", "ReceiptContract"]

HOUR = 3600.0
QUEUE = "all:notice"


def want(room: int, *queues: str, messages: int = 100, **fields: int) -> Want:
    """
    The room of channel C{cm}.
    """
    return Want("cm", room, messages, list(queues or (QUEUE,)), **fields)


def names(leases: object) -> list[tuple[str, int, str]]:
    """
    (message, upto, reason) of leases.
    """
    assert isinstance(leases, list | tuple)
    return [
        (lease.entry.rpartition(b"\xc1")[2].decode(), lease.upto, lease.reason)
        for lease in leases
    ]


class ExchangeContract(QueueCase):
    """
    Leases and what becomes of them.
    """

    async def test_lease(self) -> None:
        """
        A message is granted to a channel with its entry as it was put.
        """
        await self.fill("m1", "m2")
        down = await self.exchange(wants=[want(10, messages=1)])
        self.assertEqual([Lease("cm", 1, "", entry("m1"))], list(down.leases))
        await self.counted(accepted=2, waiting=1, leased=1)
        depths = await self.queue.depths(NOW)
        self.assertEqual((1, {QUEUE: 1}), (depths.leased, dict(depths.out)))

    async def test_room_counts_segments(self) -> None:
        """
        The last message may get less than its segments, but never none.
        """
        await self.fill("m1", "m2", "m3", segments=3)
        down = await self.exchange(wants=[want(4)])
        self.assertEqual([("m1", 3, ""), ("m2", 1, "")], names(down.leases))
        down = await self.exchange(wants=[want(4)])
        self.assertEqual([("m3", 3, "")], names(down.leases))

    async def test_queues_in_order(self) -> None:
        """
        A later queue is served when the earlier ones are empty.
        """
        await self.fill("b1", queue="all:bulk")
        await self.fill("n1")
        down = await self.exchange(wants=[want(9, "no:code", QUEUE, "all:bulk")])
        self.assertEqual(["n1", "b1"], [name for name, _, _ in names(down.leases)])

    async def test_reserve(self) -> None:
        """
        Lower queues leave the reserve to the queues before them.
        """
        await self.fill("b1", "b2", "b3", queue="all:bulk")
        both = ("all:code", "all:bulk")
        down = await self.exchange(wants=[want(3, *both, reserve=1, reserved=1)])
        self.assertEqual(["b1", "b2"], [name for name, _, _ in names(down.leases)])
        await self.fill("c1", queue="all:code")
        down = await self.exchange(wants=[want(1, *both, reserve=1, reserved=1)])
        self.assertEqual(["c1"], [name for name, _, _ in names(down.leases)])

    async def test_two_channels(self) -> None:
        """
        Channels share a queue; no message goes to both.
        """
        await self.fill("m1", "m2")
        wants = [want(1), Want("cu", 9, 9, [QUEUE])]
        down = await self.exchange(wants=wants)
        self.assertEqual(["cm", "cu"], [lease.channel for lease in down.leases])
        self.assertEqual(["m1", "m2"], [name for name, _, _ in names(down.leases)])

    async def test_days_counts(self) -> None:
        """
        What channels were given is added up by day; a repeat adds nothing.
        """
        self.assertEqual({}, await self.queue.taken("20260921"))
        await self.exchange(taken=[("20260921", "all|cm", 2)])
        taken = [("20260921", "all|cm", 3), ("20260922", "all|cm", 4)]
        await self.exchange(taken=taken)
        self.number -= 1
        await self.exchange(taken=taken)
        self.assertEqual({"all|cm": 5}, await self.queue.taken("20260921"))
        self.assertEqual({"all|cm": 4}, await self.queue.taken("20260922"))

    async def test_expired(self) -> None:
        """
        What expired is granted with the reason, to be ended; it takes no room.
        """
        await self.put([entry("m1", NOW), entry("m2", NOW + 1)], QUEUE)
        down = await self.exchange(wants=[want(1, messages=1)])
        self.assertEqual([("m1", 0, "expired"), ("m2", 1, "")], names(down.leases))

    async def test_dropped_are_bounded(self) -> None:
        """
        A great many that expired are dropped over several exchanges.
        """
        await self.put([entry(f"m{n}", NOW) for n in range(700)], QUEUE)
        for expected in (500, 200, 0):
            down = await self.exchange(wants=[want(1)])
            self.assertEqual(expected, len(down.leases))

    async def test_cancel(self) -> None:
        """
        A tombstone stops a message that waits; one that left is too late.
        """
        await self.lease("m1")
        await self.lease("m2")
        await self.open("m2", "X")
        await self.fill("m3", "m4")
        for _ in range(2):
            answers = await self.queue.cancel(["m1", "m2", "m3"], NOW)
            self.assertEqual(["too_late", "too_late", "stopped"], answers)
        down = await self.exchange(wants=[want(1)])
        self.assertEqual([("m3", 0, "canceled"), ("m4", 1, "")], names(down.leases))

    async def test_end_buries_the_tombstone(self) -> None:
        """
        When a canceled message has ended, its id is not looked for any more.
        """
        await self.fill("m1")
        await self.queue.cancel(["m1"], NOW)
        await self.exchange(wants=[want(1)])
        await self.exchange(settles=[Settle("end", "m1", TALLY)])
        await self.fill("m1")
        down = await self.exchange(wants=[want(1)])
        self.assertEqual([("m1", 1, "")], names(down.leases))

    async def test_progress_and_recovery(self) -> None:
        """
        A new process finds the newest state of what was leased.
        """
        await self.lease("m1", "m2")
        await self.exchange(settles=[Settle("progress", "m1", TALLY, b"new")])
        epoch = await self.queue.claim("other")
        found = await self.queue.recover(epoch, NOW)
        by_name = {lease.entry: lease for lease in found.leases}
        self.assertEqual(Lease("", 0, "", entry("m1"), b"new"), by_name[entry("m1")])
        fresh = msgspec.msgpack.decode(by_name[entry("m2")].state, type=Attempt)
        self.assertEqual(Attempt("cm", upto=1), fresh)
        with self.assertRaises(Stale):
            await self.exchange()

    async def test_settles_count(self) -> None:
        """
        Each settle moves a message's counter; unknown ids move none.
        """
        await self.lease("m1", "m2", "m3")
        await self.counted(accepted=3, leased=3)
        settles = [
            Settle("open", "m1", TALLY, b"s"),
            Settle("end", "m2", TALLY),
            Settle("again", "m3", TALLY, queue=QUEUE, entry=entry("m3")),
        ]
        await self.exchange(settles=settles)
        await self.counted(accepted=3, waiting=1, open=1, ended=1)
        unknown = [
            Settle(kind, name, TALLY, b"s", queue=QUEUE, entry=entry(name))
            for kind, name in [
                ("progress", "m1"),
                ("open", "m3"),
                ("update", "m2"),
                ("end", "m2"),
                ("again", "m2"),
            ]
        ]
        await self.exchange(settles=unknown)
        await self.counted(accepted=3, waiting=1, open=1, ended=1)

    async def test_again(self) -> None:
        """
        Back to a queue: at its end, at its front, or later.
        """
        await self.lease("m1", "m2", "m3")
        await self.fill("m4")
        settles = [
            Settle("again", "m1", TALLY, queue=QUEUE, entry=entry("m1")),
            Settle("again", "m2", TALLY, queue=QUEUE, entry=entry("m2"), front=True),
            Settle(
                "again",
                "m3",
                TALLY,
                queue=QUEUE,
                entry=entry("m3"),
                not_before=NOW + 5,
            ),
        ]
        down = await self.exchange(settles=settles, wants=[want(9)])
        self.assertEqual(
            ["m2", "m4", "m1"], [name for name, _, _ in names(down.leases)]
        )
        await self.counted(accepted=4, waiting=1, leased=3)
        down = await self.exchange(NOW + 5, wants=[want(9)])
        self.assertEqual((1, [("m3", 1, "")]), (down.promoted, names(down.leases)))

    async def test_put_not_before(self) -> None:
        """
        Dispatched for later: it waits in due until then.
        """
        await self.put([entry("m1")], QUEUE, NOW + 60)
        self.assertEqual(1, (await self.queue.depths(NOW)).due)
        down = await self.exchange(NOW + 60, wants=[want(9)])
        self.assertEqual((1, [("m1", 1, "")]), (down.promoted, names(down.leases)))

    async def test_repeated_exchange(self) -> None:
        """
        A repeat with the same number changes nothing and answers the same.
        """
        await self.lease("m1", "m2", "m3")
        await self.fill("m4", "m5")
        await self.queue.cancel(["m4"], NOW)
        ids = [("cm|X", 0)]
        up = Up(
            self.epoch,
            77,
            [
                Settle("open", "m1", TALLY, b"s1", ids),
                Settle("again", "m2", TALLY, queue="b:bulk", entry=entry("m2")),
                Settle("end", "m3", TALLY, carrier_ids=[("cm|Z", 0)]),
            ],
            [("i1", "cm|X", b"r1"), ("i2", "cm|Y", b"r2"), ("i3", "cm|Z", b"r3")],
            [("i4", b"reply")],
            facts=[b"fact"],
            wants=[want(9)],
        )
        first = await self.queue.exchange(up, NOW)
        kinds = [match.kind for match in first.matches]
        self.assertEqual(["open", "orphan", "double"], kinds)
        self.assertEqual([("m4", 0, "canceled"), ("m5", 1, "")], names(first.leases))
        before = await self.queue.depths(NOW)
        second = await self.queue.exchange(up, NOW + 1)
        self.assertEqual(list(first.leases), list(second.leases))
        self.assertEqual(list(first.matches), list(second.matches))
        self.assertEqual(before, await self.queue.depths(NOW))
        await self.counted(accepted=5, waiting=1, leased=2, open=1, ended=1)

    async def test_long_names(self) -> None:
        """
        Names of any length reach the scripts whole.
        """
        name, queue, tally = "m" * 300, "q" * 70 + ":bulk", "a" * 40 + "|20260921"
        packed = header(name, int(NOW) + 9, tally, 1)
        await self.accept(admission("1", 1, tally=tally))
        done = Dispatched("c1", "notice", [Put(queue, [packed])])
        await self.queue.dispatch(self.epoch, [done], NOW)
        down = await self.exchange(wants=[want(1, queue)])
        self.assertEqual([Lease("cm", 1, "", packed)], list(down.leases))
        await self.exchange(settles=[Settle("end", name, tally)])
        self.assertEqual(1, (await self.queue.counts())[tally]["ended"])


class ReceiptContract(QueueCase):
    """
    Receipts, replies, and messages that wait for receipts.
    """

    async def receive(
        self, carrier_id: str, inbox_id: str = "i1", now: float = NOW
    ) -> Match:
        """
        What one receipt belongs to.
        """
        receipts = [(inbox_id, f"cm|{carrier_id}", b"body " + inbox_id.encode())]
        (match,) = (await self.exchange(now, receipts=receipts)).matches
        return match

    async def end(self, name: str, carrier_id: str, now: float = NOW) -> None:
        """
        A message ends, and its carrier id with it.
        """
        settle = Settle("end", name, TALLY, carrier_ids=[(f"cm|{carrier_id}", 0)])
        await self.exchange(now, settles=[settle])

    async def test_receipt_of_open(self) -> None:
        """
        A receipt finds the message that waits for it, days later too.
        """
        await self.lease("m1")
        await self.open("m1", "X|1")
        for now in (NOW, NOW + 71 * HOUR):
            match = await self.receive("X|1", now=now)
            self.assertEqual(
                Match("i1", "open", b"body i1", "m1", 0, b"opened", entry("m1")),
                match,
            )

    async def test_receipt_of_leased(self) -> None:
        """
        A receipt finds a message of which segments are still to be sent.
        """
        await self.lease("m1")
        settle = Settle("progress", "m1", TALLY, b"s", [("cm|X", 0), ("cm|Y", 1)])
        await self.exchange(settles=[settle])
        match = await self.receive("Y")
        self.assertEqual(("leased", "m1", 1), (match.kind, match.message, match.part))

    async def test_update(self) -> None:
        """
        A submitted message's state is replaced.
        """
        await self.lease("m1")
        await self.open("m1", "X")
        await self.exchange(
            NOW + 7 * HOUR, settles=[Settle("update", "m1", TALLY, b"two")]
        )
        self.assertEqual(b"two", (await self.receive("X")).state)
        await self.counted(accepted=1, open=1)

    async def test_newest_use_of_a_carrier_id(self) -> None:
        """
        A carrier that gives an id twice means the newer message.
        """
        await self.lease("m1", "m2")
        await self.open("m1", "X")
        await self.open("m2", "X", NOW + 7 * HOUR)
        match = await self.receive("X", now=NOW + 7 * HOUR)
        self.assertEqual("m2", match.message)

    async def test_double(self) -> None:
        """
        For ten minutes an applied receipt is known; then it is an orphan.
        """
        await self.lease("m1")
        await self.open("m1", "X")
        await self.end("m1", "X")
        double = await self.receive("X", now=NOW + 590)
        self.assertEqual(Match("i1", "double", b"body i1"), double)
        self.assertEqual("orphan", (await self.receive("X", now=NOW + 1300)).kind)

    async def test_again_forgets_carrier_ids(self) -> None:
        """
        Receipts of an attempt that was given up do nothing.
        """
        await self.lease("m1")
        await self.open("m1", "X")
        settle = Settle("again", "m1", TALLY, b"", [("cm|X", 0)], QUEUE, entry("m1"))
        await self.exchange(settles=[settle])
        self.assertEqual("double", (await self.receive("X")).kind)

    async def test_orphan_is_claimed(self) -> None:
        """
        A receipt before the carrier's answer is given when that has come.
        """
        for now in (NOW, NOW + 1):
            match = await self.receive("X", now=now)
            self.assertEqual(Match("i1", "orphan", b"body i1"), match)
        await self.lease("m1")
        settle = Settle("open", "m1", TALLY, b"s", [("cm|X", 0)])
        down = await self.exchange(NOW + 6 * HOUR, settles=[settle])
        self.assertEqual(
            [Match("i1", "open", b"body i1", "m1", 0, b"s", entry("m1"))],
            list(down.matches),
        )
        found = await self.queue.recover(self.epoch, NOW + 6 * HOUR)
        self.assertEqual((1, 0), (len(found.matches), len(found.orphans)))

    async def test_claim_is_repeated(self) -> None:
        """
        A repeat gives what was claimed from the basket again.
        """
        await self.receive("X")
        await self.lease("m1")
        up = Up(self.epoch, 77, [Settle("progress", "m1", TALLY, b"s", [("cm|X", 0)])])
        first = await self.queue.exchange(up, NOW)
        self.assertEqual("leased", first.matches[0].kind)
        self.assertEqual(first, await self.queue.exchange(up, NOW))

    async def test_orphan_is_taken_out(self) -> None:
        """
        An orphan that went to the record is not claimed any more.
        """
        await self.receive("X")
        await self.exchange(NOW + 13 * HOUR, orphans=["cm|X", "cm|none"])
        found = await self.queue.recover(self.epoch, NOW + 13 * HOUR)
        self.assertEqual([], list(found.orphans))

    async def test_recover_inbox(self) -> None:
        """
        Receipts and replies that were kept but not finished are found again.
        """
        await self.lease("m1", "m2")
        await self.open("m1", "X")
        await self.receive("X", "i1")
        await self.receive("Z", "i2")
        await self.exchange(inbound=[("i3", b"one"), ("i4", b"two")])
        await self.exchange(done=["i4", "none"])
        for _ in range(2):
            found = await self.queue.recover(self.epoch, NOW)
            self.assertEqual(
                [Match("i1", "open", b"body i1", "m1", 0, b"opened", entry("m1"))],
                list(found.matches),
            )
            self.assertEqual([("i3", b"one")], list(found.inbound))
            self.assertEqual([("cm|Z", b"body i2")], list(found.orphans))
        await self.exchange(done=["i1", "i3"])
        found = await self.queue.recover(self.epoch, NOW)
        self.assertEqual(([], []), (list(found.matches), list(found.inbound)))

    async def test_recover_after_the_end(self) -> None:
        """
        A kept receipt of a message that ended meanwhile is a double, once.
        """
        await self.lease("m1")
        await self.open("m1", "X")
        await self.receive("X")
        await self.end("m1", "X")
        found = await self.queue.recover(self.epoch, NOW)
        self.assertEqual(["double"], [match.kind for match in found.matches])
        found = await self.queue.recover(self.epoch, NOW)
        self.assertEqual([], list(found.matches))

    async def test_old_epochs_are_refused(self) -> None:
        """
        Every step of whoever lost the shard fails, whatever it brings.
        """
        await self.queue.claim("other")
        with self.assertRaises(Stale):
            await self.queue.recover(self.epoch, NOW)
        with self.assertRaises(Stale):
            await self.queue.aged(self.epoch, NOW, 1)
        with self.assertRaises(Stale):
            await self.exchange()

    async def test_aged(self) -> None:
        """
        Messages submitted before a time are found until they are settled.
        """
        await self.lease("m1", "m2", "m3")
        await self.open("m1", "X")
        await self.open("m2", "Y")
        await self.open("m3", "Z", NOW + 20 * 24 * HOUR)
        self.assertEqual([], await self.queue.aged(self.epoch, NOW, 10))
        late = NOW + 20 * 24 * HOUR
        self.assertEqual(1, len(await self.queue.aged(self.epoch, late, 1)))
        found = await self.queue.aged(self.epoch, late, 10)
        self.assertEqual(
            [(name, b"opened", entry(name)) for name in ("m1", "m2")], sorted(found)
        )
        settles = [Settle("end", name, TALLY) for name in ("m1", "m2")]
        await self.exchange(late, settles=settles)
        self.assertEqual([], await self.queue.aged(self.epoch, late, 10))
        self.assertEqual(1, (await self.queue.depths(late)).open)
        await self.counted(accepted=3, open=1, ended=2)

    async def test_many_at_once(self) -> None:
        """
        What piled up while the store was away goes up in one exchange.
        """
        receipts = [(f"i{n}", f"cm|{n}", b"r") for n in range(9_000)]
        down = await self.exchange(receipts=receipts)
        self.assertEqual(9_000, len(down.matches))
        await self.exchange(done=[name for name, _, _ in receipts])
        all_ids = [(key, 0) for _, key, _ in receipts]
        await self.lease("m1")
        settle = Settle("open", "m1", TALLY, b"s", all_ids)
        self.assertEqual(9_000, len((await self.exchange(settles=[settle])).matches))
