"""
Requests made of templates, and signed.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import attrs
import msgspec

from smsgw.channels.vendor.digests import ENCODINGS, digest
from smsgw.channels.vendor.filters import percent, written
from smsgw.channels.vendor.settings import Ask, Sign
from smsgw.channels.vendor.template import Structure, Template, Values

__all__ = ["VIEWS", "Asker", "Request", "Signer"]

_json = msgspec.json.Encoder().encode
_ORDERS = ("sorted", "plain", "joined")
VIEWS = frozenset(
    {"method", "path", "host", "body"}
    | {f"{of}_{order}" for of in ("query", "body", "params") for order in _ORDERS}
)
_OF_FIELDS = VIEWS - {"method", "path", "host", "body"}


@attrs.frozen
class Request:
    """
    What goes out, octet for octet.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = attrs.field(repr=False)


@attrs.frozen
class Signer:
    """
    The steps of a recipe, in order.
    """

    _steps: tuple[tuple[Sign, Template, Template], ...]

    @classmethod
    def of(cls, steps: tuple[Sign, ...], charset: str) -> "Signer":
        """
        C{ValueError} for a template that is none.
        """
        parse = partial(Template.parse, charset=charset)
        return cls(tuple((one, parse(one.over), parse(one.key)) for one in steps))

    @property
    def results(self) -> frozenset[str]:
        """
        The placeholders that it fills.
        """
        return frozenset(step.name for step, _, _ in self._steps)

    @property
    def names(self) -> frozenset[str]:
        """
        The values that it asks for, less those that earlier steps give.
        """
        wanted: set[str] = set()
        known: set[str] = set()
        for step, over, key in self._steps:
            wanted |= (over.names | key.names) - known
            known.add(step.name)
        return frozenset(wanted)

    def sign(self, values: Values) -> dict[str, str | bytes]:
        """
        The result of each step, by name.
        """
        made: dict[str, str | bytes] = {}

        def known(name: str) -> Any:
            return made[name] if name in made else values(name)

        for step, over, key in self._steps:
            octets = digest(step.method, over.octets(known), key.octets(known))
            raw = step.encode == "raw"
            made[step.name] = octets if raw else ENCODINGS[step.encode](octets)
        return made


@attrs.frozen
class Asker:
    """
    An L{Ask}, compiled.
    """

    ask: Ask
    charset: str
    _url: Template
    _headers: Mapping[str, Template]
    _query: Mapping[str, Template]
    _fields: Mapping[str, Structure]
    _text: Template
    _signer: Signer

    @classmethod
    def of(cls, ask: Ask, charset: str) -> "Asker":
        """
        C{ValueError} for a template that is none, and for a recipe in a circle.
        """
        parse = partial(Template.parse, charset=charset)
        made = cls(
            ask,
            charset,
            parse(ask.url),
            {name: parse(one) for name, one in ask.headers.items()},
            {name: parse(one) for name, one in ask.query.items()},
            {n: Structure.parse(o, charset) for n, o in (ask.json or ask.form).items()},
            parse(ask.text),
            Signer.of(ask.sign, charset),
        )
        made._check()
        return made

    def _check(self) -> None:
        results = self._signer.results
        if results & VIEWS:
            raise ValueError(f"a step cannot be called {min(results & VIEWS)!r}")
        if self._url.names & (results | VIEWS):
            raise ValueError("the url cannot hold the signature; the query can")
        own = frozenset().union(
            self._text.names, *(one.names for one in self._fields.values())
        )
        query = frozenset().union(*(one.names for one in self._query.values()))
        if odd := (own | query) & _OF_FIELDS | own & {"body"}:
            raise ValueError(f"{min(odd)!r} is for signatures and headers only")
        if "body" in self._signer.names and own & results:
            raise ValueError("the body holds the signature: sign body_sorted instead")
        if circle := self._signer.names & results:
            raise ValueError(f"{min(circle)!r} is used before it is made")

    @property
    def names(self) -> frozenset[str]:
        """
        The values that it asks its user for.
        """
        parts: list[Template | Structure] = [self._url, self._text]
        parts += [*self._headers.values(), *self._query.values()]
        parts += [*self._fields.values()]
        wanted = frozenset().union(*(one.names for one in parts))
        return (wanted | self._signer.names) - self._signer.results - VIEWS

    def request(self, values: Values) -> Request:
        """
        Filled and signed. L{LookupError} or C{ValueError} where a value is missing
        or of a kind that a filter cannot use.
        """
        url = self._url.text(values)
        views = _Views(self, url, values)
        signed = self._signer.sign(views)

        def known(name: str) -> Any:
            return signed[name] if name in signed else views(name)

        query = {name: one.text(known) for name, one in self._query.items()}
        if query:
            url += ("&" if "?" in url else "?") + _pairs(query, self.charset)
        headers = {name: one.text(known) for name, one in self._headers.items()}
        body, kind = self._body(known)
        if kind and "content-type" not in map(str.lower, headers):
            headers["Content-Type"] = kind
        return Request(self.ask.method, url, headers, body)

    def _body(self, known: Values) -> tuple[bytes, str]:
        charset = self.charset
        filled = {name: one.value(known) for name, one in self._fields.items()}
        if self.ask.json:
            octets = _json(filled)
            if charset != "utf-8":
                octets = octets.decode().encode(charset)
            return octets, f"application/json; charset={charset}"
        if self.ask.form:
            kind = f"application/x-www-form-urlencoded; charset={charset}"
            return _pairs(filled, charset).encode("ascii"), kind
        if self.ask.text:
            kind = f"text/plain; charset={charset}"
            return self._text.octets(known), kind
        return b"", ""

    def unsigned(self, of: str, values: Values) -> dict[str, str]:
        """
        The fields of C{query}, C{body} or both that a signature can be over.
        """
        results = self._signer.results
        found: dict[str, Template | Structure] = {}
        if of != "body":
            found |= self._query
        if of != "query":
            found |= self._fields
        return {
            name: written(one.value(values))
            for name, one in found.items()
            if not one.names & results
        }


@attrs.frozen
class _Views:
    """
    The values of a request with what can be said about the request itself.
    """

    _asker: Asker
    _url: str
    _values: Values

    def __call__(self, name: str) -> Any:
        if name not in VIEWS:
            return self._values(name)
        match name:
            case "method":
                return self._asker.ask.method
            case "path":
                return urlsplit(self._url).path or "/"
            case "host":
                return urlsplit(self._url).netloc
            case "body":
                return self._asker._body(self)[0]
        of, _, order = name.partition("_")
        fields = self._asker.unsigned(of, self)
        return _ORDERED[order](fields, self._asker.charset)


def _pairs(fields: Mapping[str, Any], charset: str) -> str:
    return "&".join(
        f"{percent(name, charset)}={percent(value, charset)}"
        for name, value in fields.items()
    )


_ORDERED: Mapping[str, Callable[[Mapping[str, str], str], str]] = {
    "sorted": lambda fields, charset: _pairs(dict(sorted(fields.items())), charset),
    "plain": lambda fields, _: "&".join(f"{n}={v}" for n, v in sorted(fields.items())),
    "joined": lambda fields, _: "".join(f"{n}{v}" for n, v in sorted(fields.items())),
}
