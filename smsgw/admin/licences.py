"""
What the product is made of: its version, and the licences of what comes with it.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import (
    PackageMetadata,
    PackageNotFoundError,
    metadata,
    requires,
    version,
)

import attrs

__all__ = ["ASSETS", "Part", "libraries", "our_version"]

_OURS = "smsgw"
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_LONGEST = 60


@attrs.frozen
class Part:
    """
    Something that others made.
    """

    name: str
    version: str
    licence: str
    whose: str = ""


#: What browsers load from us; versions as in C{web/package.json}.
ASSETS = (
    Part("Tabler", "1.6.1", "MIT", "The Tabler Authors, codecalm.net"),
    Part("Tabler Icons", "3.48.0", "MIT", "Paweł Kuna"),
    Part("Bootstrap (Tabler)", "5.3", "MIT", "The Bootstrap Authors"),
    Part("htmx", "2.0.11", "0BSD", "Big Sky Software"),
    Part("Apache ECharts", "6.1.0", "Apache-2.0", "The Apache Software Foundation"),
)


def our_version() -> str:
    """
    Of this gateway; '' when it was never installed.
    """
    try:
        return version(_OURS)
    except PackageNotFoundError:
        return ""


@cache
def libraries() -> tuple[Part, ...]:
    """
    The libraries that the gateway needs, as they are installed.
    """
    return tuple(sorted(_libraries(), key=lambda one: one.name.lower()))


def _libraries() -> Iterator[Part]:
    for wanted in requires(_OURS) or ():
        name = _NAME.match(wanted)
        if name is None or "extra ==" in wanted:
            continue
        try:
            told = metadata(name[0])
        except PackageNotFoundError:
            continue
        yield Part(told["Name"], told["Version"], _licence(told))


def _licence(told: PackageMetadata) -> str:
    """
    The short name: the field made for it, else a class, else the first line.
    """
    if short := told.get_all("License-Expression"):
        return str(short[0])
    for kind in told.get_all("Classifier") or ():
        if kind.startswith("License ::"):
            return str(kind).rpartition(":: ")[2]
    first = (told.get_all("License") or [""])[0]
    return str(first).strip().partition("\n")[0][:_LONGEST]
