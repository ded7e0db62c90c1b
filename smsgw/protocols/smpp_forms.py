"""
The forms that several of SMPP's PDUs share.
"""

from collections.abc import Mapping

from smsgw.protocols.smpp_parts import NOTHING, TAGS
from smsgw.protocols.wire import (
    Pdu,
    counted,
    cstring,
    in_header,
    optional,
    pdu,
    tlvs,
    uint,
)

__all__ = [
    "HEADER",
    "V33",
    "V34",
    "V50",
    "VERSIONS",
    "Bind",
    "BindResp",
    "IdResp",
    "Message",
    "SmppPdu",
    "tagged",
]

V33, V34, V50 = 0x33, 0x34, 0x50
VERSIONS = (V33, V34, V50)
HEADER = 16


def tagged() -> Mapping[int, bytes]:
    """
    The row of tagged values at the end, for versions that have them.
    """
    return tlvs(TAGS, "tlvs", default=NOTHING, since=V34, loose=True)


@pdu(0, "header", VERSIONS, HEADER)
class SmppPdu(Pdu):
    """
    What the header says: 0 in requests, the answer's result in answers.
    """

    command_status: int = in_header(8, "command_status", default=0)


@pdu(0, "bind", VERSIONS, HEADER)
class Bind(SmppPdu):
    """
    Log in. The standard's password has 8 characters; many have more.
    """

    system_id: str = cstring(16, "system_id")
    password: str = cstring(65, "password")
    system_type: str = cstring(13, "system_type", default="")
    interface_version: int = uint(1, "interface_version", default=V34)
    addr_ton: int = uint(1, "addr_ton", default=0)
    addr_npi: int = uint(1, "addr_npi", default=0)
    address_range: str = cstring(41, "address_range", default="")
    tlvs: Mapping[int, bytes] = tagged()


@pdu(0, "bind_resp", VERSIONS, HEADER)
class BindResp(SmppPdu):
    """
    Let in by C{system_id}, or refused, mostly without a body.
    """

    system_id: str | None = optional(16, "system_id", default=None)
    tlvs: Mapping[int, bytes] = tagged()


@pdu(0, "message", VERSIONS, HEADER)
class Message(SmppPdu):
    """
    A message either way; a longer one is in the TLV message_payload.
    """

    service_type: str = cstring(6, "service_type", default="")
    source_addr_ton: int = uint(1, "source_addr_ton", default=0)
    source_addr_npi: int = uint(1, "source_addr_npi", default=0)
    source_addr: str = cstring(21, "source_addr")
    dest_addr_ton: int = uint(1, "dest_addr_ton", default=0)
    dest_addr_npi: int = uint(1, "dest_addr_npi", default=0)
    destination_addr: str = cstring(21, "destination_addr")
    esm_class: int = uint(1, "esm_class", default=0)
    protocol_id: int = uint(1, "protocol_id", default=0)
    priority_flag: int = uint(1, "priority_flag", default=0)
    schedule_delivery_time: str = cstring(17, "schedule_delivery_time", default="")
    validity_period: str = cstring(17, "validity_period", default="")
    registered_delivery: int = uint(1, "registered_delivery", default=0)
    replace_if_present_flag: int = uint(1, "replace_if_present_flag", default=0)
    data_coding: int = uint(1, "data_coding", default=0)
    sm_default_msg_id: int = uint(1, "sm_default_msg_id", default=0)
    short_message: bytes = counted(1, "sm_length", "short_message", default=b"")
    tlvs: Mapping[int, bytes] = tagged()


@pdu(0, "id_resp", VERSIONS, HEADER)
class IdResp(SmppPdu):
    """
    Taken under C{message_id}; with a refusal the body is mostly absent.
    """

    message_id: str | None = optional(65, "message_id", default=None)
    tlvs: Mapping[int, bytes] = tagged()
