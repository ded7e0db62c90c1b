"""
How many messages a second an account may bring through this door.
"""

import math
from typing import Protocol

import attrs

__all__ = ["Rated", "Rates"]


class Rated(Protocol):
    """
    Whoever has a rate: messages a second, 0 for any.
    """

    @property
    def id(self) -> str: ...
    @property
    def rate(self) -> float: ...


@attrs.define(eq=False)
class Bucket:
    """
    What is left at a time; below zero is owed.
    """

    left: float
    at: float


@attrs.define(eq=False)
class Rates:
    """
    A token bucket per account that has a rate.

    A request is taken whole as long as one message is left, and may owe the
    rest: so a batch above the rate passes, and the next one waits for it.
    """

    _buckets: dict[str, Bucket] = attrs.field(factory=dict, init=False)

    def take(self, account: Rated, count: int, now: float) -> float:
        """
        0 when taken, else the seconds after which it may be.
        """
        if not account.rate:
            return 0.0
        bucket = self._filled(account, now)
        if bucket.left < 1.0:
            return (1.0 - bucket.left) / account.rate
        bucket.left -= count
        return 0.0

    def give_back(self, account: Rated, count: int) -> None:
        """
        Messages that were taken, but not kept.
        """
        if account.rate and count:
            self._buckets[account.id].left += count

    def headers(self, account: Rated, now: float) -> dict[str, str]:
        """
        How an account stands, in C{RateLimit} fields; none without a rate.
        """
        if not account.rate:
            return {}
        quota, window = _policy(account.rate)
        left = self._filled(account, now).left
        wait = max(0.0, (quota - left) / account.rate)
        return {
            "RateLimit-Policy": f'"messages";q={quota};w={window}',
            "RateLimit": f'"messages";r={max(0, int(left))};t={math.ceil(wait)}',
        }

    def _filled(self, account: Rated, now: float) -> Bucket:
        most = float(_policy(account.rate)[0])
        bucket = self._buckets.get(account.id)
        if bucket is None:
            bucket = self._buckets[account.id] = Bucket(most, now)
        gained = max(0.0, now - bucket.at) * account.rate
        bucket.left = min(most, bucket.left + gained)
        bucket.at = now
        return bucket


def _policy(rate: float) -> tuple[int, int]:
    """
    So many messages in so many seconds: one second's, or a single message.
    """
    window = max(1, math.ceil(1.0 / rate))
    return max(1, math.floor(rate * window)), window
