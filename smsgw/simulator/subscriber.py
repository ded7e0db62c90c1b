"""
One account at work: its connections, what waits for it, its counts.
"""

from collections import Counter, deque
from collections.abc import Iterable
from typing import Any

import attrs

from smsgw.link import Link
from smsgw.protocols.events import Answered
from smsgw.protocols.rows import Pdu
from smsgw.simulator.admission import Limiter
from smsgw.simulator.faults import Faults
from smsgw.simulator.manner import Manner, Told
from smsgw.simulator.scenario import Account

__all__ = ["Subscriber"]

REPORT = ("report_taken", "report_refused", "report_misanswered")
MO = ("mo_taken", "mo_refused", "mo_misanswered")


@attrs.define(eq=False)
class Subscriber:
    """
    Deliveries go to any connection with room, evenly; without one they wait.
    """

    account: Account
    limiter: Limiter
    faults: Faults
    manner: Manner
    most: int = 1_000_000
    accepted: int = attrs.field(default=0, init=False)
    refused: int = attrs.field(default=0, init=False)
    counts: Counter[str] = attrs.field(factory=Counter, init=False)
    links: list[Link] = attrs.field(factory=list, init=False)
    _waiting: deque[Any] = attrs.field(factory=deque, init=False)

    @property
    def waiting(self) -> int:
        """
        Deliveries that no connection has taken yet.
        """
        return len(self._waiting)

    def kept(self) -> list[Any]:
        """
        What waits, oldest first.
        """
        return list(self._waiting)

    def join(self, link: Link) -> None:
        """
        A connection is bound.
        """
        self.links.append(link)
        self.counts["logins"] += 1

    def leave(self, link: Link, unanswered: Iterable[Any]) -> None:
        """
        A connection is gone; its unanswered deliveries go to another.
        """
        if link in self.links:
            self.links.remove(link)
        again = list(unanswered)
        self.counts["deliver_again"] += len(again)
        self._waiting.extendleft(reversed(again))
        self.pump()

    def offer(self, deliveries: Iterable[Any]) -> None:
        """
        Deliver, or keep; the oldest is dropped when there are too many.
        """
        self._waiting.extend(deliveries)
        excess = len(self._waiting) - self.most
        for _ in range(excess):
            self._waiting.popleft()
        if excess > 0:
            self.counts["deliver_dropped"] += excess

    def pump(self) -> None:
        """
        Fill the windows.
        """
        waiting, links = self._waiting, self.links
        if not waiting or self.faults.hold:
            return
        share = len(waiting) // len(links) + 1 if links else 0
        for link in links:
            room = min(link.room, share, len(waiting))
            if room:
                some = [waiting.popleft() for _ in range(room)]
                link.ask_many([(_pdu(one), one) for one in some])
                self.counts["deliver_sent"] += room
        if links:
            links.append(links.pop(0))

    def answered(self, event: Answered) -> None:
        """
        The answer to a delivery.
        """
        names = REPORT if event.token.report else MO
        taken = self.manner.delivered(event.token, event.pdu)
        place = 2 if taken is None else 1 - taken
        self.counts[names[place]] += 1

    def expired(self, token: Any) -> None:
        """
        N transmissions, no answer: given up.
        """
        self.counts["deliver_expired"] += 1

    def totals(self) -> dict[str, int]:
        """
        All counts by name; C{result_8} and the like are of submits.
        """
        return {
            "connections": len(self.links),
            "waiting": self.waiting,
            "accepted": self.accepted,
            "refused": self.refused,
            **dict(sorted(self.counts.items())),
        }


def _pdu(delivery: Any) -> Pdu:
    """
    What goes over the wire.
    """
    pdu: Pdu = delivery.pdu if type(delivery) is Told else delivery
    return pdu
