"""
What the outcomes of segments do to their message.
"""

from collections.abc import Callable, Sequence
from itertools import islice

import attrs

from smsgw.gateway.dispatch import Depth
from smsgw.gateway.flight import Flight
from smsgw.gateway.orphans import Orphans
from smsgw.gateway.outbox import Outbox
from smsgw.gateway.retrying import Retrying, failed_by
from smsgw.gateway.sets import set_name
from smsgw.message import Fact, Message, Receipt
from smsgw.ports import Settle
from smsgw.rules.bookings import CHARGED
from smsgw.rules.retry import Again, Stop
from smsgw.rules.uncertain import Hold, Resend, uncertain

__all__ = ["HOLD", "KEPT", "Settlement", "is_news", "queue_of"]

HOLD = 3600.0
KEPT = 20_000
HOMELESS = 1.0
_FAILED = frozenset({"undelivered", "expired"})


def is_news(flight: Flight, part: int, receipt: Receipt) -> bool:
    """
    A segment has one receipt; only a delivery takes the place of a failure.
    """
    state = flight.attempt.parts[part].state
    return state == "taken" or (state in _FAILED and receipt.state == "delivered")


def queue_of(flight: Flight) -> str:
    """
    The out queue a message waits in: its group, less the channels that failed.
    """
    message = flight.message
    if not message.failed:
        return f"{message.group}:{message.lane}"
    return f"{set_name(message.group, message.failed)}:{message.lane}"


