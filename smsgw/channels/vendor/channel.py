"""
One contract with a vendor: messages out in requests, reports back.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import attrs
from twisted.internet.defer import Deferred, TimeoutError
from twisted.internet.interfaces import IDelayedCall, IReactorTime
from twisted.logger import Logger

from smsgw.channels.jobs import Job, Jobs
from smsgw.channels.pace import Pace
from smsgw.channels.vendor.contract import VendorContract
from smsgw.channels.vendor.handing import (
    UNWORDED,
    Batch,
    Whole,
    gather,
    make_batch,
    whole_of,
)
from smsgw.channels.vendor.health import Health
from smsgw.channels.vendor.intake import Intake
from smsgw.channels.vendor.outcomes import Doubt, Result
from smsgw.channels.vendor.polling import Poller
from smsgw.channels.vendor.pushing import PushDesk
from smsgw.channels.vendor.wire import NotSent, Unanswered, Wire
from smsgw.channels.vitals import Vitals
from smsgw.errors import Refused
from smsgw.gateway.exchange import Room
from smsgw.gateway.flight import Flight
from smsgw.gateway.outbox import Outbox
from smsgw.gateway.settlement import Settlement
from smsgw.ports import Clock
from smsgw.protocols.neutral import Sent, Throttled
from smsgw.rules.signs import Sample
from smsgw.tasks import Tasks

__all__ = ["VendorChannel"]

LOOK_AHEAD = 0.3
RESERVE = 8
UNSURE = 0.2
GIVE_BACK_AFTER = 5
DRAIN = 2.0


@attrs.define(eq=False)
class VendorChannel:
    """
    L{smsgw.gateway.exchange.Carrier} over HTTP. A message is one segment here: the
    vendor divides it; its pace still counts what we measure.

    C{nonce} makes a text that never was; C{jitter} gives 0 <= x < 1. Nothing leaves
    while C{sure} says no: another process may be sending.
    """

    contract: VendorContract
    wire: Wire
    timers: IReactorTime
    clock: Clock
    outbox: Outbox
    settlement: Settlement
    jitter: Callable[[], float]
    nonce: Callable[[], str]
    sure: Callable[[], bool] | None = None
    pace: Pace = attrs.field(init=False)
    health: Health = attrs.field(init=False)
    vitals: Vitals = attrs.field(factory=Vitals, init=False)
    desk: PushDesk = attrs.field(init=False)
    _jobs: Jobs = attrs.field(factory=Jobs, init=False)
    _asking: int = attrs.field(default=0, init=False)
    _pollers: list[Poller] = attrs.field(factory=list, init=False)
    _tasks: Tasks = attrs.field(factory=Tasks, init=False)
    _turn_call: IDelayedCall | None = attrs.field(default=None, init=False)
    _stopping: bool = attrs.field(default=False, init=False)
    _idle: "Deferred[None] | None" = attrs.field(default=None, init=False)

    log = Logger()

    def __attrs_post_init__(self) -> None:
        self.pace = Pace(self.contract.channel.speed, self.clock.monotonic())
        self.health = Health(self.jitter)
        self.desk = PushDesk(self._intake(), self.timers, self._own_values)

    def _intake(self) -> Intake:
        return Intake(self.contract, self.clock, self.outbox, self.vitals)

    def _own_values(self) -> dict[str, Any]:
        return self.contract.values(self.clock.now(), self.nonce())

    @property
    def id(self) -> str:
        return self.contract.channel.id

    @property
    def live(self) -> bool:
        return not self._stopping and self.health.well(self.clock.monotonic())

    # The gateway's side.

    def room(self, now: float) -> Room:
        """
        Messages that window and pace leave; one request's only after a failure.

        What is reserved is reserved of the window: the pace takes nothing of it.
        """
        at, most = self.clock.monotonic(), self.contract.settings.submit.batch
        window = 1 if self.health.failed else self.contract.channel.window
        free = max(0, window - self._asking) * most - self._jobs.unsent
        lower = max(0, free - window * most // RESERVE)
        room, rate, full = free, self.pace.rate, False
        if rate:
            ahead = max(1, int(rate * LOOK_AHEAD))
            room = min(room, ahead - self._jobs.unsent)
            full = 2 * self._jobs.unsent >= ahead
        if self.pace.wait(at) > LOOK_AHEAD:
            room, full = 0, True
        return Room(room, room, max(0, room - lower), full)

    def carry(self, flights: Sequence[Flight]) -> None:
        """
        Queue each for the next request.
        """
        for flight in flights:
            self._carry(flight)
        self._again_in(0.0)

    def _carry(self, flight: Flight) -> None:
        now = self.clock.now()
        if not flight.untouched:  # begun by what this channel was before
            self.settlement.end(flight, "unknown", "", now)
            return
        if not self.live:
            self.settlement.release(flight, 0.0, now)
            return
        flight.prepare(1)
        try:
            job = whole_of(flight, self.contract)
        except Refused as refusal:
            if refusal.detail == UNWORDED:
                self.settlement.refused(flight, 0, UNWORDED, "config", now)
            else:
                self.settlement.end(flight, "undelivered", str(refusal.code), now)
            return
        job.at = self.clock.monotonic()
        if flight.message.segments > 1:
            # After a crash nobody must look for receipts of further segments.
            self.outbox.touch(flight)
        self._jobs.add(job)

    # Turns.

    def _again_in(self, delay: float) -> None:
        if self._turn_call is not None:
            self._turn_call.cancel()
        self._turn_call = self.timers.callLater(delay, self._turn)

    def _turn(self) -> None:
        """
        Send what window and pace allow.
        """
        self._turn_call = None
        if self.sure is not None and not self.sure():
            self._again_in(UNSURE)
            return
        submit, window = self.contract.settings.submit, self.contract.channel.window
        while self._asking < window and not self._stopping:
            jobs = gather(self._jobs, submit.batch, submit.same, self._may_leave)
            if not jobs:
                break
            self._hand(jobs)
        now = self.clock.monotonic()
        if self._jobs.unsent and self._asking < window and not self._stopping:
            self._again_in(max(0.001, self.pace.wait(now)))

    def _may_leave(self, segments: int) -> bool:
        return self.pace.take(self.clock.monotonic(), segments)

    def _hand(self, jobs: list[Whole]) -> None:
        try:
            batch = make_batch(jobs, self.contract, self._own_values())
        except (LookupError, TypeError, ValueError) as error:
            if len(jobs) > 1:
                for job in jobs:
                    self._hand([job])
                return
            # The text of an encoding error shows the message's.
            self.log.warn(
                "{id}: no request can be made: {why}",
                id=self.id,
                why=type(error).__name__,
            )
            self._refused(jobs[0], "request", "content")
            return
        self._asking += 1
        self._tasks.spawn(f"{self.id} submit", self._ask(batch))

    async def _ask(self, batch: Batch) -> None:
        """
        One request; whatever happens, each of its messages gets a result.
        """
        results: list[Result] | None = None
        doubt, begun = Doubt("ended"), self.clock.monotonic()
        try:
            response = await self.wire.ask(batch.request)
            self.vitals.answered_in(self.clock.monotonic() - begun)
            results = self.contract.outcomes.read(response, batch.handed)
            self.health.answered()
        except NotSent as error:
            self._unreached(batch, str(error))
            results = []
        except Unanswered as error:
            doubt = Doubt(str(error))
            self.health.unanswered(self.clock.monotonic())
        finally:
            self._asking -= 1
            if results is None:
                results = [doubt] * len(batch.jobs)
            for job, result in zip(batch.jobs, results, strict=False):
                self._settle(job, result)
            self._asked()

    def _asked(self) -> None:
        if not self._stopping:
            self._again_in(0.0)
        elif not self._asking and self._idle is not None and not self._idle.called:
            self._idle.callback(None)
        self.outbox.wake()

    # Outcomes.

    def _settle(self, job: Whole, result: Result) -> None:
        flight, now = job.flight, self.clock.now()
        if isinstance(result, Sent):
            job.throttled = 0
            self.vitals.taken += 1
            self.settlement.taken(flight, 0, result.carrier_id, now)
        elif isinstance(result, Throttled):
            self._throttled(job, result.after, now)
        elif isinstance(result, Doubt):
            self.log.warn("{id}: unanswered: {why}", id=self.id, why=result.why)
            self._jobs.drop(job)
            self.vitals.unanswered(job.at)
            self.settlement.lost(flight, now)
        else:
            self.vitals.said_no(result.class_)
            self._refused(job, result.code, result.class_)

    def _refused(self, job: Whole, code: str, class_: str) -> None:
        self._jobs.drop(job)
        self.settlement.refused(job.flight, 0, code, class_, self.clock.now())

    def _throttled(self, job: Whole, after: float, now: float) -> None:
        """
        Sent too fast: slower from now on, and this message once more.
        """
        self.pace.throttled(after, self.clock.monotonic())
        job.throttled += 1
        job.flight.attempt.parts[0].state = ""
        if job.throttled >= GIVE_BACK_AFTER or self._stopping:
            self._jobs.drop(job)
            self.settlement.release(job.flight, now + after, now)
            return
        self._jobs.add(job)

    def _unreached(self, batch: Batch, why: str) -> None:
        """
        Nobody saw the request: its messages and those that wait go back.
        """
        self.log.warn("{id}: not reached: {why}", id=self.id, why=why)
        self.health.unreached(self.clock.monotonic())
        for job in batch.jobs:
            self._jobs.drop(job)
            job.flight.attempt.parts[0].state = ""
        self._give_back([*batch.jobs, *self._waiting()])

    def _waiting(self) -> list[Job]:
        """
        Take out what was not sent; the last that was may still be in the queue.
        """
        return [job for job in self._jobs.drain() if job.flight.sendable()]

    def _give_back(self, jobs: Sequence[Job]) -> None:
        now = self.clock.now()
        for job in jobs:
            job.gone = True
            self.settlement.release(job.flight, 0.0, now)

    # How it is.

    def sample(self, now: float) -> Sample:
        """
        What was counted since this was asked last; C{now} is monotonic.
        """
        held = self._asking + self._jobs.unsent
        return self.vitals.take(int(self.live), 1, 0.0, now, held, now)

    def fresh(self, now: float) -> None:
        """
        Judge it by what comes from now on.
        """
        self.vitals.fresh(now)

    def give_back(self) -> int:
        """
        What waits for a request goes back to its group; how many messages.
        """
        waiting = self._waiting()
        self._give_back(waiting)
        return len(waiting)

    # Beginning and end.

    def start(self) -> None:
        """
        Begin to poll, where reports are polled.
        """
        for kind, polled in self.contract.polled.items():
            poller = Poller(
                kind, polled, self.wire, self._intake(), self.timers, self._own_values
            )
            self._pollers.append(poller)
            self._tasks.spawn(f"{self.id} poll {kind}", poller.run())
        self.outbox.wake()

    async def stop(self) -> None:
        """
        Nothing more leaves; what is unanswered after a moment is uncertain.
        """
        self._stopping = True
        for poller in self._pollers:
            poller.stopped = True
        if self._turn_call is not None:
            self._turn_call.cancel()
            self._turn_call = None
        self._give_back(self._waiting())
        if self._asking:
            self._idle = Deferred(lambda _: None)
            with suppress(TimeoutError):
                await self._idle.addTimeout(DRAIN, self.timers)
        await self._tasks.stop()
        await self.wire.close()
