"""
Lookups in the tables of codes; they never fail on an unknown code.
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from smsgw.protocols.codes.tables import (
    CLASSES,
    KEPT,
    UNKNOWN,
    Class,
    Meaning,
    by_number,
    meaning,
    read_tables,
)

__all__ = [
    "CLASSES",
    "Class",
    "Meaning",
    "connect_status",
    "stat",
    "submit_result",
]

_TABLES = read_tables("cmpp")


def _table(name: str) -> Mapping[int, Mapping[str, str]]:
    return by_number(_TABLES[name])


_CONNECT, _RESULT = _table("connect"), _table("result")
_SMSC, _PLATFORM, _DSMP = _table("smsc"), _table("platform"), _table("dsmp")
_COMMAND, _AGGREGATOR = _table("command_status"), _table("aggregator")
_STAT = re.compile(r"([A-Z]{2}):?(\d{4,5})$")
_LINK_CODES = 51  # MA, DA, CA and IA are a link's own codes from here on
_SCP_FAULTS = frozenset({16, 18, 22, 54})


@lru_cache(KEPT)
def connect_status(code: int) -> Meaning:
    """
    CONNECT_RESP.Status.
    """
    return meaning(str(code), _CONNECT.get(code, {**UNKNOWN, "class": "config"}))


@lru_cache(KEPT)
def submit_result(code: int) -> Meaning:
    """
    SUBMIT_RESP.Result.
    """
    return meaning(str(code), _RESULT.get(code, UNKNOWN))


@lru_cache(KEPT)
def stat(value: str) -> Meaning:
    """
    A report's Stat (section 10.4's rules, first match wins).
    """
    code = value.partition("\0")[0].strip().upper()
    row = _TABLES["words"].get(code)
    if row is not None:
        return meaning(code, row)
    found = _STAT.match(code)
    if found and found[1] in _TABLES["families"]:
        family, number = found[1], int(found[2])
        return _of_family(code, family, number)
    return meaning(code, _of_text(code))


def _of_family(code: str, family: str, number: int) -> Meaning:
    whole = _TABLES["families"][family]
    if family in ("MC", "IC"):
        return meaning(code, whole)
    row = _FAMILIES.get(family, _smsc)(family, number)
    return meaning(code, row or whole, whole["state"])


def _of_text(code: str) -> Mapping[str, str]:
    for words, row in _TABLES["texts"].items():
        if any(word in code for word in words.split()):
            found: Mapping[str, str] = row
            return found
    return UNKNOWN


def _smsc(family: str, number: int) -> Mapping[str, str] | None:
    row = _SMSC.get(number)
    if row is not None and (family, number) == ("MI", 13):
        return {**row, "class": "handset_temp"}
    return row


def _platform(family: str, number: int) -> Mapping[str, str] | None:
    if family == "DB" and number in _DSMP:
        return _DSMP[number]
    return _PLATFORM.get(number) or _RESULT.get(number)


def _link(family: str, number: int) -> Mapping[str, str] | None:
    if number >= _LINK_CODES:
        return {**_TABLES["families"][family], "class": "carrier_fault"}
    return _AGGREGATOR.get(number) if family == "MA" else None


def _scp(family: str, number: int) -> Mapping[str, str] | None:
    if number not in _SCP_FAULTS:
        return None
    return {**_TABLES["families"][family], "class": "carrier_fault"}


def _of_table(
    table: Mapping[int, Mapping[str, str]],
) -> Callable[[str, int], Mapping[str, str] | None]:
    return lambda family, number: table.get(number)


_FAMILIES: Mapping[str, Callable[[str, int], Mapping[str, str] | None]] = {
    "DB": _platform,
    "ID": _platform,
    "MB": _of_table(_COMMAND),
    "IB": _of_table(_RESULT),
    "MA": _link,
    "DA": _link,
    "CA": _link,
    "IA": _link,
    "CB": _scp,
}
