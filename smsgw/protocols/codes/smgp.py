"""
Lookups in SMGP's codes; they never fail on an unknown code.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from smsgw.protocols.codes.lookup import stat as usual
from smsgw.protocols.codes.tables import (
    KEPT,
    UNKNOWN,
    Meaning,
    by_number,
    meaning,
    read_tables,
)

__all__ = ["STATUS_TABLES", "login_status", "report", "submit_status"]

_TABLES = read_tables("smgp")
_STANDARD, _ERR = by_number(_TABLES["status"]), by_number(_TABLES["err"])
_LOGIN = {**_STANDARD, **by_number(_TABLES["login"])}
STATUS_TABLES: Mapping[str, Mapping[int, Mapping[str, str]]] = MappingProxyType(
    {
        "standard": _STANDARD,
        "old": {0: _STANDARD[0], **by_number(_TABLES["old"])},
        "vendor": {**_STANDARD, **by_number(_TABLES["vendor"])},
    }
)
_FAMILY = re.compile(r"([A-Z]{2}):?\d{4,5}$")
_STAT_WIDTH = 7


@lru_cache(KEPT)
def login_status(code: int) -> Meaning:
    """
    Login_Resp.Status; what no login should hear is our configuration.
    """
    row = _LOGIN.get(code, UNKNOWN)
    if row["class"] == "permanent":
        row = {**row, "class": "config"}
    return meaning(str(code), row)


@lru_cache(KEPT)
def submit_status(code: int, table: str = "standard") -> Meaning:
    """
    Submit_Resp.Status in one of the C{STATUS_TABLES}: a number has several uses.
    """
    return meaning(str(code), STATUS_TABLES[table].get(code, UNKNOWN))


@lru_cache(KEPT)
def report(stat: str, err: str = "") -> Meaning:
    """
    A report's stat and err: the code is C{UNDELIV/005}, err 000 not written.
    """
    stat, err = stat.strip().upper(), err.strip()
    plain = not err.strip("0")
    code = stat if plain else f"{stat}/{err}"
    family = _FAMILY.match(stat)
    if family:
        rows = _TABLES["families"]
        return meaning(code, rows.get(family[1], rows["other"]))
    row = _TABLES["stat"].get(stat[:_STAT_WIDTH])
    if row is None:
        said = usual(stat)
        row = {"zh": said.zh, "en": said.en, "class": said.class_.name}
    return meaning(code, _detailed(row, err))


def _detailed(row: Mapping[str, str], err: str) -> Mapping[str, str]:
    """
    C{err} tells more of a failure; it never turns one into a success.
    """
    detail = _ERR.get(int(err)) if err.isascii() and err.isdigit() else None
    if detail is None or row["class"] not in ("permanent", "handset_temp"):
        return row
    class_ = detail["class"] if row["class"] == "permanent" else row["class"]
    return {**row, "zh": detail["zh"], "en": detail["en"], "class": class_}
