"""
The packet reader: a PDU's hex to an object in the standard's own names, and back.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from smsgw.protocols.cmpp_reader import CmppReader
from smsgw.protocols.reading import Reader
from smsgw.protocols.sgip_reader import SgipReader
from smsgw.protocols.smgp_reader import SmgpReader
from smsgw.protocols.smpp_reader import SmppReader

__all__ = ["READERS", "decode_line", "encode_line"]

READERS: Mapping[str, Reader] = MappingProxyType(
    {
        "cmpp": CmppReader(),
        "sgip": SgipReader(),
        "smgp": SmgpReader(),
        "smpp": SmppReader(),
    }
)


def decode_line(line: str, version: str = "", protocol: str = "cmpp") -> dict[str, Any]:
    """
    One PDU; C{command} is its name, the other keys are the standard's fields.

    L{WireError} for what is no hex or no PDU; version '' is the usual one.
    """
    return READERS[protocol].decode(line, version)


def encode_line(
    fields: Mapping[str, Any], version: str = "", protocol: str = "cmpp"
) -> str:
    """
    The hex of an object as L{decode_line} gives it.
    """
    return READERS[protocol].encode(fields, version)
