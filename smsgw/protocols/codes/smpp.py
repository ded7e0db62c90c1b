"""
Lookups in SMPP's codes; they never fail on an unknown code.
"""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import attrs

from smsgw.protocols.codes.lookup import stat as usual
from smsgw.protocols.codes.tables import (
    KEPT,
    UNKNOWN,
    Meaning,
    by_number,
    meaning,
    read_tables,
)

__all__ = ["STAT_OF", "bind_status", "command_status", "receipt", "status_text"]

_TABLES = read_tables("smpp")
_STATUS = by_number(_TABLES["status"])
_BIND = {**_STATUS, **by_number(_TABLES["bind"])}
_TOLD = 5  # letters that tell each stat from every other, however it is spelled
_STATS = {word[:_TOLD]: (word, row) for word, row in _TABLES["stat"].items()}
STAT_OF: Mapping[int, str] = MappingProxyType(
    {row["number"]: word for word, row in _TABLES["stat"].items()}
)


def status_text(code: int) -> str:
    """
    A command_status as people write it: C{0x58}.
    """
    return f"{code:#04x}"


@lru_cache(KEPT)
def bind_status(code: int) -> Meaning:
    """
    A bind's result; what no bind should hear is our configuration.
    """
    row = _BIND.get(code, UNKNOWN)
    if row["class"] == "permanent":
        row = {**row, "class": "config"}
    return meaning(status_text(code), row)


@lru_cache(KEPT)
def command_status(code: int) -> Meaning:
    """
    A submit's result.
    """
    return meaning(status_text(code), _STATUS.get(code, UNKNOWN))


@lru_cache(KEPT)
def receipt(stat: str, err: str = "", state: int = -1) -> Meaning:
    """
    A receipt's stat and err, and its message_state if that is told: it wins.

    The code is C{UNDELIV/001}; an err of zeros is not written. What a gateway
    of another protocol passed on (C{MK:0001}) means what it means there.
    """
    stat, err = stat.strip().upper(), err.strip()
    word, row = _STATS.get(stat[:_TOLD], ("", None))
    told = _TABLES["stat"].get(STAT_OF.get(state, ""))
    if told is not None and (row is not None or not stat):
        word, row = STAT_OF[state], told
    shown = word or stat
    code = f"{shown}/{err}" if err.strip("0") else shown
    if row is not None:
        return meaning(code, row)
    said = usual(stat)
    if told is not None and told["state"] != said.state:
        return meaning(code, told)
    return attrs.evolve(said, code=code)
