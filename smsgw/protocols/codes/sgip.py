"""
Lookups in SGIP's codes; they never fail on an unknown code.
"""

import re
from functools import lru_cache

from smsgw.protocols.codes.tables import (
    KEPT,
    UNKNOWN,
    Meaning,
    by_number,
    meaning,
    read_tables,
)

__all__ = ["FAILED", "bind_result", "error_of", "report", "submit_result"]

FAILED = 2  # the State whose ErrorCode says why
_TABLES = read_tables("sgip")
_RESULT, _REPORT = by_number(_TABLES["result"]), by_number(_TABLES["report"])
_LOGIN = by_number(_TABLES["login"])
_STATS = {0: "DELIVRD", 1: "ACCEPTD"}
_IB = re.compile(r"IB:(\d{4})", re.ASCII)
_LARGEST = 255
# What a failed report's class may be where the code is told as in a response.
_SAME = frozenset(
    {"permanent", "handset_temp", "carrier_fault", "blacklist", "content"}
)


@lru_cache(KEPT)
def bind_result(code: int) -> Meaning:
    """
    Bind_Resp.Result; what no login should hear is our configuration.
    """
    row = _LOGIN.get(code) or _RESULT.get(code, UNKNOWN)
    if code and code not in _LOGIN:
        row = {**row, "class": "config"}
    return meaning(str(code), row)


@lru_cache(KEPT)
def submit_result(code: int) -> Meaning:
    """
    Submit_Resp.Result.
    """
    return meaning(str(code), _RESULT.get(code, UNKNOWN))


@lru_cache(KEPT)
def report(state: int, error: int = 0) -> Meaning:
    """
    A Report's State and ErrorCode, which counts only in state 2.

    The code is seven letters as gateways tell it to others: C{IB:0069}.
    """
    if state != FAILED:
        row = _TABLES["states"].get(str(state), _TABLES["states"]["other"])
        return meaning(_STATS.get(state, "UNKNOWN"), row)
    row = _REPORT.get(error) or _RESULT.get(error, UNKNOWN)
    if row["class"] not in _SAME:
        row = {**row, "class": "permanent"}
    return meaning(f"IB:{error:04d}", row)


def error_of(code: str) -> int:
    """
    The ErrorCode in a code that L{report} gave for a failure; -1 for none.
    """
    found = _IB.fullmatch(code)
    error = int(found[1]) if found else -1
    return error if error <= _LARGEST else -1
