"""
What the outcomes of segments do to their message.
"""

from collections.abc import Callable

import attrs

from smsgw.gateway.dispatch import Depth
from smsgw.gateway.flight import Flight
from smsgw.gateway.outbox import Outbox
from smsgw.gateway.sets import set_name
from smsgw.message import Fact, Receipt
from smsgw.rules.retry import Again, Stop, retry
from smsgw.rules.uncertain import Hold, Resend, uncertain

__all__ = ["HOLD", "Settlement", "queue_of"]

HOLD = 3600.0


def queue_of(flight: Flight) -> str:
    """
    The out queue a message waits in: its group, less the channels that failed.
    """
    message = flight.message
    return f"{set_name(message.group, message.failed)}:{message.lane}"


@attrs.define(eq=False)
class Settlement:
    """
    Owns every flight that is leased here, from its grant to its settle.

    C{carry} hands flights (back) to their channel; C{others} tells whether a
    group has a channel besides those named. C{closing} are flights that wait for
    the exchange that opens them; the store still calls them leased.
    """

    outbox: Outbox
    depth: Depth
    carry: Callable[[list[Flight]], None]
    others: Callable[[str, list[str]], bool]
    flights: dict[str, Flight] = attrs.field(factory=dict)
    parked: dict[str, Flight] = attrs.field(factory=dict)
    closing: dict[str, Flight] = attrs.field(factory=dict)

    def taken(self, flight: Flight, part: int, carrier_id: str, now: float) -> None:
        """
        The carrier took a segment.
        """
        self._answered(flight, flight.taken(part, carrier_id, now), now)

    def refused(
        self, flight: Flight, part: int, code: str, class_: str, now: float
    ) -> None:
        """
        The carrier refused a segment; the retry policy decides what follows.
        """
        fact = flight.refused(part, code, now)
        message = flight.message
        others_taken = any(p.state == "taken" for p in flight.attempt.parts)
        elsewhere = self.others(
            message.group, [*message.failed, flight.attempt.channel]
        )
        decision = retry(class_, message.category, message.attempt, elsewhere)
        late = isinstance(decision, Again) and now + decision.after > message.expires_at
        if isinstance(decision, Stop) or others_taken or late:
            self._answered(flight, fact, now)
            return
        if decision.elsewhere:
            message.failed.append(flight.attempt.channel)
        self.release(flight, now + decision.after, now, fact)

    def _answered(self, flight: Flight, fact: Fact, now: float) -> None:
        if not flight.complete():
            self.outbox.touch(flight, fact)
            return
        self._finish(flight, [fact], now)

    def _finish(self, flight: Flight, facts: list[Fact], now: float) -> None:
        state, code = flight.outcome()
        self._forget(flight)
        if state:
            settle = flight.settle("end")
            settle.carrier_ids = flight.all_ids()
            final = flight.fact("final", now, state, code=code)
        else:
            self.closing[flight.message.id] = flight
            settle = flight.settle("open")
            final = flight.fact("submitted", now, "submitted", note=_note(flight))
        self.outbox.settle(settle, *facts, final)

    def _forget(self, flight: Flight) -> None:
        self.flights.pop(flight.message.id, None)
        self.parked.pop(flight.message.id, None)

    def release(
        self, flight: Flight, not_before: float, now: float, *facts: Fact
    ) -> None:
        """
        Give an untouched message back to its group.
        """
        self._forget(flight)
        queue = queue_of(flight)
        self.depth.change(queue, 1)
        again = flight.again(queue, not_before, front=not_before <= now)
        fact = flight.fact("again", now, "queued", note=queue.rpartition(":")[0])
        self.outbox.settle(again, *facts, fact)

    def lost(self, flight: Flight, now: float) -> None:
        """
        The flight's connection is gone; unanswered segments are uncertain.
        """
        facts = flight.doubted(now)
        if facts:
            self._doubt(flight, facts, now)
        elif flight.untouched:
            self.release(flight, 0.0, now)
        else:
            self.carry([flight])

    def _doubt(self, flight: Flight, facts: list[Fact], now: float) -> None:
        match uncertain(flight.message.category):
            case Resend(after) if not after:
                self._resend(flight, facts, now)
            case Resend(after):
                self._park(flight, now + after, facts)
            case Hold():
                self._park(flight, now + HOLD, facts)

    def _park(self, flight: Flight, until: float, facts: list[Fact]) -> None:
        flight.resend_at = until
        self.parked[flight.message.id] = flight
        self.outbox.touch(flight, *facts)

    def _resend(self, flight: Flight, facts: list[Fact], now: float) -> None:
        if flight.untouched:
            self.release(flight, 0.0, now, *facts)
        else:
            self.outbox.touch(flight, *facts)
            self.carry([flight])

    def tick(self, now: float) -> None:
        """
        Parked flights whose wait is over: sent again, or ended as unknown.
        """
        for flight in [f for f in self.parked.values() if f.resend_at <= now]:
            del self.parked[flight.message.id]
            if now >= flight.message.expires_at or isinstance(
                uncertain(flight.message.category), Hold
            ):
                self.end(flight, "unknown", "", now)
            else:
                self._resend(flight, [], now)

    def end(self, flight: Flight, state: str, code: str, now: float) -> None:
        """
        A final state that does not come from a segment.
        """
        self._forget(flight)
        settle = flight.settle("end")
        settle.carrier_ids = flight.all_ids()
        self.outbox.settle(settle, flight.fact("final", now, state, code=code))

    def resolve(self, receipt: Receipt, now: float) -> bool:
        """
        An orphan receipt that fits a parked uncertain segment answers it.
        """
        for flight in self.parked.values():
            if (flight.attempt.channel, flight.message.to) != (
                receipt.channel,
                receipt.number,
            ):
                continue
            waiting = flight.sendable()
            if not waiting:
                continue
            part = waiting[0]
            facts = [
                flight.taken(part, receipt.carrier_id, now),
                flight.receipted(part, receipt.state, receipt.code, now),
            ]
            flight.fresh_ids.clear()
            if flight.complete():
                self._finish(flight, facts, now)
            else:
                self.outbox.touch(flight, *facts)
            return True
        return False

    def receipted(
        self, flight: Flight, part: int, receipt: Receipt, now: float
    ) -> None:
        """
        A receipt for a message that is still leased here.
        """
        fact = flight.receipted(part, receipt.state, receipt.code, now)
        self._answered(flight, fact, now)


def _note(flight: Flight) -> str:
    return "uncertain" if flight.attempt.uncertain else ""
