"""
What the carrier sends by itself: receipts and replies, each in its time.
"""

from collections.abc import Sequence

import attrs
from twisted.internet.interfaces import IReactorTime

from smsgw.protocols.neutral import OutSegment
from smsgw.protocols.rows import Pdu
from smsgw.simulator.chance import Chance
from smsgw.simulator.codes import stats_of
from smsgw.simulator.connection import Connection
from smsgw.simulator.delivery import Delivery, replies
from smsgw.simulator.faults import Faults
from smsgw.simulator.msg_id import stamp
from smsgw.simulator.rules import Outcome
from smsgw.simulator.subscriber import Subscriber
from smsgw.simulator.wheel import Wheel

__all__ = ["Outgoing"]

MINUTES = 100


@attrs.define(eq=False)
class Outgoing:
    """
    Deliveries that wait for their time, then go to their account.
    """

    protocol: str
    _clock: IReactorTime
    _faults: Faults
    _chance: Chance
    _wheel: Wheel[tuple[Subscriber, Delivery]] = attrs.field(init=False)
    _stamps: dict[int, str] = attrs.field(factory=dict, init=False)
    _reference: int = attrs.field(default=0, init=False)

    def __attrs_post_init__(self) -> None:
        self._wheel = Wheel(self._clock, _deliver)

    def __len__(self) -> int:
        return len(self._wheel)

    def stop(self) -> None:
        """
        Send nothing more.
        """
        self._wheel.stop()

    def report(
        self,
        origin: Connection,
        carrier_id: str,
        segment: OutSegment,
        number: str,
        outcome: Outcome,
        delay: float,
        now: float,
    ) -> None:
        """
        The receipts of one recipient, after C{delay}; none, one or a double.
        """
        subscriber, faults = origin.subscriber, self._faults
        assert subscriber is not None
        speech = subscriber.speech
        stat, copies, early = outcome.stat, outcome.receipts, outcome.early
        if not faults.calm:
            stat, copies, delay = self._spoiled(stat, copies, delay)
            early = early or faults.early > 0
        submitted, done = self._stamp(now), self._stamp(now + delay)
        for _ in range(copies):
            pdu = speech.report(
                carrier_id, segment, number, stat, submitted, done, now, faults.swap
            )
            if faults.garble and (bad := speech.garbled(pdu)) is not None:
                faults.use("garble")
                self._send(subscriber, Delivery(bad, True, origin), delay, early)
            self._send(subscriber, Delivery(pdu, True, origin), delay, early)

    def _spoiled(self, stat: str, copies: int, delay: float) -> tuple[str, int, float]:
        faults = self._faults
        stat = faults.stat or stat
        if faults.any_stat and self._chance() < faults.any_stat:
            stats = stats_of(self.protocol)
            stat = stats[int(self._chance() * len(stats))]
        if faults.lose_receipts and faults.use("lose_receipts"):
            copies = 0
        elif faults.double_receipts and faults.use("double_receipts"):
            copies *= 2
        delay += faults.slow_receipts
        if faults.scatter_receipts:
            delay += faults.scatter_receipts * self._chance()
        return stat, copies, delay

    def _send(
        self, subscriber: Subscriber, delivery: Delivery, delay: float, early: bool
    ) -> None:
        if early or not delay:
            subscriber.offer((delivery,))
        else:
            self._wheel.add(self._clock.seconds() + delay, (subscriber, delivery))

    def reply(
        self,
        subscriber: Subscriber,
        number: str,
        access: str,
        text: str,
        delay: float,
        now: float,
    ) -> None:
        """
        A phone's answer, after C{delay}.
        """
        due = self._clock.seconds() + delay
        for part in self.parts(subscriber, number, access, text, "auto", 1, now):
            self._wheel.add(due, (subscriber, part))

    def parts(
        self,
        subscriber: Subscriber,
        number: str,
        access: str,
        text: str,
        coding: str,
        udhi: int,
        now: float,
    ) -> Sequence[Delivery]:
        """
        A message from a phone as deliveries.
        """
        self._reference = self._reference + 1 & 0xFF
        parts = replies(number, access, text, coding, self._reference)
        speech = subscriber.speech
        ids = speech.delivery_ids(now, len(parts))
        made: list[Pdu] = [
            speech.inbound(part, one, udhi)
            for part, one in zip(parts, ids, strict=True)
        ]
        return [Delivery(pdu, False) for pdu in made]

    def _stamp(self, now: float) -> str:
        minute = int(now // 60)
        made = self._stamps.get(minute)
        if made is None:
            if len(self._stamps) > MINUTES:
                self._stamps.clear()
            made = self._stamps[minute] = stamp(now)
        return made


def _deliver(due: list[tuple[Subscriber, Delivery]]) -> None:
    first = due[0][0]
    if all(one[0] is first for one in due):
        first.offer([delivery for _, delivery in due])
        first.pump()
        return
    for subscriber, delivery in due:
        subscriber.offer((delivery,))
    for subscriber in {one[0] for one in due}:
        subscriber.pump()
