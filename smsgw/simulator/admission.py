"""
What a CMPP carrier lets in: logins and submits, in the order of cmpp.md section 15.
"""

from collections.abc import Sequence
from hashlib import md5
from hmac import compare_digest

import attrs

from smsgw.protocols.cmpp import V20, V30, Connect, Submit
from smsgw.protocols.cmpp_rules import layout
from smsgw.protocols.dialects import SPOKEN
from smsgw.simulator.scenario import Account

__all__ = [
    "DESTINATION",
    "SPEED",
    "Limiter",
    "authenticator",
    "form",
    "grant",
    "mutual",
    "rights",
]

BAD_ACCOUNT, BAD_DIGEST, BAD_VERSION = 2, 3, 4
STRUCTURE, FEE_TYPE, LENGTH, SERVICE, SPEED = 1, 5, 6, 7, 8
SOURCE_NUMBER, SOURCE, FEE_NUMBER, DESTINATION = 10, 11, 12, 13
FEE_TYPES = frozenset({"01", "02", "03", "04", "05"})


def authenticator(login: str, secret: str, timestamp: int) -> bytes:
    """
    AuthenticatorSource (6.1); no security of its own, the protocol's choice.
    """
    text = login.encode() + bytes(9) + secret.encode() + b"%010d" % timestamp
    return md5(text, usedforsecurity=False).digest()


def mutual(status: int, source: bytes, secret: str, version: int) -> bytes:
    """
    AuthenticatorISMG: the Status at its width on the wire.
    """
    width = 4 if version >= V30 else 1
    text = status.to_bytes(width, "big") + source + secret.encode()
    return md5(text, usedforsecurity=False).digest()


def grant(connect: Connect, account: Account | None, highest: int) -> tuple[int, int]:
    """
    (Status, layout) of a login; the layout is one the client can read.
    """
    asked = layout(connect.version)
    readable = asked or V20
    if account is None:
        return BAD_ACCOUNT, readable
    expected = authenticator(account.login, account.secret, connect.timestamp)
    if not compare_digest(expected, connect.authenticator_source):
        return BAD_DIGEST, readable
    if connect.version in (0, 1) and not account.split_logins:
        return BAD_VERSION, readable
    if account.version != "any":
        return 0, SPOKEN["cmpp"].versions[account.version]
    if not asked or asked > highest:
        return BAD_VERSION, readable
    return 0, asked


@attrs.define(eq=False)
class Limiter:
    """
    At most C{speed} a second (0: any), as a bucket that holds C{burst} seconds' worth.
    """

    speed: float
    burst: float = 1.0
    _level: float = attrs.field(default=0.0, init=False)
    _at: float = attrs.field(default=0.0, init=False)

    def takes(self, count: int, now: float) -> bool:
        """
        Whether so many more may pass now.
        """
        self._level = max(0.0, self._level - (now - self._at) * self.speed)
        self._at = now
        if self._level + count > self.speed * self.burst:
            return False
        self._level += count
        return True


def form(submit: Submit, account: Account) -> int:
    """
    The Result of a submit as far as its form decides it; 0 is welcome.
    """
    if not 0 < submit.pk_number <= submit.pk_total:
        return STRUCTURE
    if submit.fee_type not in FEE_TYPES:
        return FEE_TYPE
    if len(submit.msg_content) > (140 if submit.msg_fmt else 159):
        return LENGTH
    if account.service_ids and submit.service_id not in account.service_ids:
        return SERVICE
    return 0


def rights(submit: Submit, numbers: Sequence[str], account: Account) -> int:
    """
    The same for what the contract allows; C{numbers} are its destinations made
    plain.
    """
    if not submit.src_id.startswith(account.access):
        return SOURCE_NUMBER
    if submit.msg_src != (account.source or account.login):
        return SOURCE
    if submit.fee_user_type == 3 and not submit.fee_terminal_id:
        return FEE_NUMBER
    if not 0 < len(numbers) < 100 or "" in numbers:
        return DESTINATION
    return 0
