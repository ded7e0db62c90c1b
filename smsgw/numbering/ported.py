"""
Numbers that are with another carrier than their prefix says, and how we learn of it.

A carrier that says so and a success by another one teach; an operator's own word
stands above what was learned.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import attrs

from smsgw.numbering.carriers import CARRIERS, carrier_of, segment_of
from smsgw.numbering.phones import REASONS, normalise, reason_of
from smsgw.numbering.sheets import Sheet, carrier_named

__all__ = [
    "LEARNED",
    "LOADED",
    "SET",
    "Evidence",
    "Ported",
    "PortedNumber",
    "learn",
    "read_ported",
    "yields",
]

LEARNED, LOADED, SET = "learned", "loaded", "set"

_KNOWN = frozenset(CARRIERS) - {"unknown"}
_BOUND = frozenset({"mvno", "satellite", "iot"})
# The newest join the others when they are more than an eighth of these.
_PART = 8
_COLUMNS = {
    "number": ("手机号", "手机号码", "手机", "号码", "number", "phone", "mobile"),
    "carrier": ("携入运营商", "现运营商", "运营商", "carrier", "operator"),
}


@attrs.frozen
class PortedNumber:
    """
    A number and the carrier it is with; one not C{active} goes by its prefix again.

    C{source} is L{LEARNED}, L{LOADED} from a list, or L{SET} by hand.
    """

    number: str
    carrier: str
    source: str = LEARNED
    active: bool = True


@attrs.frozen
class Evidence:
    """
    What one attempt showed: the channel's carrier and the class of its outcome,
    C{ported} or C{delivered}; any other says nothing about the carrier.
    """

    carrier: str
    class_: str


def yields(old: str, new: str) -> bool:
    """
    Whether a row of source C{old} gives way to one of source C{new}.
    """
    return old != SET or new == SET


@attrs.frozen(eq=False)
class Ported:
    """
    All such numbers. Few changes cost little: the C{newest} lie over the C{others},
    with '' for a number that goes by its prefix again.
    """

    newest: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    others: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    _set: frozenset[str] = attrs.field(default=frozenset(), repr=False)
    _size: int = 0

    @classmethod
    def of(cls, numbers: Iterable[PortedNumber]) -> "Ported":
        """
        From a whole list.
        """
        return cls().with_changes(numbers)

    def __len__(self) -> int:
        return self._size

    def carrier_of(self, number: str) -> str:
        """
        The carrier of a number that is here, else ''.
        """
        found = self.newest.get(number)
        return self.others.get(number, "") if found is None else found

    def numbers(self) -> Iterator[PortedNumber]:
        """
        Every number that is here.
        """
        for number, carrier in {**self.others, **self.newest}.items():
            if carrier:
                source = SET if number in self._set else LOADED
                yield PortedNumber(number, carrier, source)

    def with_changes(
        self, numbers: Iterable[PortedNumber], decided: bool = False
    ) -> "Ported":
        """
        As after these, in their order; what was set by hand yields to such only,
        unless the record C{decided} already.
        """
        newest, fixed, size = dict(self.newest), set(self._set), self._size
        for one in numbers:
            number = one.number
            if not decided and number in fixed and not yields(SET, one.source):
                continue
            before = newest.get(number)
            if before is None:
                before = self.others.get(number, "")
            newest[number] = one.carrier if one.active else ""
            size += one.active - bool(before)
            if one.active and one.source == SET:
                fixed.add(number)
            else:
                fixed.discard(number)
        if len(newest) * _PART <= len(self.others):
            return Ported(newest, self.others, frozenset(fixed), size)
        whole = {n: c for n, c in {**self.others, **newest}.items() if c}
        return Ported({}, whole, frozenset(fixed), size)


def learn(
    number: str, carrier: str, evidence: Sequence[Evidence]
) -> PortedNumber | None:
    """
    What the attempts at a number, in their order, teach; None for nothing new.

    C{carrier} is the one that the number is held to be with. It is forgotten when
    that carrier denies the number, or when the attempts contradict each other, and
    nobody else proves to have it.
    """
    if segment_of(number).kind in _BOUND:
        return None
    proven, doubted = _weigh(evidence)
    if len(proven) == 1:
        (found,) = proven
        return PortedNumber(number, found) if found != carrier else None
    if carrier in doubted | proven and carrier != carrier_of(number):
        return PortedNumber(number, carrier, active=False)
    return None


def _weigh(evidence: Iterable[Evidence]) -> tuple[set[str], set[str]]:
    """
    The carriers that proved to have the number after another denied it, and those
    that denied it or whose proof fell with the denial.
    """
    denied: set[str] = set()
    proven: set[str] = set()
    fallen: set[str] = set()
    for one in evidence:
        carrier = one.carrier
        if carrier not in _KNOWN:
            continue
        if one.class_ == "ported":
            denied.add(carrier)
            proven.discard(carrier)
        elif one.class_ == "delivered" and carrier in denied:
            denied.discard(carrier)
            fallen |= proven
            proven.clear()
        elif one.class_ == "delivered" and denied:
            proven.add(carrier)
    return proven, denied | fallen


def read_ported(octets: bytes) -> tuple[list[PortedNumber], list[str]]:
    """
    The numbers of an operator's CSV file, and what is wrong with it, line by line.
    """
    sheet = Sheet(_COLUMNS)
    given: dict[str, int] = {}
    numbers = []
    for line, (written, words) in sheet.rows(octets):
        carrier = carrier_named(words)
        reason = reason_of(written)
        if reason:
            sheet.fault(line, REASONS[reason])
            continue
        number = normalise(written)
        if not carrier:
            sheet.fault(line, f"运营商无法识别 / no known carrier: {words[:20]}")
        elif given.setdefault(number, line) != line:
            sheet.fault(line, f"与第 {given[number]} 行重复 / given already")
        else:
            numbers.append(PortedNumber(number, carrier, LOADED))
    return numbers, sheet.mistakes
