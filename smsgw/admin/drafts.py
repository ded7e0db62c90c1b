"""
What somebody is in the middle of: kept sealed for a while, for nobody but them.
"""

import re
import secrets
import zlib
from typing import TypeVar

import msgspec

from smsgw.admin.page import Visit
from smsgw.errors import Refused

__all__ = ["HALF_AN_HOUR", "drop_draft", "find_draft", "keep_draft"]

HALF_AN_HOUR = 1800
GONE = 7404
T = TypeVar("T")
_key = re.compile(r"[0-9a-f]{32}").fullmatch


async def keep_draft(
    visit: Visit, value: object, seconds: int = HALF_AN_HOUR, key: str = ""
) -> str:
    """
    The key by which the same person finds it again.
    """
    key = key or secrets.token_hex(16)
    body = await visit.desk.aside(_packed, visit, value)
    # Not beside the person's sessions: those are shown, and end with a new password.
    whose = f"draft:{visit.who}"
    await visit.desk.sessions.keep(_name(visit, key), whose, body, seconds)
    return key


async def find_draft(visit: Visit, key: str, kind: type[T]) -> T:
    """
    What was kept; L{Refused} once it is gone.
    """
    body = await visit.desk.sessions.find(_name(visit, key)) if _key(key) else b""
    if not body:
        told = "这份草稿已过期，请重新填写 / this draft has ended, please begin anew"
        raise Refused(GONE, told)
    return await visit.desk.aside(_unpacked, visit, body, kind)


async def drop_draft(visit: Visit, key: str) -> None:
    """
    It is done with.
    """
    await visit.desk.sessions.drop([_name(visit, key)], f"draft:{visit.who}")


def _name(visit: Visit, key: str) -> str:
    return f"draft:{visit.who}:{key}"


def _packed(visit: Visit, value: object) -> bytes:
    plain = zlib.compress(msgspec.msgpack.encode(value), 1)
    return visit.desk.fields.wrap(plain)


def _unpacked(visit: Visit, body: bytes, kind: type[T]) -> T:
    plain = zlib.decompress(visit.desk.fields.unwrap(body))
    return msgspec.msgpack.decode(plain, type=kind)
