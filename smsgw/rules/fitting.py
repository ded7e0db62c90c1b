"""
Where the variables of a template are in a text: the straight way first, then by
trying other places, so often and no more.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import attrs

__all__ = ["Fitting", "Slot"]


class Slot(NamedTuple):
    """
    A variable, what it takes, and the words that follow it; C{allows} is told a
    whole value, C{reach} finds the longest at a place.
    """

    name: str
    longest: int
    allows: Callable[..., object]
    literal: str
    reach: Callable[[str, int, int], re.Match[str] | None]


@attrs.define(eq=False)
class Fitting:
    """
    How many places may still be tried; several templates may share one.

    Nothing is tried twice from the same place, and every try is of at most as many
    characters as the variable takes.
    """

    tries: int

    def fit(
        self, slots: Sequence[Slot], text: str, at: int, end: int
    ) -> dict[str, str] | None:
        """
        The values of C{slots} in C{text[at:end]}, None if they are not there.

        The straight way ends each value where the words after it first come. If
        even these cannot be found in a row, there is no other way either.
        """
        found, straight, here = dict[str, str](), True, at
        for name, longest, allows, literal, _ in slots[:-1]:
            stop = text.find(literal, here + 1, end)
            if stop < 0:
                return None
            if straight:
                value = text[here:stop]
                straight = (
                    literal != ""
                    and stop - here <= longest
                    and bool(allows(value))
                    and found.setdefault(name, value) == value
                )
            here = stop + len(literal)
        if here >= end:
            return None
        name, longest, allows, _, _ = slots[-1]
        if straight and end - here <= longest:
            value = text[here:end]
            if allows(value) and found.setdefault(name, value) == value:
                return found
        return _Search(self, slots, text, end).run(at)


@attrs.define(eq=False)
class _Search:
    """
    All ways for one template and one text; C{dead} are variables with places from
    which there is none, told only where no variable comes twice.
    """

    fitting: Fitting
    slots: Sequence[Slot]
    text: str
    end: int
    found: dict[str, str] = attrs.field(factory=dict)
    dead: set[tuple[int, int]] = attrs.field(factory=set)
    distinct: bool = True

    def run(self, at: int) -> dict[str, str] | None:
        """
        The first way that is found.
        """
        self.distinct = len({slot.name for slot in self.slots}) == len(self.slots)
        return self.found if self._from(0, at) else None

    def _from(self, place: int, at: int) -> bool:
        if place == len(self.slots):
            return True
        if (place, at) in self.dead:
            return False
        for stop in self._stops(place, at):
            if self.fitting.tries <= 0:
                return False
            self.fitting.tries -= 1
            if self._through(place, at, stop):
                return True
        if self.distinct:
            self.dead.add((place, at))
        return False

    def _through(self, place: int, at: int, stop: int) -> bool:
        name, _, allows, literal, _ = self.slots[place]
        if not allows(self.text, at, stop):
            return False
        first = name not in self.found
        if first:
            self.found[name] = self.text[at:stop]
        if self._from(place + 1, stop + len(literal)):
            return True
        if first:
            del self.found[name]
        return False

    def _stops(self, place: int, at: int) -> Iterable[int]:
        """
        Where the value that begins at C{at} may end: before the words that follow,
        the nearest first; without such words, the farthest first.
        """
        slot, text = self.slots[place], self.text
        reached = slot.reach(text, at, min(at + slot.longest, self.end))
        most = reached.end() if reached is not None else at
        known = self.found.get(slot.name)
        if place == len(self.slots) - 1:
            if at < self.end == most and known in (None, text[at:most]):
                yield most
        elif known is not None:
            stop = at + len(known)
            if text.startswith(known + slot.literal, at, self.end):
                yield stop
        elif not slot.literal:
            yield from range(most, at, -1)
        else:
            before = min(most + len(slot.literal), self.end)
            stop = text.find(slot.literal, at + 1, before)
            while stop >= 0:
                yield stop
                stop = text.find(slot.literal, stop + 1, before)
