"""
What is known about a number: its carrier now, its region and its kind.
"""

from collections.abc import Callable, Iterable, Iterator

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
        if not self.ported and not self.regions.carriers:
            return carrier_of
        return _by_number(self.ported, self.regions)

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
        As after these changes of the ported numbers in the record.
        """
        changed = self.ported.with_changes(numbers, decided=True)
        return attrs.evolve(self, ported=changed)


def _whole_heads() -> Iterator[tuple[str, str]]:
    """
    The three digits whose numbers are all one carrier's, or all unknown.
    """
    for head in range(130, 200):
        found = {carrier_of(f"{head}{rest:02d}000000") for rest in range(100)}
        if len(found) == 1:
            yield str(head), found.pop()


_WHOLE = dict(_whole_heads())


def _by_number(ported: Ported, regions: Regions) -> Callable[[str], str]:
    """
    A look-up that needs no more than three digits where these decide.
    """
    newest, others = ported.newest.get, ported.others.get
    named = regions.carriers.get
    split = {prefix[:3] for prefix in regions.carriers}
    short = {head: one for head, one in _WHOLE.items() if head not in split}.get

    def look(number: str) -> str:
        found = newest(number)
        if found is None:
            found = others(number)
        if not found:
            found = short(number[:3])
        if found:
            return found
        found = named(number[:7])
        return found if found and len(number) == 11 else carrier_of(number)

    return look
