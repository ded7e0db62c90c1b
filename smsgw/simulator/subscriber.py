"""
One account at work: its connections, what waits for it, its counts.
"""

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from smsgw.link import Link
from smsgw.protocols.events import Answered
from smsgw.simulator.admission import Limiter
from smsgw.simulator.delivery import Delivery
from smsgw.simulator.faults import Faults
from smsgw.simulator.scenario import Account
from smsgw.simulator.speech import Speech

__all__ = ["Subscriber"]

REPORT = {name: f"report_{name}" for name in ("taken", "refused", "misanswered")}
MO = {name: f"mo_{name}" for name in REPORT}


@attrs.define(eq=False)
class Subscriber:
    """
    Deliveries go to any connection with room, evenly; without one they wait.

    C{members} are the connections it logged in with, C{links} those that may be
    delivered to.
    """

    speech: Speech
    limiter: Limiter
    faults: Faults
    most: int = 1_000_000
    accepted: int = attrs.field(default=0, init=False)
    refused: int = attrs.field(default=0, init=False)
    counts: Counter[str] = attrs.field(factory=Counter, init=False)
    members: list[Link] = attrs.field(factory=list, init=False)
    links: list[Link] = attrs.field(factory=list, init=False)
    _waiting: deque[Delivery] = attrs.field(factory=deque, init=False)

    @property
    def account(self) -> Account:
        """
        What the contract says.
        """
        return self.speech.account

    @property
    def waiting(self) -> int:
        """
        Deliveries that no connection has taken yet.
        """
        return len(self._waiting)

    def kept(self) -> list[Delivery]:
        """
        What waits, oldest first.
        """
        return list(self._waiting)

    def join(self, link: Link) -> None:
        """
        A connection is bound that may be delivered to.
        """
        self.links.append(link)
        link.on_answered = self.answered
        link.on_expired = self.expired

    def leave(self, link: Link, unanswered: Iterable[Any]) -> None:
        """
        A connection is gone; its unanswered deliveries go to another.
        """
        for those in (self.members, self.links):
            if link in those:
                those.remove(link)
        again = list(unanswered)
        self.counts["deliver_again"] += len(again)
        self._waiting.extendleft(reversed(again))
        self.pump()

    def offer(self, deliveries: Iterable[Delivery]) -> None:
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
        if self.faults.elsewhere:
            self._pump_elsewhere()
            return
        share = len(waiting) // len(links) + 1 if links else 0
        for link in links:
            room = min(link.room, share, len(waiting))
            if room:
                self._give(link, [waiting.popleft() for _ in range(room)])
        if len(links) > 1:
            links.append(links.pop(0))

    def _give(self, link: Link, some: list[Delivery]) -> None:
        unfit = link.ask_many([(one.pdu, one) for one in some])
        self.counts["deliver_sent"] += len(some)
        if unfit:
            self.counts["deliver_unfit"] += len(unfit)

    def _pump_elsewhere(self) -> None:
        """
        Each to a connection that is not its submit's, if there is another.
        """
        rooms = {id(link): link.room for link in self.links}
        given: dict[int, list[Delivery]] = {id(link): [] for link in self.links}
        kept: deque[Delivery] = deque()
        for one in self._waiting:
            others = [link for link in self.links if link is not one.origin]
            for link in others or self.links:
                if len(given[id(link)]) < rooms[id(link)]:
                    given[id(link)].append(one)
                    break
            else:
                kept.append(one)
        self._waiting = kept
        for link in list(self.links):
            if given[id(link)]:
                self._give(link, given[id(link)])

    def answered(self, event: Answered) -> None:
        """
        The answer to a delivery.
        """
        delivery: Delivery = event.token
        names = REPORT if delivery.report else MO
        self.counts[names[self.speech.taken(delivery.pdu, event.pdu)]] += 1

    def expired(self, token: Any) -> None:
        """
        N transmissions, no answer: given up.
        """
        self.counts["deliver_expired"] += 1

    def day(self) -> Mapping[str, int]:
        """
        The counters that an account may ask for.
        """
        return {
            "accepted": self.accepted,
            "refused": self.refused,
            "replies": self.counts["mo_taken"],
            "waiting": self.waiting,
        }

    def totals(self) -> dict[str, int]:
        """
        All counts by name; C{result_8} and the like are of submits.
        """
        return {
            "connections": len(self.members),
            "waiting": self.waiting,
            "accepted": self.accepted,
            "refused": self.refused,
            **dict(sorted(self.counts.items())),
        }
