"""
What a placeholder may do with its value: C{{time|utc:%Y%m%d}}, C{{text|percent}}.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any
from urllib.parse import quote, unquote

import msgspec

from smsgw.channels.vendor.digests import ENCODINGS, digest
from smsgw.text import bracketed

__all__ = ["ARGUED", "FILTERS", "octets", "percent", "written"]

_CHINA = timezone(timedelta(hours=8))
_SAFE = "-_.~"
_json = msgspec.json.Encoder().encode
Filter = Callable[[Any, str, str], Any]


def written(value: object) -> str:
    """
    A value as text: whole seconds of a time, JSON of what has parts, octets read.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, bool) or value is None or isinstance(value, list | dict):
        return _json(value).decode()
    return str(value)


def octets(value: object, charset: str) -> bytes:
    """
    A value as octets; octets are themselves.
    """
    return value if isinstance(value, bytes) else written(value).encode(charset)


def percent(value: object, charset: str) -> str:
    """
    RFC 3986's encoding; a blank is C{%20}, a tilde itself.
    """
    return quote(octets(value, charset), safe=_SAFE)


def _each(change: Callable[[str], object]) -> Filter:
    """
    A filter that does with every value of a list what it does with one.
    """

    def apply(value: Any, _argument: str, _charset: str) -> Any:
        if isinstance(value, list):
            return [change(written(one)) for one in value]
        return change(written(value))

    return apply


def _prefix(value: Any, argument: str, _charset: str) -> Any:
    if isinstance(value, list):
        return [argument + written(one) for one in value]
    return argument + written(value)


def _join(value: Any, argument: str, _charset: str) -> str:
    values = value if isinstance(value, list) else [value]
    return unquote(argument).join(map(written, values))


def _date(zone: Any, value: Any, argument: str, _charset: str) -> str:
    return datetime.fromtimestamp(float(value), zone).strftime(argument)


def _digest(method: str, value: Any, _argument: str, charset: str) -> str:
    return digest(method, octets(value, charset)).hex()


def _encode(encoding: str, value: Any, _argument: str, charset: str) -> str:
    return ENCODINGS[encoding](octets(value, charset))


FILTERS: Mapping[str, Filter] = {
    "percent": lambda value, _, charset: percent(value, charset),
    "json": lambda value, *_: _json(value).decode(),
    "lower": _each(str.lower),
    "upper": _each(str.upper),
    "bracketed": _each(bracketed),
    "prefix": _prefix,
    "join": _join,
    "int": lambda value, *_: int(float(value)),
    "ms": lambda value, *_: int(float(value) * 1000),
    "utc": partial(_date, UTC),
    "local": partial(_date, _CHINA),
    **{name: partial(_digest, name) for name in ("md5", "sha1", "sha256", "sm3")},
    **{name: partial(_encode, name) for name in ("base64", "base64url", "hex")},
}
ARGUED = frozenset({"prefix", "join", "utc", "local"})
