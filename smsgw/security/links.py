"""
One-time links: a message's id and an end of time that nobody else can write.

A token is base 64 of 33 octets: the end (epoch seconds, 4 octets), the id
(13 letters) and 16 octets of an HMAC-SM3. Whoever holds one may see that message; to
guess one is as hard as to guess the key.
"""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Protocol

import attrs

from smsgw.ids import milliseconds_of

__all__ = ["LASTING", "Link", "Signer", "make_link", "read_link"]

#: How long a link works, seconds: 72 hours.
LASTING = 72 * 3600
_END, _ID, _MARK = 4, 13, 16
_WHOLE = _END + _ID + _MARK
_LATEST = (1 << 32) - 1


class Signer(Protocol):
    """
    L{smsgw.security.fields.Fields}, for what links need.
    """

    def mark(self, purpose: str, octets: bytes) -> bytes: ...


@attrs.frozen
class Link:
    """
    What a token of ours says; C{over} when its time has passed.
    """

    message: str
    until: float
    over: bool = False


def make_link(
    signer: Signer, message_id: str, now: float, lasting: float = LASTING
) -> str:
    """
    The token of a message from now on; C{ValueError} for what is no id of ours.
    """
    milliseconds_of(message_id)
    end = min(_LATEST, max(0, int(now + lasting)))
    told = end.to_bytes(_END, "big") + message_id.encode()
    return urlsafe_b64encode(told + _mark(signer, told)).decode()


def read_link(signer: Signer, token: str, now: float) -> Link | None:
    """
    What it says; C{None} for any that is not ours, told by nothing but the mark,
    and the mark compared in the same time however much of it is right.
    """
    try:
        octets = urlsafe_b64decode(token.encode("ascii"))
    except (Error, ValueError):
        return None
    if len(octets) != _WHOLE or urlsafe_b64encode(octets).decode() != token:
        return None
    told, mark = octets[: _END + _ID], octets[_END + _ID :]
    if not hmac.compare_digest(_mark(signer, told), mark):
        return None
    until = int.from_bytes(told[:_END], "big")
    return Link(told[_END:].decode("ascii"), float(until), now >= until)


def _mark(signer: Signer, told: bytes) -> bytes:
    return signer.mark("link", told)[:_MARK]
