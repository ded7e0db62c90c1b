"""
A shard over a queue in memory, with channels that do as they are told.
"""

from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import attrs
import msgspec

from smsgw.directory import Account, Channel, Directory, Group, Rule, Share
from smsgw.errors import Unavailable
from smsgw.gateway.exchange import Room
from smsgw.gateway.flight import Flight
from smsgw.gateway.settlement import Settlement
from smsgw.gateway.shard import Shard
from smsgw.message import (
    Accepted,
    Attempt,
    Fact,
    Inbound,
    Item,
    Message,
    Receipt,
    Submission,
)
from smsgw.ports import Admission, Down, Up, Verdict
from smsgw.queues.memory import MemoryQueue

__all__ = [
    "ACCOUNT",
    "LONG",
    "NOW",
    "PHONE",
    "FakeCarrier",
    "FakeClock",
    "FakeSignal",
    "FlakyQueue",
    "World",
    "directory",
    "done",
    "flight",
    "message",
    "receipt",
]

T = TypeVar("T")
NOW = 1_790_000_000.0
PHONE = "13800138000"
LONG = "您的检查报告已出, 请到门诊二楼领取。" * 12
ACCOUNT = Account("his", "HIS", signature="某医院")
_facts = msgspec.msgpack.Decoder(list[Fact]).decode


def done(work: Coroutine[Any, Any, T]) -> T:
    """
    The result of a coroutine that never has to wait.
    """
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    raise AssertionError("it waits")


def channel(name: str, active: bool = True) -> Channel:
    """
    A CMPP channel that nobody connects.
    """
    return Channel(
        name, name, "mobile", "cmpp", "tcp:localhost:1", "u", "s", active=active
    )


def directory(*channels: str, backups: Sequence[str] = ()) -> Directory:
    """
    One group, C{all}, of these channels, for every account.
    """
    names = channels or ("cm",)
    return Directory(
        1,
        accounts={"his": ACCOUNT},
        channels={name: channel(name) for name in (*names, *backups)},
        groups={"all": Group("all", tuple(map(Share, names)), tuple(backups))},
        rules=(Rule("any", 1, "all"),),
    )


def message(category: str = "notice", lane: str = "notice", **fields: Any) -> Message:
    """
    A message of one segment that waits to be sent.
    """
    wanted: dict[str, Any] = {
        "version": 1,
        "id": "M1",
        "account": "his",
        "batch": "M1",
        "category": category,
        "lane": lane,
        "to": PHONE,
        "text": "你好",
        "signature": "某医院",
        "extension": "",
        "accepted_at": NOW,
        "expires_at": NOW + 86400,
        "segments": 1,
        "group": "all",
        **fields,
    }
    return Message(**wanted)


def flight(parts: int = 1, upto: int | None = None, **fields: Any) -> Flight:
    """
    A leased message of some segments at channel C{cm}.
    """
    granted = parts if upto is None else upto
    made = Flight(
        message(segments=parts, **fields), Attempt("cm", upto=granted), "his|20260921"
    )
    made.prepare(parts)
    return made


def receipt(carrier_id: str = "c1", state: str = "delivered", **fields: Any) -> Receipt:
    """
    A status report by channel C{cm}.
    """
    wanted: dict[str, Any] = {
        "channel": "cm",
        "carrier_id": carrier_id,
        "state": state,
        "code": "DELIVRD" if state == "delivered" else "UNDELIV",
        "number": PHONE,
        "at": NOW + 1,
        **fields,
    }
    return Receipt(**wanted)


@attrs.define(eq=False)
class FakeClock:
    """
    L{smsgw.ports.Clock} that only moves when told, or slept on.
    """

    time: float = NOW
    slept: list[float] = attrs.field(factory=list)

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@attrs.define(eq=False)
class FakeSignal:
    """
    L{smsgw.ports.Signal} on which nobody waits long.
    """

    clock: FakeClock
    sets: int = 0
    waits: int = 0

    def set(self) -> None:
        self.sets += 1

    async def wait(self, timeout: float | None = None) -> None:
        self.waits += 1
        self.clock.time += timeout or 0.0


@attrs.define(eq=False)
class FakeCarrier:
    """
    L{smsgw.gateway.exchange.Carrier} that keeps its flights until told.
    """

    id: str
    live: bool = True
    segments: int = 100
    flights: list[Flight] = attrs.field(factory=list)

    def room(self, now: float) -> Room:
        return Room(self.segments, self.segments)

    def carry(self, flights: Sequence[Flight]) -> None:
        for one in flights:
            one.prepare(one.message.segments)
            if one not in self.flights:
                self.flights.append(one)

    def send(self) -> list[tuple[Flight, int]]:
        """
        All that may go to a socket goes.
        """
        sent = []
        for one in self.flights:
            for part in one.sendable():
                one.sent(part)
                sent.append((one, part))
        return sent

    def break_off(self, settlement: Settlement, now: float) -> None:
        """
        The only line is lost.
        """
        gone, self.flights = self.flights, []
        for one in gone:
            if settlement.flights.get(one.message.id) is one:
                settlement.lost(one, now)


