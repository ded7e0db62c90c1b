"""
One contract with a carrier: its connections, and what they share.
"""

from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import Any, cast

import attrs
from twisted.application.internet import ClientService
from twisted.internet.interfaces import (
    IDelayedCall,
    IReactorTime,
    IStreamClientEndpoint,
    ITCPTransport,
)
from twisted.internet.protocol import Factory
from twisted.logger import Logger

from smsgw.channels.connection import Connection
from smsgw.channels.contract import Contract
from smsgw.channels.jobs import Job
from smsgw.channels.pace import Pace
from smsgw.channels.seats import CarrierLink, Line, Seat, Watched, ends_of, received
from smsgw.channels.trace import Trace
from smsgw.channels.vitals import Vitals
from smsgw.errors import Refused
from smsgw.gateway.exchange import Room
from smsgw.gateway.flight import Flight
from smsgw.gateway.outbox import Outbox
from smsgw.gateway.settlement import Settlement
from smsgw.link import Link
from smsgw.ports import Clock
from smsgw.protocols.protocol import Protocol as Rules
from smsgw.rules.signs import Sample
from smsgw.tasks import Tasks
from smsgw.text import split

__all__ = ["CarrierChannel"]

LOOK_AHEAD = 0.3
REFUSED_DELAY = 60.0
RESERVE = 8
UNSURE = 0.2


