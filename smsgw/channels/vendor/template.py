"""
Templates: text with C{{name|filter:argument}} in it; C{{{{} is a brace.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from smsgw.channels.vendor.filters import ARGUED, FILTERS, octets, written

__all__ = ["Structure", "Template", "Values"]

Values = Callable[[str], Any]
_TOKEN = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_\-.\[\]]+)?")


@attrs.frozen
class _Place:
    """
    A placeholder: whose value, and what becomes of it.
    """

    name: str
    filters: tuple[tuple[str, str], ...] = ()

    @classmethod
    def parse(cls, inside: str) -> "_Place":
        name, *steps = inside.split("|")
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no name of a placeholder")
        filters = tuple(map(_filter, steps))
        return cls(name, filters)

    def value(self, values: Values, charset: str) -> Any:
        value = values(self.name)
        for name, argument in self.filters:
            value = FILTERS[name](value, argument, charset)
        return value


def _filter(step: str) -> tuple[str, str]:
    name, colon, argument = step.partition(":")
    if name not in FILTERS:
        raise ValueError(f"there is no filter {name!r}")
    if bool(colon) != (name in ARGUED):
        raise ValueError(
            f"filter {name!r} takes {'an' if not colon else 'no'} argument"
        )
    return name, argument


@attrs.frozen
class Template:
    """
    A text with places in it, parsed once.
    """

    source: str
    _pieces: tuple[str | _Place, ...]
    charset: str = "utf-8"

    @classmethod
    def parse(cls, source: str, charset: str = "utf-8") -> "Template":
        """
        C{ValueError} for a brace alone, a bad name or filter.
        """
        pieces: list[str | _Place] = []
        at = 0
        for token in _TOKEN.finditer(source):
            pieces.append(source[at : token.start()])
            pieces.append(_piece(token))
            at = token.end()
        pieces.append(source[at:])
        return cls(source, tuple(one for one in pieces if one != ""), charset)

    @property
    def names(self) -> frozenset[str]:
        """
        The values that it asks for.
        """
        return frozenset(one.name for one in self._pieces if isinstance(one, _Place))

    def text(self, values: Values) -> str:
        """
        The whole as text.
        """
        return "".join(
            one if isinstance(one, str) else written(one.value(values, self.charset))
            for one in self._pieces
        )

    def value(self, values: Values) -> Any:
        """
        The value itself where the template is a single placeholder, else text.
        """
        if len(self._pieces) == 1 and isinstance(self._pieces[0], _Place):
            return self._pieces[0].value(values, self.charset)
        return self.text(values)

    def octets(self, values: Values) -> bytes:
        """
        For keys of digests and for bodies.
        """
        charset = self.charset
        return b"".join(
            octets(one if isinstance(one, str) else one.value(values, charset), charset)
            for one in self._pieces
        )


def _piece(token: re.Match[str]) -> str | _Place:
    if token.group() in ("{{", "}}"):
        return token.group()[0]
    if token.group(1) is None:
        raise ValueError(f"a single {token.group()!r}; double it to mean itself")
    return _Place.parse(token.group(1))


@attrs.frozen
class Structure:
    """
    Tables, lists and plain values with templates for their texts.
    """

    _shape: Any

    @classmethod
    def parse(cls, source: Any, charset: str = "utf-8") -> "Structure":
        """
        As JSON and TOML have it; C{ValueError} names the place.
        """
        return cls(_parse(source, "", charset))

    @property
    def names(self) -> frozenset[str]:
        """
        The values that it asks for.
        """
        return frozenset().union(*(one.names for one in _templates(self._shape)))

    def value(self, values: Values) -> Any:
        """
        The same shape, filled.
        """
        return _filled(self._shape, values)


def _parse(source: Any, at: str, charset: str) -> Any:
    if isinstance(source, str):
        try:
            return Template.parse(source, charset)
        except ValueError as error:
            raise ValueError(f"{error} (at {at.strip('.')})" if at else error) from None
    if isinstance(source, Mapping):
        return {key: _parse(one, f"{at}.{key}", charset) for key, one in source.items()}
    if isinstance(source, list):
        return [_parse(one, f"{at}.{n}", charset) for n, one in enumerate(source)]
    if source is None or isinstance(source, bool | int | float):
        return source
    raise ValueError(f"no {type(source).__name__} can be sent (at {at.strip('.')})")


def _templates(shape: Any) -> list[Template]:
    if isinstance(shape, Template):
        return [shape]
    inner = shape.values() if isinstance(shape, dict) else shape
    if not isinstance(shape, dict | list):
        return []
    return [found for one in inner for found in _templates(one)]


def _filled(shape: Any, values: Values) -> Any:
    if isinstance(shape, Template):
        return shape.value(values)
    if isinstance(shape, dict):
        return {key: _filled(one, values) for key, one in shape.items()}
    if isinstance(shape, list):
        return [_filled(one, values) for one in shape]
    return shape
