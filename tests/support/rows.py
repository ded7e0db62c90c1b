"""
Hypothesis strategies made from a PDU's own rows.
"""

from typing import Any

from hypothesis import strategies as st

from smsgw.protocols.rows import Pdu, Row
from smsgw.protocols.smpp_parts import Failed, Target

_LATIN = st.characters(min_codepoint=0x20, max_codepoint=0xFF)
_ADDRESS, _OCTET = st.text(_LATIN, max_size=20), st.integers(0, 255)
_TARGET = st.builds(Target, _ADDRESS, _OCTET, _OCTET)
_LIST = st.builds(Target, _ADDRESS, flag=st.just(2))
_FAILED = st.builds(Failed, _ADDRESS, _OCTET, _OCTET, st.integers(0, 2**32 - 1))
# Rows whose values their kind does not tell.
_OWN: dict[str, st.SearchStrategy[Any]] = {
    "command_status": st.just(0),
    "dest_address": st.lists(_TARGET | _LIST, max_size=9).map(tuple),
    "unsuccess_sme": st.lists(_FAILED, max_size=9).map(tuple),
}


def value_of(row: Row, version: int) -> st.SearchStrategy[Any]:
    """
    Any value that a row holds in a version.
    """
    width = row.width_in(version)
    if row.spec in _OWN:
        return _OWN[row.spec]
    match row.kind:
        case "uint":
            return st.integers(0, 2 ** (8 * width) - 1)
        case "text":
            texts = st.text(_LATIN, max_size=width)
            return texts.map(lambda s: s.rstrip(" "))
        case "cstring" | "optional":
            return st.text(_LATIN, max_size=width - 1)
        case "octets":
            return st.binary(min_size=width, max_size=width)
        case "counted":
            return st.binary(max_size=255)
        case "tlvs":
            return st.dictionaries(
                st.integers(0, 65535), st.binary(max_size=20), max_size=4
            )
    assert row.item is not None
    return st.lists(value_of(row.item, version), max_size=99).map(tuple)


def pdus(cls: type[Pdu], version: int) -> st.SearchStrategy[Pdu]:
    """
    Any PDU of a class in a version.
    """
    return st.builds(
        cls,
        **{
            name: value_of(row, version)
            if row.present(version)
            else st.just(row.empty())
            for name, row in cls.rows.items()
        },
    )