@attrs.define(eq=False)
class FlakyQueue(MemoryQueue):
    """
    Applies an exchange and then fails to say so, as often as told.
    """

    failures: int = 0
    ups: list[Up] = attrs.field(factory=list)

    async def exchange(self, up: Up, now: float) -> Down:
        self.ups.append(up)
        down = await super().exchange(up, now)
        if self.failures:
            self.failures -= 1
            raise Unavailable("no answer")
        return down


@attrs.define(eq=False)
class World:
    """
    A shard, its clock and its channels (C{cm} unless told otherwise).
    """

    directory: Directory = attrs.field(factory=directory)
    clock: FakeClock = attrs.field(factory=FakeClock)
    queue: FlakyQueue = attrs.field(factory=FlakyQueue)
    trouble: list[str] = attrs.field(factory=list)
    acknowledged: list[str] = attrs.field(factory=list)
    carriers: dict[str, FakeCarrier] = attrs.field(factory=dict)
    shard: Shard = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.restart()

    @property
    def cm(self) -> FakeCarrier:
        """
        The channel of that name.
        """
        return self.carriers["cm"]

    def restart(self) -> None:
        """
        Another process takes the shard over; channels begin anew, logged in.
        """
        self.carriers = {name: FakeCarrier(name) for name in self.directory.channels}
        self.shard = Shard(
            self.queue,
            self.clock,
            self._put,
            FakeSignal(self.clock),
            FakeSignal(self.clock),
            self.trouble.append,
            self.clock.now,
            carriers=dict(self.carriers),
        )
        self.shard.gateway.directory = self.directory
        done(self.shard.start("node"))

    async def _put(self, admission: Admission) -> Verdict:
        [verdict] = await self.queue.accept([admission], self.clock.now())
        return verdict

    def accept(self, *to: str, text: str = "你好", **fields: Any) -> Accepted:
        """
        One text to some numbers (one, if none is given).
        """
        items = fields.pop("items", None) or [Item(one) for one in to or [PHONE]]
        return done(
            self.shard.gateway.accept(
                ACCOUNT, Submission(items, text, **fields), self.clock.now()
            )
        )

    def move(self, seconds: float = 0.0) -> None:
        """
        Time passes, then dispatch what is there and exchange twice.
        """
        self.clock.time += seconds
        epoch = self.shard.exchange.epoch
        depths = done(self.queue.depths(self.clock.now()))
        self.shard.depth.correct(depths.out)
        while done(self.shard.dispatcher.step(epoch, self.clock.now())):
            pass
        done(self.shard.exchange.once())
        done(self.shard.exchange.once())

    def deliver(
        self, *args: Any, channel: str = "cm", now: float | None = None, **fields: Any
    ) -> None:
        """
        A receipt comes in; its acknowledgement is noted.
        """
        at = self.clock.now() if now is None else now
        came = receipt(*args, channel=channel, at=at, **fields)
        self.shard.outbox.keep_receipt(
            came, lambda: self.acknowledged.append(came.carrier_id)
        )

    def reply(self, inbound: Inbound) -> None:
        """
        A reply comes in.
        """
        self.shard.outbox.keep_inbound(
            inbound, lambda: self.acknowledged.append(inbound.delivery_id)
        )

    def take(self, flight: Flight, part: int, carrier_id: str) -> None:
        """
        The carrier took a segment.
        """
        self.shard.settlement.taken(flight, part, carrier_id, self.clock.now())

    def facts(self, *kinds: str) -> list[Fact]:
        """
        What the record will be told, of some kinds or all.
        """
        _, rows = done(self.queue.facts(0, 100_000))
        facts = [one for kind, body in rows if kind == "facts" for one in _facts(body)]
        return [one for one in facts if not kinds or one.kind in kinds]

    def finals(self) -> dict[str, str]:
        """
        The final state of each message that ended; each ends once.
        """
        ended: dict[str, str] = {}
        for one in self.facts("final", "rejected"):
            assert one.message not in ended, one
            ended[one.message] = one.state
        return ended

    def counts(self) -> dict[str, int]:
        """
        The counters that are not 0; they balance.
        """
        total: dict[str, int] = {}
        for found in done(self.queue.counts()).values():
            for what, many in found.items():
                total[what] = total.get(what, 0) + many
        places = sum(total.get(k, 0) for k in ("waiting", "leased", "open", "ended"))
        assert total.get("accepted", 0) == places, total
        assert all(many >= 0 for many in total.values()), total
        return {what: many for what, many in total.items() if many}
