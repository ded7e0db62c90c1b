"""
Lookups in the tables of codes; they never fail on an unknown code.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import attrs

__all__ = [
    "CLASSES",
    "Class",
    "Meaning",
    "connect_status",
    "stat",
    "submit_result",
]

KEPT = 4096  # meanings; codes are the peer's, their number is not ours

_TABLES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    tomllib.loads(files(__package__).joinpath("cmpp.toml").read_text("utf-8"))
)


@attrs.frozen
class Class:
    """
    A kind of failure: who has to act, and what another try would be worth.
    """

    name: str
    zh: str
    en: str
    responsible: str
    retry: str


@attrs.frozen
class Meaning:
    """
    What a code says, in words and as a class.

    C{state} is the message's (delivered, undelivered, expired, unknown, pending).
    """

    code: str
    zh: str
    en: str
    class_: Class
    state: str = "undelivered"


CLASSES: Mapping[str, Class] = MappingProxyType(
    {name: Class(name, **row) for name, row in _TABLES["classes"].items()}
)


def _numbers(key: str) -> list[int]:
    """
    C{"1,30-33"} as numbers.
    """
    numbers: list[int] = []
    for piece in key.split(","):
        first, _, last = piece.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return numbers


def _table(name: str) -> Mapping[int, Mapping[str, str]]:
    return {n: row for key, row in _TABLES[name].items() for n in _numbers(key)}


_CONNECT, _RESULT = _table("connect"), _table("result")
_SMSC, _PLATFORM, _DSMP = _table("smsc"), _table("platform"), _table("dsmp")
_COMMAND, _AGGREGATOR = _table("command_status"), _table("aggregator")
_UNKNOWN = {"zh": "未知代码", "en": "unknown code", "class": "permanent"}
_STAT = re.compile(r"([A-Z]{2}):?(\d{4,5})$")
_LINK_CODES = 51  # MA, DA, CA and IA are a link's own codes from here on
_SCP_FAULTS = frozenset({16, 18, 22, 54})


def _meaning(code: str, row: Mapping[str, str], state: str = "") -> Meaning:
    class_ = CLASSES[row["class"]]
    state = state or row.get("state", "undelivered")
    if class_.name == "unknown_outcome":
        state = "unknown"
    return Meaning(code, row["zh"], row["en"], class_, state)


@lru_cache(KEPT)
def connect_status(code: int) -> Meaning:
    """
    CONNECT_RESP.Status.
    """
    return _meaning(str(code), _CONNECT.get(code, _UNKNOWN | {"class": "config"}))


@lru_cache(KEPT)
def submit_result(code: int) -> Meaning:
    """
    SUBMIT_RESP.Result.
    """
    return _meaning(str(code), _RESULT.get(code, _UNKNOWN))


@lru_cache(KEPT)
def stat(value: str) -> Meaning:
    """
    A report's Stat (section 10.4's rules, first match wins).
    """
    code = value.partition("\0")[0].strip().upper()
    row = _TABLES["words"].get(code)
    if row is not None:
        return _meaning(code, row)
    found = _STAT.match(code)
    if found and found[1] in _TABLES["families"]:
        family, number = found[1], int(found[2])
        return _of_family(code, family, number)
    return _meaning(code, _of_text(code))


def _of_family(code: str, family: str, number: int) -> Meaning:
    whole = _TABLES["families"][family]
    if family in ("MC", "IC"):
        return _meaning(code, whole)
    row = _FAMILIES.get(family, _smsc)(family, number)
    return _meaning(code, row or whole, whole["state"])


def _of_text(code: str) -> Mapping[str, str]:
    for words, row in _TABLES["texts"].items():
        if any(word in code for word in words.split()):
            found: Mapping[str, str] = row
            return found
    return _UNKNOWN


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
