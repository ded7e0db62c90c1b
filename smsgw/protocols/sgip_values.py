"""
SGIP's small values: passwords, numbers with their 86, a receipt's state.
"""

import re
from collections.abc import Mapping
from hmac import compare_digest
from types import MappingProxyType

from smsgw.protocols.codes.sgip import FAILED, error_of
from smsgw.protocols.sgip import Bind

__all__ = ["check_bind", "plain_number", "prefixed_number", "state_of"]

_MOBILE = re.compile(r"(?:\+|00)?(?:86)?(1[3-9]\d{9})", re.ASCII)
_OF_STATE: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "delivered": (0, 0),
        "pending": (1, 0),
        "undelivered": (FAILED, 0),
        "expired": (FAILED, 61),
        "unknown": (FAILED, 55),  # nobody reported in time
        "rejected": (FAILED, 76),
        "canceled": (FAILED, 0),
    }
)


def check_bind(pdu: Bind, secret: str) -> bool:
    """
    Does the peer know the secret? It is told in clear.
    """
    told = pdu.login_password.encode("latin-1")
    return compare_digest(secret.encode(), told)


def plain_number(number: str) -> str:
    """
    A mobile number without its 86; another number as it came.
    """
    found = _MOBILE.fullmatch(number)
    return found[1] if found else number


def prefixed_number(prefix: str, number: str) -> str:
    """
    A mobile number behind a prefix; another number as it is.
    """
    found = _MOBILE.fullmatch(number)
    return prefix + found[1] if found else number


def state_of(code: str, state: str) -> tuple[int, int]:
    """
    A receipt as State and ErrorCode; a code that is none of ours, or contradicts
    the state, is told as its state's.
    """
    error = error_of(code)
    told, usual = _OF_STATE[state]
    return told, error if told == FAILED and error >= 0 else usual
