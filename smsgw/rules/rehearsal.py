"""
What other rules would have done with messages that were sent: a dry run; pure.
"""

from collections import Counter
from collections.abc import Iterable

import attrs
import msgspec

from smsgw.numbering.plan import NumberPlan
from smsgw.rules.quota import day_of
from smsgw.rules.routing import Choice, Decision, Router

__all__ = ["Move", "Past", "Rehearsal"]

EXAMPLES = 3
_CHINA = 8 * 3600
_DAY = 86400


class Past(msgspec.Struct, frozen=True, gc=False):
    """
    A message of the record as far as rules ask about it; C{at} is when it was
    accepted.
    """

    id: str
    account: str
    category: str
    signature: str
    to: str
    text: str
    at: float


@attrs.frozen
class Move:
    """
    Whose messages would go another way, from which group ('' for none) to which.
    """

    account: str
    carrier: str
    category: str
    before: str
    after: str


@attrs.define(eq=False)
class Rehearsal:
    """
    Routes messages by the rules as they are and by others, and counts.

    C{groups} are messages per group under each; C{moves} are those that differ,
    with the ids of a few in C{examples}. C{days} are messages per group and day (in
    China) under the other rules. Messages whose number the record does not
    keep are C{blind} and not tried.
    """

    before: Router
    after: Router
    numbers: NumberPlan = attrs.field(factory=NumberPlan)
    tried: int = 0
    blind: int = 0
    groups: tuple[Counter[str], Counter[str]] = attrs.field(
        factory=lambda: (Counter(), Counter())
    )
    moves: Counter[Move] = attrs.field(factory=Counter)
    examples: dict[Move, list[str]] = attrs.field(factory=dict)
    days: Counter[tuple[str, int]] = attrs.field(factory=Counter)

    @property
    def needs_text(self) -> bool:
        """
        Whether any rule looks for a pattern.
        """
        rules = (*self.before.rules, *self.after.rules)
        return any(one.search is not None for one, _ in rules)

    def play(self, messages: Iterable[Past]) -> None:
        """
        Route these.
        """
        for one in messages:
            if not one.to:
                self.blind += 1
                continue
            self.tried += 1
            carrier = self.numbers.carrier_of(one.to)
            before = self._decide(self.before, one, carrier).group
            after = self._decide(self.after, one, carrier).group
            self.groups[0][before] += 1
            self.groups[1][after] += 1
            self.days[after, int(one.at + _CHINA) // _DAY] += 1
            if before != after:
                self._moved(
                    one, Move(one.account, carrier, one.category, before, after)
                )

    def peaks(self) -> dict[str, tuple[str, int]]:
        """
        By group, the day on which the other rules give it most, and how many.
        """
        peaks: dict[str, tuple[str, int]] = {}
        for (group, day), count in self.days.items():
            if count > peaks.get(group, ("", 0))[1]:
                peaks[group] = (day_of(day * _DAY - _CHINA), count)
        return peaks

    def _decide(self, router: Router, one: Past, carrier: str) -> Decision:
        choice: Choice = router.narrow(one.account, one.category, "", one.signature)
        region = self.numbers.region_of(one.to) if choice.needs_region else ""
        kind = self.numbers.kind_of(one.to) if choice.needs_kind else ""
        return choice.route(carrier, region, kind, one.text, one.at)

    def _moved(self, one: Past, move: Move) -> None:
        self.moves[move] += 1
        some = self.examples.setdefault(move, [])
        if len(some) < EXAMPLES:
            some.append(one.id)
