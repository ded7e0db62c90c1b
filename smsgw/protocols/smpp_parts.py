"""
What SMPP's PDUs carry inside: tagged values, and the lists of SUBMIT_MULTI.
"""

from collections.abc import Mapping
from struct import Struct
from types import MappingProxyType

import attrs

from smsgw.protocols.rows import WireError

__all__ = [
    "NOTHING",
    "TAGS",
    "Failed",
    "Target",
    "read_failed",
    "read_target",
    "write_failed",
    "write_target",
]

NOTHING: Mapping[int, bytes] = MappingProxyType({})
TAGS: Mapping[int, tuple[str, str]] = MappingProxyType(
    {
        0x0005: ("dest_addr_subunit", "uint"),
        0x0006: ("dest_network_type", "uint"),
        0x0007: ("dest_bearer_type", "uint"),
        0x0008: ("dest_telematics_id", "uint"),
        0x000D: ("source_addr_subunit", "uint"),
        0x000E: ("source_network_type", "uint"),
        0x000F: ("source_bearer_type", "uint"),
        0x0010: ("source_telematics_id", "uint"),
        0x0017: ("qos_time_to_live", "uint"),
        0x0019: ("payload_type", "uint"),
        0x001D: ("additional_status_info_text", "text"),
        0x001E: ("receipted_message_id", "text"),
        0x0030: ("ms_msg_wait_facilities", "uint"),
        0x0201: ("privacy_indicator", "uint"),
        0x0202: ("source_subaddress", "octets"),
        0x0203: ("dest_subaddress", "octets"),
        0x0204: ("user_message_reference", "uint"),
        0x0205: ("user_response_code", "uint"),
        0x020A: ("source_port", "uint"),
        0x020B: ("destination_port", "uint"),
        0x020C: ("sar_msg_ref_num", "uint"),
        0x020D: ("language_indicator", "uint"),
        0x020E: ("sar_total_segments", "uint"),
        0x020F: ("sar_segment_seqnum", "uint"),
        0x0210: ("sc_interface_version", "uint"),
        0x0302: ("callback_num_pres_ind", "uint"),
        0x0303: ("callback_num_atag", "octets"),
        0x0304: ("number_of_messages", "uint"),
        0x0381: ("callback_num", "octets"),
        0x0420: ("dpf_result", "uint"),
        0x0421: ("set_dpf", "uint"),
        0x0422: ("ms_availability_status", "uint"),
        0x0423: ("network_error_code", "octets"),
        0x0424: ("message_payload", "octets"),
        0x0425: ("delivery_failure_reason", "uint"),
        0x0426: ("more_messages_to_send", "uint"),
        0x0427: ("message_state", "uint"),
        0x0428: ("congestion_state", "uint"),
        0x0501: ("ussd_service_op", "uint"),
        0x060D: ("source_network_id", "text"),
        0x060E: ("dest_network_id", "text"),
        0x060F: ("source_node_id", "octets"),
        0x0610: ("dest_node_id", "octets"),
        0x1201: ("display_time", "uint"),
        0x1203: ("sms_signal", "uint"),
        0x1204: ("ms_validity", "uint"),
        0x130C: ("alert_on_message_delivery", "octets"),
        0x1380: ("its_reply_type", "uint"),
        0x1383: ("its_session_info", "octets"),
    }
)
NUMBER, LIST = 1, 2
WIDTH = 21
_TON_NPI = Struct(">BB")
_STATUS = Struct(">I")


@attrs.frozen
class Target:
    """
    A receiver of a SUBMIT_MULTI; C{flag} 2: a list's name, without TON and NPI.
    """

    address: str = attrs.field(repr=False)
    ton: int = 0
    npi: int = 0
    flag: int = NUMBER


@attrs.frozen
class Failed:
    """
    A receiver whom a SUBMIT_MULTI did not reach, and why.
    """

    address: str = attrs.field(repr=False)
    ton: int = 0
    npi: int = 0
    status: int = 0


def _read_address(frame: bytes, at: int) -> tuple[str, int]:
    end = frame.index(0, at)
    return frame[at:end].decode("latin-1"), end + 1


def _write_address(address: str) -> bytes:
    if len(address) >= WIDTH or "\0" in address:
        raise WireError("an address does not fit")
    return address.encode("latin-1") + b"\0"


def read_target(frame: bytes, at: int) -> tuple[Target, int]:
    """
    The receiver at an offset, and where it ends.
    """
    flag = frame[at]
    if flag == LIST:
        address, at = _read_address(frame, at + 1)
        return Target(address, flag=flag), at
    if flag != NUMBER:
        raise WireError(f"a receiver of kind {flag}")
    ton, npi = _TON_NPI.unpack_from(frame, at + 1)
    address, at = _read_address(frame, at + 3)
    return Target(address, ton, npi), at


def write_target(target: Target) -> bytes:
    """
    A receiver's octets.
    """
    place = b"" if target.flag == LIST else _TON_NPI.pack(target.ton, target.npi)
    return bytes([target.flag]) + place + _write_address(target.address)


def read_failed(frame: bytes, at: int) -> tuple[Failed, int]:
    """
    The failure at an offset, and where it ends.
    """
    ton, npi = _TON_NPI.unpack_from(frame, at)
    address, at = _read_address(frame, at + 2)
    (status,) = _STATUS.unpack_from(frame, at)
    return Failed(address, ton, npi, status), at + 4


def write_failed(failed: Failed) -> bytes:
    """
    A failure's octets.
    """
    place = _TON_NPI.pack(failed.ton, failed.npi)
    return place + _write_address(failed.address) + _STATUS.pack(failed.status)
