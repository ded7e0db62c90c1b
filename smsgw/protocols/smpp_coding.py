"""
SMPP's contents: ours to a centre's and back, and where a PDU has them.
"""

from smsgw.protocols.gsm_alphabet import from_gsm, to_gsm
from smsgw.protocols.smpp import V34
from smsgw.protocols.smpp_settings import SmppSettings
from smsgw.protocols.smpp_values import MESSAGE_PAYLOAD, UDHI, sar_tlvs
from smsgw.protocols.udh import Udh, split

__all__ = ["from_carrier", "placed", "to_carrier"]

ASCII, BINARY, UCS2, GB = 0, 4, 8, 15
IA5, OCTETS, LATIN_1 = 1, 2, 3
SHORT, PART = 254, 140


def to_carrier(
    payload: bytes, headed: bool, coding: int, settings: SmppSettings
) -> tuple[bytes, int]:
    """
    A content for the wire, and its data_coding.
    """
    if coding == ASCII and settings.alphabet == "gsm" and settings.ascii_dcs != IA5:
        header, body = _split(payload, headed)
        payload = header.octets + to_gsm(body.decode("latin-1"))
    return payload, _number(coding, settings)


def _number(coding: int, settings: SmppSettings) -> int:
    """
    The contract's data_coding of a coding.
    """
    if coding == UCS2:
        return settings.ucs2_dcs
    if coding == ASCII:
        return settings.ascii_dcs
    if coding == GB:
        return settings.gb_dcs
    return settings.binary_dcs if coding == BINARY else coding


def from_carrier(
    payload: bytes, headed: bool, data_coding: int, settings: SmppSettings
) -> tuple[bytes, int]:
    """
    A content from the wire and its coding; text of an alphabet that we have no
    coding for becomes ASCII or UCS-2.
    """
    coding = _coding(data_coding, settings)
    gsm = coding == ASCII and settings.alphabet == "gsm" and data_coding != IA5
    if not gsm and data_coding != LATIN_1:
        return payload, coding
    header, body = _split(payload, headed)
    text = from_gsm(body) if gsm else body.decode("latin-1")
    if text.isascii():
        return header.octets + text.encode("ascii"), ASCII
    return header.octets + text.encode("utf-16-be"), UCS2


def placed(
    payload: bytes, headed: bool, settings: SmppSettings
) -> tuple[bytes, dict[int, bytes], int]:
    """
    A content as short_message, TLVs and esm_class, the contract's way.
    """
    tlvs: dict[int, bytes] = {}
    if headed and settings.long == "sar":
        header, body = split(payload)
        if header.bits:
            payload, headed, tlvs = body, False, sar_tlvs(header)
    most = PART if settings.long == "payload" else SHORT
    if len(payload) > most and settings.version >= V34:
        payload, tlvs = b"", {**tlvs, MESSAGE_PAYLOAD: payload}
    return payload, tlvs, UDHI if headed else 0


def _split(payload: bytes, headed: bool) -> tuple[Udh, bytes]:
    return split(payload) if headed else (Udh(), payload)


def _coding(number: int, settings: SmppSettings) -> int:
    """
    The coding of a data_coding: the contract's, else the standard's, else text.
    """
    if number == settings.ucs2_dcs:
        return UCS2
    if number == settings.ascii_dcs:
        return ASCII
    if number == settings.gb_dcs:
        return GB
    if number == settings.binary_dcs:
        return BINARY
    return _coding_of_standard(number)


def _coding_of_standard(number: int) -> int:
    """
    SMPP's own numbers; 5 and the like are read as text rather than not at all.
    """
    if number in (OCTETS, BINARY):
        return BINARY
    if number in (UCS2, GB):
        return number
    return _coding_of_group(number)


def _coding_of_group(number: int) -> int:
    """
    GSM 03.38's groups: classes of messages (flash), and waiting messages.
    """
    if number & 0xF0 == 0xE0:
        return UCS2
    if number & 0xF0 == 0xF0:
        return BINARY if number & 4 else ASCII
    if number & 0xF0 == 0x10:
        return {0x04: BINARY, 0x08: UCS2}.get(number & 0x0C, ASCII)
    return ASCII
