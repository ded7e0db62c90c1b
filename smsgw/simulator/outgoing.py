"""
What the carrier sends by itself: receipts and replies, each in its time.
"""

from collections.abc import Sequence
from typing import Any

import attrs
from twisted.internet.interfaces import IReactorTime

from smsgw.simulator.faults import Faults
from smsgw.simulator.manner import Asked, Manner
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

    _clock: IReactorTime
    _faults: Faults
    _manner: Manner
    _wheel: Wheel[tuple[Subscriber, Any]] = attrs.field(init=False)
    _stamps: dict[int, bytes] = attrs.field(factory=dict, init=False)
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
        subscriber: Subscriber,
        asked: Asked,
        message_id: Any,
        number: str,
        outcome: Outcome,
        delay: float,
        now: float,
    ) -> None:
        """
        The receipts of one recipient, after C{delay}; none, one or a double.
        """
        faults = self._faults
        for _ in range(outcome.receipts):
            skewed = now + faults.skew
            times = self._stamp(skewed), self._stamp(skewed + delay)
            stat = faults.stat or outcome.stat
            report = self._manner.report(
                asked, message_id, number, stat, times, faults, now
            )
            if outcome.early or not delay:
                subscriber.offer((report,))
            else:
                self._wheel.add(self._clock.seconds() + delay, (subscriber, report))

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
        for part in self.parts(number, access, text, "auto", 1, now):
            self._wheel.add(due, (subscriber, part))

    def parts(
        self, number: str, access: str, text: str, coding: str, udhi: int, now: float
    ) -> Sequence[Any]:
        """
        A message from a phone as deliveries.
        """
        self._reference = self._reference + 1 & 0xFF
        return self._manner.replies(
            number, access, text, coding, udhi, self._reference, now
        )

    def _stamp(self, now: float) -> bytes:
        minute = int(now // 60)
        made = self._stamps.get(minute)
        if made is None:
            if len(self._stamps) > MINUTES:
                self._stamps.clear()
            made = self._stamps[minute] = stamp(now).encode()
        return made


def _deliver(due: list[tuple[Subscriber, Any]]) -> None:
    first = due[0][0]
    if all(one[0] is first for one in due):
        first.offer([delivery for _, delivery in due])
        first.pump()
        return
    for subscriber, delivery in due:
        subscriber.offer((delivery,))
    for subscriber in {one[0] for one in due}:
        subscriber.pump()