@attrs.define(eq=False)
class Settlement:
    """
    Owns every flight that is leased here, from its grant to its settle.

    C{carry} hands flights (back) to their channel; C{others} tells whether a
    group has a channel besides those named, C{cost_of} what a message costs that
    went by a channel. C{parked} wait for a receipt, or for
    their channel to come back. C{opened} are the newest flights that wait for
    their receipts, and C{places} (flight, part) by channel and carrier id: what
    is not found here is asked of the store.
    """

    outbox: Outbox
    depth: Depth
    carry: Callable[[list[Flight]], None]
    others: Callable[[str, Sequence[str]], bool]
    retrying: Retrying
    cost_of: Callable[[Message, str], int]
    orphans: Orphans = attrs.field(init=False)
    flights: dict[str, Flight] = attrs.field(factory=dict)
    parked: dict[str, Flight] = attrs.field(factory=dict)
    opened: dict[str, Flight] = attrs.field(factory=dict)
    places: dict[str, tuple[Flight, int]] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.orphans = Orphans(self.outbox.orphans_gone)

    def taken(self, flight: Flight, part: int, carrier_id: str, now: float) -> None:
        """
        The carrier took a segment.
        """
        self._progress(flight, [self._take(flight, part, carrier_id, now)], now)

    def _take(self, flight: Flight, part: int, carrier_id: str, now: float) -> Fact:
        fact = flight.taken(part, carrier_id, now)
        if carrier_id:
            self.places[flight.fresh_ids[-1][0]] = (flight, part)
        return fact

    def refused(
        self, flight: Flight, part: int, code: str, class_: str, now: float
    ) -> None:
        """
        The carrier refused a segment; the retry policy decides what follows.
        """
        fact = flight.refused(part, code, now)
        decision = self.retrying.refused(flight, code, class_, now)
        if isinstance(decision, Stop) or flight.begun:
            self._end(flight, flight.outcome(), [fact], now, _void(decision))
            return
        self._again(flight, decision, now, [fact, *flight.doubted(now)])

    def _again(
        self, flight: Flight, decision: Again, now: float, facts: list[Fact]
    ) -> None:
        """
        Another attempt, as the table says.
        """
        if decision.elsewhere:
            flight.message.failed.append(flight.attempt.channel)
        until = now + decision.after
        self.release(flight, until, now, *facts, rule=decision.rule)

    def _progress(self, flight: Flight, facts: list[Fact], now: float) -> None:
        if flight.complete():
            self._finish(flight, facts, now)
        else:
            self.outbox.touch(flight, *facts)

    def _finish(self, flight: Flight, facts: list[Fact], now: float) -> None:
        outcome = flight.outcome()
        if outcome[0]:
            self._settled(flight, outcome, facts, now)
            return
        self._forget(flight)
        self.opened[flight.message.id] = flight
        submitted = flight.fact("submitted", now, "submitted", note=_note(flight))
        self.outbox.settle(flight.settle("open"), *facts, submitted)

    def _settled(
        self, flight: Flight, outcome: tuple[str, str], facts: list[Fact], now: float
    ) -> None:
        """
        All is known of this attempt: the message ends, or a receipt says that it
        failed and the table wants another one.
        """
        decision = None
        if outcome[0] in _FAILED:
            decision = self.retrying.reported(flight, now)
        if isinstance(decision, Again):
            self._again(flight, decision, now, facts)
        else:
            self._end(flight, outcome, facts, now, _void(decision))

    def _end(
        self,
        flight: Flight,
        outcome: tuple[str, str],
        facts: list[Fact],
        now: float,
        note: str,
    ) -> None:
        state, code = outcome
        self._forget(flight)
        self.retrying.lessons.ended(flight, state)
        final = flight.fact("final", now, state, code=code, note=note)
        self.outbox.settle(self._last(flight, state), *facts, final)

    def _forget(self, flight: Flight) -> None:
        self.flights.pop(flight.message.id, None)
        self.parked.pop(flight.message.id, None)

    def _last(self, flight: Flight, state: str) -> Settle:
        settle = flight.settle("end")
        if state in CHARGED:
            settle.spent = self.cost_of(flight.message, flight.attempt.channel)
        settle.carrier_ids = flight.all_ids()
        self._unplace(flight, settle.carrier_ids)
        return settle

    def _unplace(self, flight: Flight, ids: list[tuple[str, int]]) -> None:
        places = self.places
        for key, _ in ids:
            if key in places and places[key][0] is flight:
                del places[key]

    def drop(self, message: str) -> None:
        """
        From now on the store knows best what a submitted message waits for.
        """
        flight = self.opened.pop(message, None)
        if flight is not None:
            self._unplace(flight, flight.all_ids())

    def settle_opened(self, flight: Flight, now: float) -> None:
        """
        A submitted message after receipts of this turn: it ends, or waits on.
        """
        if not flight.dirty:
            return
        outcome = flight.outcome()
        if not outcome[0]:
            self.outbox.settle(flight.settle("update"))
            return
        self.opened.pop(flight.message.id, None)
        self._settled(flight, outcome, [], now)

    def release(
        self,
        flight: Flight,
        not_before: float,
        now: float,
        *facts: Fact,
        rule: str = "",
    ) -> None:
        """
        Give a message of which nothing arrived back to its group; C{rule} is the
        retry rule that wants it so.
        """
        self._forget(flight)
        queue = queue_of(flight)
        self.depth.change(queue, 1)
        again = flight.again(queue, not_before, front=not_before <= now)
        self._unplace(flight, again.carrier_ids)
        note = queue.rpartition(":")[0]
        if rule:
            note = f"{note}, rule {rule}"
        code = failed_by(flight) or ""
        fact = flight.fact("again", now, "queued", code=code, note=note)
        self.outbox.settle(again, *facts, fact)

    def lost(self, flight: Flight, now: float) -> None:
        """
        The flight's connection is gone; unanswered segments are uncertain.
        """
        facts = flight.doubted(now)
        if facts:
            self.outbox.touch(flight, *facts)
        if flight.uncertain():
            self._doubt(flight, now)
        else:
            self._go_on(flight, now)

    def _doubt(self, flight: Flight, now: float) -> None:
        message = flight.message
        left = message.expires_at - now
        policy = uncertain(message.category, flight.attempt.resends, left)
        # What is sent again at once needs no guess: a receipt may be of an earlier
        # message to the number, and taking it for this one's would lose this one.
        guess = not (isinstance(policy, Resend) and not policy.after)
        fitting = self.orphans.fitting(flight.attempt.channel, message.to)
        for receipt in fitting if guess else ():
            if self._answer(flight, receipt, now):
                self.orphans.drop(receipt)
            if message.id not in self.flights:
                return
        if not flight.uncertain():
            self._go_on(flight, now)
            return
        match policy:
            case Resend(after) if not after:
                self._go_on(flight, now)
            case Resend(after):
                self._park(flight, now + after)
            case Hold():
                self._park(flight, now + HOLD, held=True)

    def wait(self, flight: Flight, now: float) -> None:
        """
        A message that was begun waits for its channel to come back.
        """
        self._park(flight, now + HOMELESS)

    def _park(self, flight: Flight, until: float, held: bool = False) -> None:
        flight.due, flight.held = until, held
        self.parked[flight.message.id] = flight

    def _go_on(self, flight: Flight, now: float) -> None:
        """
        Send what is unsent or uncertain: anew by any channel, or the rest by the
        one that began.
        """
        if flight.resend():
            self.outbox.touch(flight)
        if flight.untouched:
            self.release(flight, 0.0, now)
        else:
            self.carry([flight])

    def tick(self, now: float) -> None:
        """
        Parked flights whose wait is over: sent again, or ended as unknown. The
        oldest that were opened go; what opens them goes up before their receipts.
        """
        for name in list(islice(self.opened, max(0, len(self.opened) - KEPT))):
            self.drop(name)
        for flight in [f for f in self.parked.values() if f.due <= now]:
            del self.parked[flight.message.id]
            if flight.held or now >= flight.message.expires_at:
                self.end(flight, "unknown", "", now)
            else:
                self._go_on(flight, now)

    def end(
        self, flight: Flight, state: str, code: str, now: float, note: str = ""
    ) -> None:
        """
        A final state that does not come from a segment.
        """
        self._forget(flight)
        final = flight.fact("final", now, state, code=code, note=note)
        self.outbox.settle(self._last(flight, state), final)

    def resolve(self, receipt: Receipt, now: float) -> bool:
        """
        An orphan receipt that fits a parked uncertain segment answers it, unless
        it may be of another message that still waits for its response.
        """
        target = (receipt.channel, receipt.number)
        for flight in self.parked.values():
            if (flight.attempt.channel, flight.message.to) == target and (
                self._answer(flight, receipt, now)
            ):
                return True
        return False

    def _answer(self, flight: Flight, receipt: Receipt, now: float) -> bool:
        waiting = flight.uncertain()
        early = receipt.at < flight.message.accepted_at
        if not waiting or early or self._ambiguous(flight):
            return False
        part = waiting[0]
        facts = [
            self._take(flight, part, receipt.carrier_id, now),
            flight.receipted(part, receipt.state, receipt.code, now),
        ]
        self._progress(flight, facts, now)
        return True

    def _ambiguous(self, flight: Flight) -> bool:
        channel, number = flight.attempt.channel, flight.message.to
        return any(
            other.message.to == number
            and other.attempt.channel == channel
            and other is not flight
            and (other.unanswered() or other.uncertain())
            for other in self.flights.values()
        )

    def belated(self, flight: Flight, part: int, carrier_id: str, now: float) -> None:
        """
        The carrier took a segment, and says so after it was given up.
        """
        parked = self.parked.get(flight.message.id) is flight
        if parked and part in flight.uncertain():
            self.taken(flight, part, carrier_id, now)

    def receipted(
        self, flight: Flight, part: int, receipt: Receipt, now: float
    ) -> None:
        """
        A receipt for a message that is still leased here.
        """
        if not is_news(flight, part, receipt):
            return
        fact = flight.receipted(part, receipt.state, receipt.code, now)
        self._progress(flight, [fact], now)


def _note(flight: Flight) -> str:
    return "uncertain" if flight.attempt.uncertain else ""


def _void(decision: Again | Stop | None) -> str:
    """
    A message that a rule made void says so.
    """
    void = isinstance(decision, Stop) and decision.why == "void"
    return f"void, rule {decision.rule}" if decision and void else ""
