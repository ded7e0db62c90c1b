"""
What tells that a channel is in trouble: counts of some seconds, held against limits.
"""

from collections.abc import Sequence
from math import ceil

import attrs

__all__ = ["Limits", "Sample", "Sign", "Total", "sign_of"]


@attrs.frozen
class Limits:
    """
    From when on something is a sign of trouble. Times in seconds, shares of one.
    Without C{automatic} only people switch channels.

    C{window}: how far back is looked, C{recent}: how far for what shows at once under
    load; C{least} answers at least make a share of refusals, C{few} measured times
    make them slow, C{receipts_least} receipts (or taken segments without any, for
    C{silence}) a share of failures. Of C{canaries} a share of C{forgiven} may be
    refused. After C{calm} the next hold is a short one again.
    """

    automatic: bool = True
    window: float = 60.0
    recent: float = 5.0
    least: int = 20
    refused: float = 0.5
    few: int = 5
    slow: float = 3.0
    stall: float = 10.0
    lost: int = 3
    away: float = 10.0
    drops: int = 3
    backlog: float = 20.0
    receipts_least: int = 50
    delivered: float = 0.5
    silence: float = 30.0
    hold: float = 15.0
    hold_most: float = 600.0
    calm: float = 300.0
    canaries: int = 5
    forgiven: float = 0.2
    patience: float = 10.0
    receipts_wait: float = 300.0

    def __attrs_post_init__(self) -> None:
        for one in attrs.fields(Limits):
            value = getattr(self, one.name)
            if value is not True and value is not False and value <= 0:
                raise ValueError(f"{one.name} is above 0")
        for name in ("refused", "delivered", "forgiven"):
            if getattr(self, name) >= 1:
                raise ValueError(f"{name} is a share, below 1")


@attrs.frozen(slots=True)
class Sample:
    """
    One look at a channel: what was counted since the look before.

    C{links} of C{wanted} are logged in now. Segments: C{taken}, C{refused} for a
    reason that is the channel's and not the message's, C{other} answers, C{lost}
    without an answer. C{drops}: links that were lost; C{delays}: some answers'
    seconds; C{waiting}: how old the unanswered segment is that is measured,
    C{backlog}: how long the oldest message in hand has waited while nothing was
    taken, and C{held}: how many these are. C{quiet}: seconds without a receipt on a
    channel that gives some, C{since} so many segments were taken.
    """

    links: int = 1
    wanted: int = 1
    taken: int = 0
    refused: int = 0
    other: int = 0
    lost: int = 0
    drops: int = 0
    delays: tuple[float, ...] = ()
    waiting: float = 0.0
    backlog: float = 0.0
    held: int = 0
    delivered: int = 0
    failed: int = 0
    quiet: float = 0.0
    since: int = 0


@attrs.frozen(slots=True)
class Total:
    """
    Some samples together; what is a state and no count is the newest's. C{drops}
    is of each link that is wanted.
    """

    answered: int = 0
    refused: int = 0
    lost: int = 0
    drops: float = 0.0
    delays: tuple[float, ...] = ()
    receipts: int = 0
    delivered: int = 0
    waiting: float = 0.0
    backlog: float = 0.0
    quiet: float = 0.0
    since: int = 0

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> "Total":
        """
        The sums.
        """
        if not samples:
            return cls()
        refused = sum(one.refused for one in samples)
        delivered = sum(one.delivered for one in samples)
        newest = samples[-1]
        return cls(
            refused + sum(one.taken + one.other for one in samples),
            refused,
            sum(one.lost for one in samples),
            sum(one.drops for one in samples) / max(1, newest.wanted),
            tuple(delay for one in samples for delay in one.delays),
            delivered + sum(one.failed for one in samples),
            delivered,
            newest.waiting,
            newest.backlog,
            newest.quiet,
            newest.since,
        )

    @property
    def refusals(self) -> float:
        """
        The share of refusals among answers.
        """
        return self.refused / self.answered if self.answered else 0.0

    @property
    def delivery(self) -> float:
        """
        The share of deliveries among receipts that are final.
        """
        return self.delivered / self.receipts if self.receipts else 1.0

    @property
    def slowness(self) -> float:
        """
        Nineteen of twenty answers came within so many seconds.
        """
        if not self.delays:
            return 0.0
        return sorted(self.delays)[ceil(0.95 * len(self.delays)) - 1]


@attrs.frozen
class Sign:
    """
    What is wrong. C{hard}: nothing may go there at all, for it would fail;
    C{receipts}: only receipts can tell that it is over.
    """

    why: str
    hard: bool = False
    receipts: bool = False


def sign_of(total: Total, recent: Total, away: float, limits: Limits) -> Sign | None:
    """
    The worst sign of trouble, if there is one; C{away}: seconds without a link.
    """
    return (
        _of_links(total, away, limits)
        or _of_answers(recent, limits)
        or _of_answers(total, limits)
        or _of_receipts(total, limits)
    )


def _of_links(total: Total, away: float, limits: Limits) -> Sign | None:
    if away >= limits.away:
        return Sign(f"no link for {away:.0f} s")
    if total.drops >= limits.drops:
        return Sign(f"links lost {total.drops:.0f} times in {limits.window:.0f} s")
    return None


def _of_answers(total: Total, limits: Limits) -> Sign | None:
    if total.answered >= limits.least and total.refusals > limits.refused:
        return Sign(f"refuses {total.refusals:.0%} of {total.answered}", hard=True)
    if total.waiting >= limits.stall:
        return Sign(f"no answer for {total.waiting:.0f} s")
    if total.lost >= limits.lost and total.lost > total.answered:
        return Sign(f"{total.lost} segments without an answer")
    if len(total.delays) >= limits.few and total.slowness >= limits.slow:
        return Sign(f"answers take {total.slowness:.1f} s")
    if total.backlog >= limits.backlog:
        return Sign(f"a message waits there for {total.backlog:.0f} s")
    return None


def _of_receipts(total: Total, limits: Limits) -> Sign | None:
    if total.receipts >= limits.receipts_least and total.delivery < limits.delivered:
        told = f"delivers {total.delivery:.0%} of {total.receipts}"
        return Sign(told, receipts=True)
    if total.quiet >= limits.silence and total.since >= limits.receipts_least:
        told = f"no receipt for {total.quiet:.0f} s, {total.since} segments taken"
        return Sign(told, receipts=True)
    return None