@attrs.define(eq=False)
class CarrierChannel:
    """
    L{smsgw.gateway.exchange.Carrier} over links.

    C{connect} makes the endpoint of one connection; C{jitter} gives 0 <= x < 1.
    Nothing leaves while C{sure} says no: another process may be sending. C{seated}
    connections begin and end as L{sit} says.
    """

    contract: Contract
    connect: Callable[[], IStreamClientEndpoint]
    timers: IReactorTime
    clock: Clock
    outbox: Outbox
    settlement: Settlement
    jitter: Callable[[], float]
    sure: Callable[[], bool] | None = None
    seated: bool = False
    vitals: Vitals = attrs.field(factory=Vitals, init=False)
    connections: list[Connection] = attrs.field(factory=list, init=False)
    _receiving: list[Connection] = attrs.field(factory=list, init=False)
    pace: Pace = attrs.field(init=False)
    _services: dict[int, ClientService] = attrs.field(factory=dict, init=False)
    _seats: dict[int, Seat] = attrs.field(factory=dict, init=False)
    _tasks: Tasks = attrs.field(factory=Tasks, init=False)
    _turn_call: IDelayedCall | None = attrs.field(default=None, init=False)
    _soon: bool = attrs.field(default=False, init=False)
    _refused: bool = attrs.field(default=False, init=False)
    _failed: int = attrs.field(default=0, init=False)
    _trace: Trace | None = attrs.field(default=None, init=False)

    log = Logger()

    @pace.default
    def _paced(self) -> Pace:
        return Pace(self.contract.channel.speed, self.clock.monotonic())

    @property
    def id(self) -> str:
        return self.contract.channel.id

    @property
    def live(self) -> bool:
        return bool(self.connections)

    # The gateway's side.

    def room(self, now: float) -> Room:
        """
        What windows and pace leave, looking a little ahead.

        What is reserved is reserved of the windows: the pace takes nothing of it.
        """
        free = sum(max(0, one.room) for one in self.connections)
        total = self.contract.channel.window * len(self.connections)
        lower = max(0, free - max(total // RESERVE, min(1, total - 1)))
        room, rate, full = free, self.pace.rate, False
        if rate:
            waiting = sum(one.jobs.unsent for one in self.connections)
            ahead = max(1, int(rate * LOOK_AHEAD))
            room, full = min(room, ahead - waiting), 2 * waiting >= ahead
        if self.pace.wait(self.clock.monotonic()) > LOOK_AHEAD:
            room, full = 0, True
        return Room(room, room, max(0, room - lower), full)

    def carry(self, flights: Sequence[Flight]) -> None:
        """
        Give each flight to the connection with most room, or keep to the one
        that began it.
        """
        rooms, at = [one.room for one in self.connections], self.clock.monotonic()
        for flight in flights:
            self._carry(flight, rooms, at)
        self.busy()

    def _carry(self, flight: Flight, rooms: list[int], at: float) -> None:
        message_id = flight.message.id
        for connection in self.connections:
            job = connection.jobs_of.get(message_id)
            if job is not None:
                connection.add(job)
                return
        if not rooms:
            self._keep(flight)
            return
        try:
            job = self._job(flight, at)
        except Refused as refusal:
            self.settlement.end(
                flight, "undelivered", str(refusal.code), self.clock.now()
            )
            return
        place = rooms.index(max(rooms))
        rooms[place] -= len(job.segments)
        self.connections[place].add(job)

    def _keep(self, flight: Flight) -> None:
        """
        No connection just now: a message that was begun waits for one, any other
        goes back to its group.
        """
        if flight.untouched:
            self.settlement.release(flight, 0.0, self.clock.now())
        else:
            self.settlement.wait(flight, self.clock.now())

    def _job(self, flight: Flight, at: float) -> Job:
        attempt, message = flight.attempt, flight.message
        text, mark, policy = message.text, message.signature, self.contract.text_policy
        segments = split(text, mark, policy, attempt.reference)
        if len(segments) > 1 and not attempt.reference:
            attempt.reference = self.contract.reference(message.id, message.attempt)
            segments = split(text, mark, policy, attempt.reference)
        flight.prepare(len(segments))
        return Job(flight, segments, at=at)

    # How it is.

    def sample(self, now: float) -> Sample:
        """
        What was counted since this was asked last; C{now} is monotonic.
        """
        waiting = [one.waited(now) for one in self.connections]
        given = [
            job.at
            for one in self.connections
            for job in one.jobs_of.values()
            if job.at >= self.vitals.fresh_at
        ]
        return self.vitals.take(
            len(self.connections),
            len(self._services),
            max(waiting, default=0.0),
            min(given, default=now),
            len(given),
            now,
        )

    def fresh(self, now: float) -> None:
        """
        Judge it by what comes from now on.
        """
        self.vitals.fresh(now)
        for connection in self.connections:
            connection.watched = None

    def give_back(self) -> int:
        """
        What was not begun goes back to its group; how many messages.
        """
        return sum(one.give_back() for one in self.connections)

    # Turns.

    def busy(self) -> None:
        """
        Something can be sent or acknowledged: all connections, this turn's end.
        """
        if not self._soon:
            self._soon = True
            self._again_in(0.0)

    def _again_in(self, delay: float) -> None:
        if self._turn_call is not None:
            self._turn_call.cancel()
        self._turn_call = self.timers.callLater(delay, self._turn)

    def _turn(self) -> None:
        self._turn_call, self._soon = None, False
        if self.sure is not None and not self.sure():
            self._again_in(UNSURE)
            return
        for one in self._receiving:
            one.turn()
        waits = [wait for one in self.connections if (wait := one.turn())]
        if waits and self._turn_call is None:
            self._again_in(min(waits))

    # Connecting.

    def start(self) -> None:
        """
        Connect, and stay connected.
        """
        if not self.seated:
            self.sit(range(self.contract.channel.connections))

    def sit(self, numbers: Collection[int]) -> None:
        """
        Have these connections and no others.
        """
        for number in sorted(set(numbers) - set(self._services)):
            seat = self._seats[number] = Seat(number, self.clock)
            service = self._services[number] = ClientService(
                Watched(self.connect(), seat),
                Factory.forProtocol(partial(self._link, number)),
                retryPolicy=seat.paced(self._delay),
                clock=self.timers,
            )
            service.startService()
        for number in sorted(set(self._services) - set(numbers)):
            service = self._services.pop(number)
            self._tasks.spawn(f"{self._name(number)} ends", self._end(service, number))

    async def _end(self, service: ClientService, number: int) -> None:
        for one in list(self.connections):
            link = cast(CarrierLink, one.line)
            if link.name == self._name(number):
                link.close(drain=2.0)
                await link.gone
        await service.stopService()
        if number not in self._services:
            self._seats.pop(number, None)

    async def stop(self) -> None:
        """
        Leave politely; what is unanswered then is uncertain.
        """
        services, self._services = self._services, {}
        links: list[Any] = [one.line for one in self.connections]
        for link in links:
            link.close(drain=2.0)
        for link in links:
            await link.gone
        for service in services.values():
            await service.stopService()
        await self._tasks.stop()
        if self._turn_call is not None:
            self._turn_call.cancel()
            self._turn_call, self._soon = None, False

    def _delay(self, attempts: int) -> float:
        """
        1 s doubling to 60 s, much longer after a refused login (cmpp.md, 8.1).

        A connection that never logged in counts as failed, unlike in Twisted.
        """
        base = min(60.0, 2.0 ** min(max(attempts, self._failed), 6) / 2)
        if self._refused:
            base = max(base, REFUSED_DELAY)
        return base * (0.8 + 0.4 * self.jitter())

    def _link(self, number: int) -> "CarrierLink":
        link = CarrierLink(self.contract.session(), self.timers, self._name(number))
        seat = self._seats.get(number) or Seat(number, self.clock)
        seat.linked(link)
        self._failed += 1

        def on_open() -> None:
            if self.sure is not None and not self.sure():
                link.close()
                return
            self._tap(link)
            link.login(self.contract.dialect.login(self.clock.now()))

        def on_bound(_version: int, _pdu: Any) -> None:
            self._refused, self._failed = False, 0
            self._bound(link)
            seat.bound(self.connections[-1])

        def on_refused(code: int, _version: int) -> None:
            self._refused = True
            seat.refused(code)
            self.log.error("{id}: login refused, code {code}", id=self.id, code=code)

        def on_closed(reason: str, code: int, _tokens: list[Any]) -> None:
            self._unbound(link)
            seat.ended(reason, code)
            link.gone.callback(None)

        link.on_open, link.on_bound = on_open, on_bound
        link.on_refused, link.on_closed = on_refused, on_closed
        return link

    def _name(self, number: int) -> str:
        return f"{self.id}#{number + 1}"

    def receive(self, link: Link) -> Callable[[], None]:
        """
        Take deliveries from a carrier that connected to us; what to call at its end.
        """
        self._receiving.append(connection := self._connection(link))
        self._tap(link)
        return partial(self._receiving.remove, connection)

    def _bound(self, link: Link) -> None:
        self.connections.append(self._connection(link))
        self.outbox.wake()

    def _connection(self, link: Link) -> Connection:
        connection = Connection(
            self.contract.receipts_of,
            link,
            self.contract.dialect,
            self.clock,
            self.pace,
            self.outbox,
            self.settlement,
            self.contract.access_number,
            self.busy,
            self._own_pace(),
            self.vitals,
        )
        link.on_answered = connection.answered
        link.on_expired = connection.expired
        link.on_received = connection.received
        return connection

    def _own_pace(self) -> Pace | None:
        speed = self.contract.connection_speed
        return Pace(speed, self.clock.monotonic()) if speed else None

    # Being watched.

    def lines(self) -> list[Line]:
        """
        Every connection as it is now; those that the carrier opened come last.
        """
        login, seats = self.contract.channel.login, sorted(self._seats.items())
        ours = [seat.told(self.id, login) for _, seat in seats]
        return ours + [received(one, 0.0, self.clock) for one in self._receiving]

    @property
    def rules(self) -> Rules:
        return self.contract.dialect.protocol

    def listen_in(self, trace: Trace | None) -> None:
        """
        Write down what is said from now on, over every connection; None: no more.
        """
        self._trace = trace
        for connection in (*self.connections, *self._receiving):
            self._tap(cast(Link, connection.line))

    def _tap(self, link: Link) -> None:
        if self._trace is None:
            link.tap = None
        elif (transport := cast(ITCPTransport | None, link.transport)) is not None:
            ends, _ = ends_of(transport)
            link.tap = self._trace.tap(link.name, lambda: link.session.version, ends)

    def _unbound(self, link: Link) -> None:
        for connection in self.connections:
            if connection.line is link:
                self.connections.remove(connection)
                connection.close()
                self.vitals.drops += bool(self._services)
                return
