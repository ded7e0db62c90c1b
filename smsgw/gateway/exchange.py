"""
The exchange: one self-clocked loop that moves everything of a shard both ways.

The next call leaves when the last has answered, with all that piled up. A call
whose outcome is unknown is repeated unchanged until it is known.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import attrs

from smsgw.errors import Unavailable
from smsgw.gateway.brakes import UNFILED, Brakes, end_of
from smsgw.gateway.dispatch import Depth
from smsgw.gateway.flight import Flight
from smsgw.gateway.gates import Gates
from smsgw.gateway.outbox import Outbox, Parcel
from smsgw.gateway.receive import Reception
from smsgw.gateway.settlement import Settlement, queue_of
from smsgw.gateway.shares import Shares
from smsgw.gateway.wants import Room, lanes_in_turn, wants_of
from smsgw.ports import Clock, Down, Lease, Queue, Recovered, Signal, Want
from smsgw.rules.quota import day_of

__all__ = ["Carrier", "Exchange", "Room"]

GATHER = 0.002
FEW = 50
IDLE = 0.25
REPEAT = 0.2
REPORT_WAIT = 72 * 3600.0
AGE_EVERY = 600.0


class Carrier(Protocol):
    """
    A channel as the gateway sees it.
    """

    @property
    def id(self) -> str: ...

    @property
    def live(self) -> bool:
        """
        It is logged in somewhere.
        """
        ...

    def room(self, now: float) -> Room: ...

    def carry(self, flights: Sequence[Flight]) -> None:
        """
        Send these; they are leased to this channel durably.
        """
        ...


@attrs.define(eq=False)
class Exchange:
    """
    The loop of one shard and the carriers it serves.

    C{sets_of} names the sets of channels a channel may take from now, in order.
    C{failed} hears of trouble with the store once, and of its end.
    """

    queue: Queue
    clock: Clock
    signal: Signal
    depth: Depth
    outbox: Outbox
    settlement: Settlement
    reception: Reception
    carriers: dict[str, Carrier]
    sets_of: Callable[[str], Sequence[str]]
    failed: Callable[[str], None]
    brakes: Brakes
    shares: Shares
    gates: Gates
    epoch: int = 0
    stopped: bool = False
    hungry: bool = True
    _number: int = 0
    _turn: int = 0
    _aged_at: float = 0.0

    async def start(self, node: str) -> None:
        """
        Take the shard, then take up what an earlier process left.
        """
        self.epoch = await self.queue.claim(node)
        self.outbox.start(self.epoch)
        depths = await self.queue.depths(self.clock.now())
        self.depth.correct(depths.out)
        now = self.clock.now()
        self.shares.caps.start(await self.queue.taken(day_of(now)), now)
        recovered = await self.queue.recover(self.epoch, self.clock.now())
        self._take_up(recovered)

    def _take_up(self, left: Recovered) -> None:
        """
        What may have been sent is uncertain; receipts that came meanwhile are
        looked at before anything is sent again.
        """
        now, settlement = self.clock.now(), self.settlement
        for lease in left.leases:
            flight = Flight.of(lease.channel, lease.upto, lease.entry, lease.state)
            settlement.flights[flight.message.id] = flight
            self.brakes.signs(flight.message, lease.channel)
            if not flight.attempt.parts:
                # Whether it was counted is not known: rather twice than never.
                self.shares.caps.took(flight.attempt.channel, flight.message.group, now)
                flight.prepare(flight.message.segments)
            for part in (*flight.sendable(), *flight.uncertain()):
                flight.sent(part)
        self.reception.recover(left.orphans, now)
        self.reception.matched(left.matches, now)
        self.reception.replies(left.inbound, now)
        for flight in list(settlement.flights.values()):
            settlement.lost(flight, now)

    async def run(self) -> None:
        """
        Exchange until stopped, and once more for what is left then.
        """
        while not self.stopped or not self.outbox.empty():
            if not self.stopped and self.outbox.empty() and not self._want():
                await self.signal.wait(IDLE)
            moved = await self.once()
            if moved < FEW and not self.stopped:
                await self.clock.sleep(GATHER)

    def _want(self) -> bool:
        if not self.hungry:
            return False
        now = self.clock.now()
        return any(c.live and c.room(now).segments > 0 for c in self.carriers.values())

    async def once(self) -> int:
        """
        One exchange; how many things moved.
        """
        now = self.clock.now()
        self.settlement.tick(now)
        self.reception.tick(now)
        self.brakes.tick(now)
        await self._age(now)
        self.reception.decide(now)
        self._number += 1
        parcel = self.outbox.take(
            self.epoch,
            self._number,
            self._wants(now),
            self.shares.caps.raised(),
        )
        down = await self._persist(parcel)
        self._apply(parcel, down)
        up = parcel.up
        return len(up.settles) + len(up.receipts) + len(down.leases)

    async def _persist(self, parcel: Parcel) -> Down:
        """
        Repeat the call until its outcome is known.
        """
        told = False
        while True:
            try:
                down = await self.queue.exchange(parcel.up, self.clock.now())
            except Unavailable as trouble:
                if not told:
                    self.failed(trouble.detail)
                    told = True
                await self.clock.sleep(REPEAT)
            else:
                if told:
                    self.failed("")
                return down

    def _wants(self, now: float) -> Iterable[Want]:
        if self.stopped:
            return
        self._turn += 1
        lanes = lanes_in_turn(self._turn)
        rooms = {one.id: one.room(now) for one in self.carriers.values() if one.live}
        well = {name: rooms[name] for name in rooms if self.gates.counts_on(name)}
        limits = self.shares.limits(well, now)
        for name, found in rooms.items():
            if found.segments > 0 and found.messages > 0:
                sets = self.sets_of(name)
                room = self.gates.room(name, found, sets)
                caps = self.shares.caps.bounds(name, room.messages, now)
                yield from wants_of(name, room, sets, lanes, limits.get(name, {}), caps)

    def _apply(self, parcel: Parcel, down: Down) -> None:
        now = self.clock.now()
        for acknowledge in parcel.acks:
            acknowledge()
        self.reception.matched(down.matches, now)
        if parcel.up.inbound:
            self.reception.replies(parcel.up.inbound, now)
        self._grant(parcel, down.leases, now)
        self.hungry = bool(down.leases) or bool(down.promoted)

    def _grant(self, parcel: Parcel, leases: Sequence[Lease], now: float) -> None:
        carried: dict[str, list[Flight]] = {}
        left: Counter[str] = Counter()
        leased, parked = self.settlement.flights, self.settlement.parked
        for flight in parcel.extended:
            name = flight.message.id
            flight.attempt.upto = max(flight.attempt.upto, flight.asked)
            if leased.get(name) is not flight or name in parked:
                continue
            carried.setdefault(flight.attempt.channel, []).append(flight)
        for lease in leases:
            flight = Flight.of(lease.channel, lease.upto, lease.entry, lease.state)
            leased[flight.message.id] = flight
            left[queue_of(flight)] += 1
            if self._goes(flight, lease.reason, now):
                carried.setdefault(lease.channel, []).append(flight)
        for queue, number in left.items():
            self.depth.change(queue, -number)
        for channel, flights in carried.items():
            self.carry(channel, flights, now)

    def _goes(self, flight: Flight, reason: str, now: float) -> bool:
        """
        Whether a message that was granted goes to its channel; else it is dealt
        with.
        """
        message = flight.message
        if reason:
            self.settlement.end(flight, reason, "", now)
        elif not (flight.untouched and self._braked(flight, now)):
            channel = flight.attempt.channel
            self.shares.caps.took(channel, message.group, now)
            self.gates.took(channel)
            if not message.failed:
                self.shares.took(channel, message.group)
            return True
        return False

    def _braked(self, flight: Flight, now: float) -> bool:
        """
        A message that was granted must not go, or not yet.
        """
        stop = self.brakes.stop_of(flight.message, now)
        if stop:
            code, why = stop
            self.settlement.end(flight, end_of(code), str(code), now, why)
            return True
        channel = flight.attempt.channel
        if not self.brakes.signs(flight.message, channel):
            flight.message.failed.append(channel)
            if not self.settlement.others(flight.message.group, flight.message.failed):
                self.settlement.end(flight, "rejected", str(UNFILED), now)
                return True
            self.settlement.release(flight, 0.0, now)
            return True
        until = self.brakes.held_until(flight.message, now)
        if until:
            self.settlement.release(flight, until, now)
        return until > 0

    def carry_back(self, flights: list[Flight]) -> None:
        """
        Flights that go on at the channel that began them.
        """
        for flight in flights:
            self.carry(flight.attempt.channel, [flight], self.clock.now())

    def carry(self, channel: str, flights: list[Flight], now: float) -> None:
        """
        Hand flights to their channel, or back when it is gone.
        """
        carrier = self.carriers.get(channel)
        if carrier is not None:
            carrier.carry(flights)
            return
        for flight in flights:
            if flight.untouched:
                self.settlement.release(flight, 0.0, now)
            else:
                self.settlement.wait(flight, now)

    async def _age(self, now: float) -> None:
        """
        Messages whose receipts never came end as unknown, some at a time.
        """
        if now < self._aged_at:
            return
        self._aged_at = now + AGE_EVERY
        try:
            found = await self.queue.aged(self.epoch, now - REPORT_WAIT, 500)
        except Unavailable:
            return
        moving = {settle.id for settle in self.outbox.settles}
        for name, state, entry in found:
            if name in moving:
                continue
            self.settlement.drop(name)
            flight = Flight.of("", 0, entry, state)
            settle = flight.settle("end")
            settle.carrier_ids = flight.all_ids()
            settle.spent = self.settlement.cost_of(
                flight.message, flight.attempt.channel
            )
            self.outbox.settle(settle, flight.fact("final", now, "unknown"))
        if len(found) == 500:
            self._aged_at = now
