"""
Where a number belongs: province and city by its first seven digits.

The table is an operator's list; what it lacks is unknown. Two octets a prefix and
each name once, so that half a million prefixes take a few megabytes.
"""

import re
from array import array
from collections.abc import Iterable, Mapping, Sequence

import attrs

from smsgw.numbering.carriers import carrier_of
from smsgw.numbering.sheets import Sheet, carrier_named

__all__ = ["UNKNOWN", "Region", "Regions", "read_regions"]

Region = tuple[str, str, str, str]
UNKNOWN = "unknown"

_PREFIXES = 1_000_000
_MOST_NAMES = 1 << 16
_prefix = re.compile(r"1[3-9][0-9]{5}").fullmatch
# 浙江省 and 浙江 are one; rules, reports and lists may say either.
_PROVINCE_ENDS = (
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "自治区",
    "特别行政区",
    "省",
    "市",
)
_COLUMNS = {
    "prefix": ("号段", "手机号段", "号码段", "前缀", "prefix", "segment"),
    "province": ("省份", "省", "province"),
    "city": ("城市", "地市", "市", "city"),
    "carrier": ("运营商", "carrier", "operator", "isp"),
}


def _no_slots() -> "array[int]":
    return array("H", bytes(2 * _PREFIXES))


@attrs.frozen(eq=False)
class Regions:
    """
    Look-ups in such a table, made by L{Regions.of}.

    C{carriers} has the prefixes whose carrier is another than their segment's.
    """

    carriers: Mapping[str, str] = attrs.field(factory=dict)
    _names: Sequence[str] = (UNKNOWN,)
    _slots: "array[int]" = attrs.field(factory=_no_slots, repr=False)
    _size: int = 0

    @classmethod
    def of(cls, rows: Iterable[Region]) -> "Regions":
        """
        From (seven digits, province, city, carrier or ''); the last word counts.
        """
        slots = _no_slots()
        places = {UNKNOWN: 0}
        carriers = {}
        size = 0
        for prefix, province, city, carrier in rows:
            name = f"{province}/{city}" if city else province
            place = places.setdefault(name, len(places))
            if place >= _MOST_NAMES and slots.typecode == "H":
                slots = array("I", slots)
            slot = int(prefix[1:])
            size += not slots[slot]
            slots[slot] = place
            if carrier and carrier != carrier_of(prefix + "0000"):
                carriers[prefix] = carrier
        return cls(carriers, tuple(places), slots, size)

    def __len__(self) -> int:
        return self._size

    def region_of(self, number: str) -> str:
        """
        浙江/杭州, or L{UNKNOWN}; of a normalised number.
        """
        if len(number) != 11 or number[0] != "1" or not number.isdecimal():
            return UNKNOWN
        return self._names[self._slots[int(number[1:7])]]


def read_regions(octets: bytes) -> tuple[list[Region], list[str]]:
    """
    The rows of an operator's CSV file, and what is wrong with it, line by line.
    """
    sheet = Sheet(_COLUMNS, frozenset({"city", "carrier"}))
    given: dict[str, int] = {}
    rows = []
    for line, (prefix, province, city, words) in sheet.rows(octets):
        carrier = carrier_named(words)
        if not _prefix(prefix):
            sheet.fault(line, f"号段应为 7 位 / a prefix has 7 digits: {prefix[:20]}")
        elif not province:
            sheet.fault(line, "缺少省份 / no province")
        elif words and not carrier:
            sheet.fault(line, f"运营商无法识别 / no known carrier: {words[:20]}")
        elif given.setdefault(prefix, line) != line:
            sheet.fault(line, f"与第 {given[prefix]} 行重复 / {prefix} given already")
        else:
            rows.append((prefix, _province(province), _city(city), carrier))
    return rows, sheet.mistakes


def _province(name: str) -> str:
    for end in _PROVINCE_ENDS:
        if name.endswith(end):
            return name.removesuffix(end)
    return name


def _city(name: str) -> str:
    return name.removesuffix("市") if len(name) > 2 else name
