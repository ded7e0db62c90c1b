"""
All codes that a carrier of each protocol may answer or report with.
"""

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType

from smsgw.protocols.codes import stat
from smsgw.protocols.codes.tables import by_number, read_tables

__all__ = ["results_of", "state_of", "stats_of"]

_RESULTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "cmpp": ("result",),
        "sgip": ("result",),
        "smgp": ("status", "old", "vendor"),
        "smpp": ("status",),
    }
)
_NUMBERED = ("smsc", "platform", "dsmp", "aggregator")
WIDEST = 10_000
OCTET = 0xFF


def _listed(protocol: str, *names: str) -> list[int]:
    """
    The numbers of tables, each once, without 0.
    """
    tables = read_tables(protocol)
    found = {n: 0 for name in names if name in tables for n in by_number(tables[name])}
    return [number for number in found if number]


@cache
def results_of(protocol: str) -> tuple[int, ...]:
    """
    Every refusal of a submit that the protocol's tables know.
    """
    most = OCTET if protocol in ("cmpp", "sgip") else 0xFFFFFFFF
    listed = _listed(protocol, *_RESULTS[protocol])
    return tuple(code for code in listed if code <= most)


def _cmpp() -> list[str]:
    tables = read_tables("cmpp")
    numbers = [n for n in _listed("cmpp", *_NUMBERED) if n < WIDEST]
    families = [f"{name}:{n:04d}" for name in tables["families"] for n in numbers]
    texts = [word for words in tables["texts"] for word in words.split()]
    return [*tables["words"], *families, *texts]


def _sgip() -> list[str]:
    errors = _listed("sgip", "report", "result")
    return ["DELIVRD", "ACCEPTD", *(f"IB:{n:04d}" for n in errors if n <= OCTET)]


def _smgp() -> list[str]:
    stats = list(read_tables("smgp")["stat"])
    errors = _listed("smgp", "err")
    return [*stats, *(f"UNDELIV/{n:03d}" for n in errors), "RT:0001", "MK:0024"]


def _smpp() -> list[str]:
    return list(read_tables("cmpp")["words"])


_STATS: Mapping[str, Callable[[], list[str]]] = MappingProxyType(
    {"cmpp": _cmpp, "sgip": _sgip, "smgp": _smgp, "smpp": _smpp}
)


@cache
def stats_of(protocol: str) -> tuple[str, ...]:
    """
    Every code of a report that the protocol's tables know.
    """
    return tuple(code for code in _STATS[protocol]() if len(code) <= 11)


def state_of(code: str) -> str:
    """
    The state that a report's code tells.
    """
    return stat(code.partition("/")[0]).state
