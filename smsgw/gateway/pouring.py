"""
How many messages go to each of several channels, so that shares are kept; pure.
"""

from collections.abc import Sequence

import attrs

__all__ = ["Cup", "fill"]


@attrs.frozen(slots=True)
class Cup:
    """
    A channel's level, its share of one, and how many messages fit in.
    """

    level: float
    share: float
    most: int

    @property
    def top(self) -> float:
        """
        Its level when no more fits in.
        """
        return self.level + self.most / self.share

    def up_to(self, level: float) -> float:
        """
        What it takes to reach a level; less than nothing if it is above.
        """
        return (level - self.level) * self.share + 1e-9

    def poured(self, level: float) -> float:
        """
        What goes in until that level is reached.
        """
        return min(max(0.0, (level - self.level) * self.share), float(self.most))


def fill(wanted: int, cups: Sequence[Cup]) -> list[int]:
    """
    Pour so many messages where the level is lowest; how many go to each.
    """
    poured = _pour(min(wanted, sum(cup.most for cup in cups)), cups)
    given = [int(one + 1e-9) for one in poured]
    rest = round(sum(poured)) - sum(given)
    order = sorted(range(len(cups)), key=lambda n: given[n] - poured[n])
    for n in order:
        if rest > 0 and given[n] < cups[n].most:
            given[n] += 1
            rest -= 1
    return given


def _pour(wanted: int, cups: Sequence[Cup]) -> list[float]:
    marks = sorted({mark for cup in cups for mark in (cup.level, cup.top)})
    below, before = marks[0], 0.0
    for mark in marks:
        volume = sum(cup.poured(mark) for cup in cups)
        if volume >= wanted and volume > before:
            level = below + (mark - below) * (wanted - before) / (volume - before)
            return [cup.poured(level) for cup in cups]
        below, before = mark, volume
    return [float(cup.most) for cup in cups]
