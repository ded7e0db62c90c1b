"""
Reports that a vendor brings to our door: proven, kept, and only then answered.
"""

import hmac
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.parse import parse_qsl

import attrs
from twisted.internet.defer import TimeoutError
from twisted.internet.interfaces import IReactorTime

from smsgw.addresses import within
from smsgw.channels.vendor.contract import Pushed
from smsgw.channels.vendor.filters import written
from smsgw.channels.vendor.intake import Intake
from smsgw.channels.vendor.paths import Path
from smsgw.errors import Refused, Unavailable

__all__ = ["Bringing", "PushDesk", "Told"]

DURABLE_WITHIN = 10.0


class Bringing(Protocol):
    """
    A request at our door; L{smsgw.frontends.http.call.Knock} is one.
    """

    @property
    def method(self) -> str: ...
    @property
    def query(self) -> str: ...
    @property
    def body(self) -> bytes: ...
    @property
    def header(self) -> Callable[[str], str]: ...
    @property
    def address(self) -> str: ...


@attrs.frozen
class Told:
    """
    The vendor's own words for: received.
    """

    status: int
    kind: str
    body: bytes


@attrs.define(eq=False)
class PushDesk:
    """
    Takes one channel's pushed reports. C{values} makes what a recipe may hold.
    """

    intake: Intake
    timers: IReactorTime
    values: Callable[[], dict[str, Any]]

    async def take(self, kind: str, tail: str, knock: Bringing) -> Told:
        """
        L{Refused} for one that cannot prove itself or is not readable,
        L{Unavailable} while nothing can be kept.
        """
        pushed = self.intake.contract.pushed.get(kind)
        if pushed is None:
            raise Refused(7404, "", "path")
        push = pushed.push
        if push.addresses and not within(knock.address, push.addresses):
            raise Refused(1005, knock.address)
        document = self._document(kind, knock)
        _Proof(pushed, self.values(), tail, knock, document).check()
        taken = self.intake.take(kind, document)
        try:
            await taken.durable.addTimeout(DURABLE_WITHIN, self.timers)
        except TimeoutError as error:
            raise Unavailable("reports cannot be kept") from error
        return Told(push.answer_status, push.answer_kind, push.answer.encode())

    def _document(self, kind: str, knock: Bringing) -> Any:
        body = knock.body if knock.method == "POST" else knock.query.encode()
        try:
            return self.intake.contract.readers[kind].document(body)
        except ValueError as error:
            raise Refused(2009, str(error), "body") from error


@attrs.frozen
class _Proof:
    """
    A push with what it must hold.
    """

    _pushed: Pushed
    _values: Mapping[str, Any]
    _tail: str
    _knock: Bringing
    _document: Any

    def check(self) -> None:
        """
        L{Refused} unless token and signature are right.
        """
        push = self._pushed.push
        if push.token:
            wanted = self._pushed.token.text(self._value)
            self._compare(wanted, self._at(push.token_at))
        if push.sign:
            made = self._pushed.signer.sign(self._value)
            self._compare(written(made[push.sign[-1].name]), self._at(push.sign_at))

    def _compare(self, wanted: str, given: str) -> None:
        same = hmac.compare_digest(
            wanted.encode(), given.encode("utf-8", "surrogateescape")
        )
        if not wanted or not same:
            raise Refused(1002)

    def _value(self, name: str) -> Any:
        """
        Ours, or what the request has: C{body}, C{query.X}, C{header.X}, C{field.X}.
        """
        if name == "body":
            return self._knock.body
        place, dot, inner = name.partition(".")
        return self._at(f"{place}:{inner}") if dot else self._values[name]

    def _at(self, where: str) -> str:
        place, _, name = where.partition(":")
        match place:
            case "query":
                pairs = parse_qsl(self._knock.query, keep_blank_values=True)
                return dict(pairs).get(name, "")
            case "header":
                return self._knock.header(name)
            case "field":
                return Path.parse(name).text(self._document)
        return self._tail
