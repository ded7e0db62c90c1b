"""
A request and its answer as values, free of any server's classes.
"""

from collections.abc import Callable, Mapping
from urllib.parse import parse_qsl

import attrs
import msgspec

from smsgw.directory import Account, Credential
from smsgw.errors import Refused

__all__ = ["Answer", "Call", "Caller", "Knock", "answer"]

JSON = "application/json; charset=utf-8"
_encode = msgspec.json.Encoder().encode


@attrs.frozen
class Knock:
    """
    What arrived. C{header} gives a header's value, '' for none; C{query} is as
    on the wire.
    """

    method: str
    path: str
    query: str
    body: bytes
    header: Callable[[str], str]
    address: str


@attrs.frozen
class Caller:
    """
    Who it is. C{nonce} is scoped by credential, '' for a bearer key.
    """

    credential: Credential
    account: Account
    nonce: str = ""


@attrs.frozen
class Call:
    """
    A request of somebody we know.
    """

    knock: Knock
    caller: Caller
    now: float
    request_id: str
    language: str = "zh"

    @property
    def account(self) -> Account:
        return self.caller.account

    def arguments(self, *known: str) -> Mapping[str, str]:
        """
        The query's fields; one that is not C{known} is refused.
        """
        try:
            pairs = parse_qsl(self.knock.query, keep_blank_values=True, errors="strict")
        except ValueError as error:
            raise Refused(2009, "", "query") from error
        for name, _ in pairs:
            if name not in known:
                raise Refused(2001, name[:64], name[:64])
        return dict(pairs)


@attrs.frozen
class Answer:
    """
    What goes back.
    """

    status: int
    body: bytes
    headers: Mapping[str, str] = attrs.field(factory=dict)
    kind: str = JSON


def answer(value: object, status: int = 200, **headers: str) -> Answer:
    """
    A value as JSON; header names are written with underscores.
    """
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, _encode(value), named)
