"""
What is known about a number: its carrier now, its region and its kind.
"""

from collections.abc import Callable, Iterable

import attrs

from smsgw.numbering.carriers import carrier_of, segment_of
from smsgw.numbering.ported import Ported, PortedNumber
from smsgw.numbering.regions import Regions

__all__ = ["NumberPlan"]


@attrs.frozen(eq=False)
class NumberPlan:
    """
    The regions and the ported numbers over the table of segments.

    C{carrier_of(number)} is one of L{smsgw.numbering.carriers.CARRIERS}: a number's
    own comes first, then the one that the list of regions names for its seven
    digits, then its segment's. C{region_of(number)} is province/city. Unknown stays
    unknown. Both look-ups are made once for the lists as they are.
    """

    regions: Regions = attrs.field(factory=Regions)
    ported: Ported = attrs.field(factory=Ported)
    carrier_of: Callable[[str], str] = attrs.field(init=False, repr=False)
    region_of: Callable[[str], str] = attrs.field(init=False, repr=False)

    @carrier_of.default
    def _make_carrier_of(self) -> Callable[[str], str]:
        home = _by_prefix(self.regions) if self.regions.carriers else carrier_of
        return _by_number(self.ported, home) if self.ported else home

    @region_of.default
    def _make_region_of(self) -> Callable[[str], str]:
        return self.regions.region_of

    def kind_of(self, number: str) -> str:
        """
        One of L{smsgw.numbering.carriers.KINDS}.
        """
        return segment_of(number).kind

    def with_ported(self, numbers: Iterable[PortedNumber]) -> "NumberPlan":
        """
        As after these changes of the ported numbers.
        """
        return attrs.evolve(self, ported=self.ported.with_changes(numbers))


def _by_prefix(regions: Regions) -> Callable[[str], str]:
    named = regions.carriers.get

    def look(number: str) -> str:
        found = named(number[:7])
        return found if found and len(number) == 11 else carrier_of(number)

    return look


def _by_number(ported: Ported, home: Callable[[str], str]) -> Callable[[str], str]:
    newest, others = ported.newest.get, ported.others.get

    def look(number: str) -> str:
        found = newest(number)
        if found is None:
            found = others(number)
        return found or home(number)

    return look
