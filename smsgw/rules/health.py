"""
Is a channel well? One state machine for each, over what is counted every second.

A channel that shows a sign of trouble is C{tripped} for a hold time, then proves
itself with a few messages (C{canary}) before it is C{well} again. Every relapse
doubles the hold. People's orders (C{paused}, C{draining}) stand above all signs.
"""

from collections import deque
from typing import Literal

import attrs

from smsgw.rules.signs import Limits, Sample, Total, sign_of

__all__ = ["ORDERS", "Change", "Health", "State"]

State = Literal["well", "tripped", "canary", "paused", "draining"]
ORDERS: dict[str, State] = {
    "paused": "paused",
    "draining": "draining",
    "tripped": "tripped",
    "": "well",
}


@attrs.frozen
class Change:
    """
    A decision: from which state to which, at what time, and why in words; C{who} is
    the person that ordered it, C{health} if nobody did.
    """

    at: float
    before: State
    after: State
    why: str
    who: str = "health"


@attrs.define(eq=False)
class Health:
    """
    What is known of one channel. Times are those that L{look} is given.

    C{hard}: while it is not well, it gets nothing but canaries; else what no other
    channel can take still goes by it. C{granted} counts the canaries of this round,
    C{trips} how often it was tripped; it is not tried again before C{until}.
    """

    limits: Limits = attrs.field(factory=Limits)
    state: State = "well"
    why: str = ""
    since: float = 0.0
    until: float = 0.0
    hold: float = 0.0
    hard: bool = False
    trips: int = 0
    granted: int = 0
    _by_receipts: bool = False
    _link_at: float | None = None
    _samples: deque[tuple[float, Sample]] = attrs.field(factory=deque, init=False)

    @property
    def well(self) -> bool:
        """
        Nobody needs to stand in for it.
        """
        return self.state == "well"

    @property
    def allowance(self) -> int | None:
        """
        How many messages it may be given now; C{None} for any number.
        """
        if self.state == "well":
            return None
        if self.state == "canary":
            return max(0, self.limits.canaries - self.granted)
        return 0

    def took(self, count: int = 1) -> None:
        """
        It was given so many messages.
        """
        if self.state == "canary":
            self.granted += count

    def total(self) -> Total:
        """
        What was counted lately, or since the state began.
        """
        return Total.of([sample for _, sample in self._samples])

    def look(self, sample: Sample, now: float) -> Change | None:
        """
        What was counted since it was looked at last; what that changes, if anything.
        """
        self._note(sample, now)
        if self.state == "well":
            return self._look_well(now)
        if self.state == "tripped":
            return self._look_tripped(sample, now)
        if self.state == "canary":
            return self._look_canary(sample, now)
        return None

    def order(self, word: str, why: str, who: str, now: float) -> Change | None:
        """
        A person's word: C{paused}, C{draining}, C{tripped}, or '' for well again.
        """
        wanted = ORDERS[word]
        if wanted == self.state:
            return None
        if wanted == "tripped":
            return self._trip(why, True, now, who)
        self.hold = 0.0
        return self._change(wanted, why, now, who)

    # The states.

    def _look_well(self, now: float) -> Change | None:
        if not self.limits.automatic:
            return None
        since = now - self.limits.recent
        recent = Total.of([one for at, one in self._samples if at > since])
        away = self._seconds_away(now)
        sign = sign_of(self.total(), recent, away, self.limits)
        if sign is None:
            if self.hold and now - self.since >= self.limits.calm:
                self.hold = 0.0
            return None
        self._by_receipts = sign.receipts
        return self._trip(sign.why, sign.hard, now)

    def _look_tripped(self, sample: Sample, now: float) -> Change | None:
        if now < self.until or not sample.links:
            return None
        return self._change("canary", f"{self.hold:g} s are over, trying it", now)

    def _look_canary(self, sample: Sample, now: float) -> Change | None:
        """
        Enough good answers make it well, one sign of trouble trips it again; a round
        that came to nothing is followed by another one.
        """
        total, limits = self.total(), self.limits
        trouble = self._relapse(total, now)
        if trouble:
            return self._trip(trouble, self.hard, now)
        answered, judged = total.answered, total.receipts
        enough = judged if self._by_receipts else answered
        if enough >= limits.canaries:
            word = "receipts" if self._by_receipts else "answers"
            return self._change("well", f"{enough} good {word}", now)
        if self.granted >= limits.canaries and not sample.held:
            self.granted = min(self.granted, answered)
        return None

    def _relapse(self, total: Total, now: float) -> str:
        limits = self.limits
        if total.drops >= 1 or self._seconds_away(now) >= limits.away:
            return "link lost while it was tried"
        if total.lost or total.waiting >= limits.patience:
            return "no answer while it was tried"
        if total.answered >= limits.canaries and total.refusals > limits.forgiven:
            return "refuses still"
        if total.answered >= limits.canaries and total.slowness >= limits.slow:
            return f"still slow: {total.slowness:.1f} s"
        if not self._by_receipts:
            return ""
        if total.receipts >= limits.canaries and total.delivery < limits.delivered:
            return "messages fail still"
        if now - self.since >= limits.receipts_wait and total.answered:
            return "still no receipts"
        return ""

    # Changing.

    def _trip(self, why: str, hard: bool, now: float, who: str = "health") -> Change:
        limits = self.limits
        self.hold = min(limits.hold_most, 2 * self.hold) if self.hold else limits.hold
        self.until, self.hard = now + self.hold, hard
        self.trips += 1
        if who != "health":
            self._by_receipts = False
        return self._change("tripped", why, now, who)

    def _change(
        self, after: State, why: str, now: float, who: str = "health"
    ) -> Change:
        change = Change(now, self.state, after, why, who)
        self.state, self.why, self.since, self.granted = after, why, now, 0
        self.hard = self.hard or after in ("paused", "draining")
        self._samples.clear()
        return change

    def _note(self, sample: Sample, now: float) -> None:
        if sample.links or not sample.wanted or self._link_at is None:
            self._link_at = now
        samples = self._samples
        samples.append((now, sample))
        limits, tried = self.limits, self.state == "canary"
        window = 2 * limits.receipts_wait if tried else limits.window
        while samples[0][0] <= now - window:
            samples.popleft()

    def _seconds_away(self, now: float) -> float:
        return now - (now if self._link_at is None else self._link_at)
