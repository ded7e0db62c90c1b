"""
What an out queue's entry begins with (L{smsgw.ports.Put}), read on our side.

Scripts read the same octets: C{granting.lua} and C{money.lua}. Whoever changes them
changes the format in C{claim.lua} too.
"""

import struct
from typing import NamedTuple

__all__ = ["Header", "account_of", "header_of", "price_in", "with_price"]

_HEAD = struct.Struct(">HIHIH")
_head = _HEAD.unpack_from
_PRICE = slice(8, 12)


class Header(NamedTuple):
    """
    An entry's header.
    """

    id: str
    expires_at: int
    segments: int
    price: int
    tally: str


def header_of(entry: bytes) -> Header:
    """
    All of it.
    """
    size, expires_at, segments, price, long = _head(entry)
    middle = _HEAD.size + long
    name, tally = entry[_HEAD.size : middle], entry[middle + 2 : 2 + size]
    return Header(name.decode(), expires_at, segments, price, tally.decode())


def price_in(entry: bytes) -> int:
    """
    What is reserved for the message, in units of 0.0001 yuan; 0 if it is free.
    """
    return int.from_bytes(entry[_PRICE])


def account_of(tally: str) -> str:
    """
    Whose messages a tally counts, and whose money they cost.
    """
    return tally.rpartition("|")[0]


def with_price(entry: bytes, price: int) -> bytes:
    """
    The same entry with another price.
    """
    return entry[: _PRICE.start] + price.to_bytes(4) + entry[_PRICE.stop :]
