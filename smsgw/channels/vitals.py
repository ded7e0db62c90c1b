"""
What is counted of a channel between two looks at it; one addition for an event.
"""

import attrs

from smsgw.rules.signs import Sample

__all__ = ["Vitals"]

_ITS_OWN = frozenset({"carrier_fault", "config", "quota", "unknown_outcome"})
_MANY = 200


@attrs.define(eq=False)
class Vitals:
    """
    The counts since they were taken last; times are monotonic. What was given to
    the channel before C{fresh_at} does not count: a new state is judged by itself.
    """

    fresh_at: float = 0.0
    taken: int = 0
    refused: int = 0
    other: int = 0
    lost: int = 0
    drops: int = 0
    delivered: int = 0
    failed: int = 0
    delays: list[float] = attrs.field(factory=list)
    _taken_at: float = 0.0
    _gives: bool = False
    _since: int = 0
    _since_at: float = 0.0

    def said_no(self, class_: str) -> None:
        """
        A segment was refused, for a reason of this class: the channel's, or the
        message's own.
        """
        if class_ in _ITS_OWN:
            self.refused += 1
        else:
            self.other += 1

    def unanswered(self, given_at: float) -> None:
        """
        A segment of a message that was given then got no answer.
        """
        if given_at >= self.fresh_at:
            self.lost += 1

    def answered_in(self, seconds: float) -> None:
        """
        One answer that was measured.
        """
        if len(self.delays) < _MANY:
            self.delays.append(seconds)

    def receipt(self, state: str) -> None:
        """
        A final one.
        """
        if state == "delivered":
            self.delivered += 1
        else:
            self.failed += 1

    def fresh(self, now: float) -> None:
        """
        Begin anew, as if nothing had been given to the channel before.
        """
        self.fresh_at = self._taken_at = now
        self._since = 0
        self._clear()

    def take(
        self, links: int, wanted: int, waiting: float, oldest: float, held: int,
        now: float,
    ) -> Sample:  # fmt: skip
        """
        A sample, and begin to count anew; C{waiting}: how long the measured segment
        has waited for its answer; C{oldest}: when the oldest of the C{held} messages
        was given to the channel.
        """
        if self.taken:
            self._taken_at = now
        self._look_at_receipts(now)
        sample = Sample(
            links,
            wanted,
            self.taken,
            self.refused,
            self.other,
            self.lost,
            self.drops,
            tuple(self.delays),
            waiting,
            now - max(oldest, self._taken_at) if held else 0.0,
            held,
            self.delivered,
            self.failed,
            now - self._since_at if self._gives and self._since else 0.0,
            self._since,
        )
        self._clear()
        return sample

    def _look_at_receipts(self, now: float) -> None:
        if self.delivered or self.failed:
            self._gives, self._since = True, 0
        elif self.taken:
            if not self._since:
                self._since_at = now
            self._since += self.taken

    def _clear(self) -> None:
        self.taken = self.refused = self.other = self.lost = self.drops = 0
        self.delivered = self.failed = 0
        self.delays.clear()
