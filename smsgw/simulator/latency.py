"""
How long a carrier takes: a mean that varies, or a curve that was measured.
"""

from collections.abc import Callable, Sequence
from itertools import pairwise

import attrs

__all__ = ["Latency", "drawn"]

Curve = tuple[tuple[float, ...], ...]


def _curve(_: object, field: "attrs.Attribute[Curve]", value: Curve) -> None:
    """
    Points of a share and seconds, both rising, up to a share of 1.
    """
    if not value:
        return
    if any(len(point) != 2 for point in value):
        raise ValueError(f"{field.name}: points of a share and seconds")
    ordered = all(a < b for a, b in pairwise(value))
    rising = all(a[1] <= b[1] for a, b in pairwise(value))
    if not (ordered and rising) or value[-1][0] != 1.0 or value[0][0] < 0.0:
        raise ValueError(f"{field.name}: shares rise to 1.0, seconds never fall")


@attrs.frozen
class Latency:
    """
    Seconds: until the response, the receipt; each varies by its jitter.

    A C{curve} says instead what share takes how long at most: C{[[0.5, 0.02],
    [0.99, 0.3], [1.0, 5.0]]}; between its points the line is straight.
    """

    response: float = 0.005
    response_jitter: float = 0.0
    receipt: float = 0.5
    receipt_jitter: float = 0.0
    response_curve: Curve = attrs.field(default=(), validator=_curve)
    receipt_curve: Curve = attrs.field(default=(), validator=_curve)

    def of_response(self, chance: Callable[[], float]) -> float:
        """
        The seconds until one response.
        """
        if self.response_curve:
            return drawn(self.response_curve, chance())
        if not self.response_jitter:
            return self.response
        return _varied(self.response, self.response_jitter, chance)

    def of_receipt(self, chance: Callable[[], float]) -> float:
        """
        The seconds until one receipt.
        """
        if self.receipt_curve:
            return drawn(self.receipt_curve, chance())
        if not self.receipt_jitter:
            return self.receipt
        return _varied(self.receipt, self.receipt_jitter, chance)


def _varied(mean: float, jitter: float, chance: Callable[[], float]) -> float:
    return max(0.0, mean + jitter * (2.0 * chance() - 1.0))


def drawn(curve: Sequence[Sequence[float]], share: float) -> float:
    """
    The seconds at a share of a curve.
    """
    before, least = 0.0, 0.0
    for upto, seconds in curve:
        if share <= upto:
            width = upto - before
            part = (share - before) / width if width else 1.0
            return least + (seconds - least) * part
        before, least = upto, seconds
    return least
