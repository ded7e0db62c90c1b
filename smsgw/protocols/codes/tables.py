"""
What the tables of codes have in common: their files, classes and meanings.
"""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import attrs

__all__ = [
    "CLASSES",
    "KEPT",
    "UNKNOWN",
    "Class",
    "Meaning",
    "by_number",
    "meaning",
    "read_tables",
]

KEPT = 4096  # meanings; codes are the peer's, their number is not ours
UNKNOWN: Mapping[str, str] = MappingProxyType(
    {"zh": "未知代码", "en": "unknown code", "class": "permanent"}
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


def read_tables(protocol: str) -> Mapping[str, Mapping[str, Any]]:
    """
    All tables of a protocol's file.
    """
    path = files(__package__).joinpath(f"{protocol}.toml")
    return MappingProxyType(tomllib.loads(path.read_text("utf-8")))


CLASSES: Mapping[str, Class] = MappingProxyType(
    {name: Class(name, **row) for name, row in read_tables("cmpp")["classes"].items()}
)


def by_number(table: Mapping[str, Any]) -> Mapping[int, Mapping[str, str]]:
    """
    A table's rows by each number of their keys.
    """
    return {n: row for key, row in table.items() for n in _numbers(key)}


def _numbers(key: str) -> list[int]:
    """
    C{"1,30-33"} as numbers.
    """
    numbers: list[int] = []
    for piece in key.split(","):
        first, _, last = piece.partition("-")
        numbers += range(int(first), int(last or first) + 1)
    return numbers


def meaning(code: str, row: Mapping[str, str], state: str = "") -> Meaning:
    """
    A row's meaning; C{state} overrides the row's.
    """
    class_ = CLASSES[row["class"]]
    state = state or row.get("state", "undelivered")
    if class_.name == "unknown_outcome":
        state = "unknown"
    return Meaning(code, row["zh"], row["en"], class_, state)
