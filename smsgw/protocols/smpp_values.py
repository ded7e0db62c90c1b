"""
SMPP's small values: contents, receipts, ids, times, segments told by TLVs.
"""

import re
from collections.abc import Mapping
from hashlib import blake2b
from types import MappingProxyType

from smsgw.protocols import cmpp_values
from smsgw.protocols.codes.smpp import STAT_OF
from smsgw.protocols.smgp_values import tlv_number, tlv_text
from smsgw.protocols.smpp import DataSm, SubmitMulti
from smsgw.protocols.smpp_forms import Message
from smsgw.protocols.stats import stat_of
from smsgw.protocols.udh import Udh, split

__all__ = [
    "ERR",
    "ID_BASES",
    "MESSAGE_PAYLOAD",
    "MESSAGE_STATE",
    "RECEIPTED_MESSAGE_ID",
    "UDHI",
    "build_receipt",
    "content_of",
    "delivery_id",
    "err_of",
    "is_intermediate",
    "is_receipt",
    "kind_of",
    "made_id",
    "moment",
    "payload_of",
    "prefixed",
    "read_receipt",
    "receipt_class",
    "receipt_id",
    "resp_id",
    "sar_header",
    "sar_tlvs",
    "state_number",
    "state_of",
    "text_id",
    "times_of",
    "unprefixed",
    "written_id",
]

Content = Message | DataSm | SubmitMulti
UDHI, ALPHANUMERIC, ERR = 0x40, 5, 4
KIND, RECEIPT, INTERMEDIATE = 0x3C, 0x04, 0x20
UCS2 = 8
RECEIPTED_MESSAGE_ID, MESSAGE_STATE = 0x001E, 0x0427
NETWORK_ERROR, MESSAGE_PAYLOAD = 0x0423, 0x0424
SAR_TAGS = SAR_REFERENCE, SAR_TOTAL, SAR_PART = 0x020C, 0x020E, 0x020F
_STATE_OF: Mapping[str, int] = MappingProxyType({w: n for n, w in STAT_OF.items()})
_KEYS = ("id", "sub", "dlvrd", "submit date", "done date", "stat", "err")
_FIELD = re.compile(rf"\b({'|'.join(_KEYS)}):(\S*)", re.I)
# Most receipts are as the standard's appendix has them: one match, for speed.
_USUAL = re.compile(
    r"id:(?P<id>\S*) sub:(?P<sub>\S*) dlvrd:(?P<dlvrd>\S*)"
    r" submit date:(?P<submit_date>\S*) done date:(?P<done_date>\S*)"
    r" stat:(?P<stat>\S*) err:(?P<err>\S*) [Tt]ext:(?P<text>.*)\Z",
    re.S,
)
_TEXT = re.compile(r"\btext:", re.I)
_LIKE_RECEIPT = re.compile(r"\s*id:\S+\s.*\bstat:\w", re.I | re.S)
# The bases of an id's digits in an answer and in a receipt's text; 0: as they are.
ID_BASES: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "same": (0, 0),
        "resp_hex_receipt_dec": (16, 10),
        "resp_dec_receipt_hex": (10, 16),
    }
)
# Years, months, days, hours, minutes, seconds; a month and a year are about.
_SPANS = (31_536_000, 2_592_000, 86_400, 3_600, 60, 1)


def content_of(pdu: Content) -> bytes:
    """
    A message's content: message_payload counts only without a short_message.
    """
    short = b"" if isinstance(pdu, DataSm) else pdu.short_message
    return short or pdu.tlvs.get(MESSAGE_PAYLOAD, b"")


def delivery_id(pdu: Message | DataSm, sequence: int) -> str:
    """
    A name for a delivery, which has no id of its own: its number and a digest.
    """
    told = f"{pdu.source_addr}|{pdu.destination_addr}|".encode() + content_of(pdu)
    return f"{sequence:08x}{blake2b(told, digest_size=8).hexdigest()}"


# Addresses (section 4).


def kind_of(address: str, usual: tuple[int, int]) -> tuple[int, int]:
    """
    TON and NPI of our own address.
    """
    return usual if address.isdecimal() or not address else (ALPHANUMERIC, 0)


def prefixed(number: str, prefix: str) -> str:
    """
    A phone as a centre wants it; an international one keeps its own prefix.
    """
    bare = _bare(number)
    return prefix + number if bare == number else bare


def unprefixed(number: str, prefix: str) -> str:
    """
    A phone as a centre tells it, without the prefix.
    """
    return _bare(number).removeprefix(prefix)


def _bare(number: str) -> str:
    if number.startswith("+"):
        return number[1:]
    return number.removeprefix("00")


# Receipts (section 9).


def is_receipt(pdu: Content) -> bool:
    """
    Is a delivery a receipt: by its esm_class, its TLVs, or its text?
    """
    kind = pdu.esm_class & KIND
    if kind in (RECEIPT, INTERMEDIATE):
        return True
    if RECEIPTED_MESSAGE_ID in pdu.tlvs and MESSAGE_STATE in pdu.tlvs:
        return True
    text = content_of(pdu).decode("latin-1")
    return not kind and _LIKE_RECEIPT.match(text) is not None


def is_intermediate(pdu: Content) -> bool:
    """
    Does a receipt tell of something before the end?
    """
    return pdu.esm_class & KIND == INTERMEDIATE


def read_receipt(content: bytes, coding: int = 0) -> dict[str, str]:
    """
    A receipt's text by key, C{submit_date} and so on; any of them may be missing.
    """
    codec = "utf-16-be" if coding == UCS2 else "latin-1"
    text = content.decode(codec, "replace").rstrip("\0")
    if usual := _USUAL.match(text):
        return usual.groupdict("")
    head, said = text, ""
    if found := _TEXT.search(text):
        head, said = text[: found.start()], text[found.end() :]
    fields: dict[str, str] = {"text": said} if found else {}
    for part in (head, said):
        for key, value in _FIELD.findall(part):
            fields.setdefault(key.lower().replace(" ", "_"), value)
    return fields


def build_receipt(fields: Mapping[str, str]) -> bytes:
    """
    A receipt's text in the usual order.
    """
    usual = {"sub": "001", "dlvrd": "001", "err": "000", **fields}
    told = [f"{key}:{usual.get(key.replace(' ', '_'), '')}" for key in (*_KEYS, "text")]
    return " ".join(told).encode("latin-1", "replace")


def state_of(tlvs: Mapping[int, bytes]) -> int:
    """
    The message_state among TLVs, -1 when it is not there.
    """
    return tlv_number(tlvs, MESSAGE_STATE, -1)


def state_number(stat: str, state: str) -> int:
    """
    The message_state of a stat, or for another network's of its state.
    """
    return _STATE_OF.get(stat, _STATE_OF[stat_of("", state)])


def receipt_class(state: str) -> int:
    """
    The esm_class of a receipt; one that tells no end is an intermediate one.
    """
    return INTERMEDIATE if state == "pending" else RECEIPT


def err_of(tlvs: Mapping[int, bytes]) -> str:
    """
    The number in a network_error_code, which some write in digits; '' without.
    """
    value = tlvs.get(NETWORK_ERROR, b"")
    if len(value) != 3:
        return ""
    return value.decode() if value.isdigit() else f"{value[1] << 8 | value[2]:03d}"


# Ids.


def resp_id(message_id: str, id_base: str) -> str:
    """
    The id of an answer, or of the TLV that repeats it, as we keep it.
    """
    base, _ = ID_BASES[id_base]
    return _in_base(message_id.strip(), base, base)


def text_id(message_id: str, id_base: str) -> str:
    """
    The id in a receipt's text, as the answer told it and we keep it.
    """
    base, theirs = ID_BASES[id_base]
    return _in_base(message_id.strip(), theirs, base)


def written_id(carrier_id: str, id_base: str) -> str:
    """
    An id of an answer as a receipt's text writes it.
    """
    base, theirs = ID_BASES[id_base]
    return _in_base(carrier_id, base, theirs)


def receipt_id(
    fields: Mapping[str, str], tlvs: Mapping[int, bytes], id_base: str
) -> str:
    """
    The id that a receipt is about: the TLV's, else the text's; '' for none.
    """
    told = tlv_text(tlvs, RECEIPTED_MESSAGE_ID)
    if told:
        return resp_id(told, id_base)
    return text_id(fields.get("id", ""), id_base)


def made_id(number: int, id_base: str) -> str:
    """
    A new id as an answer tells it.
    """
    base, _ = ID_BASES[id_base]
    digits = cmpp_values.msg_id_hex(number)
    return _in_base(digits, 16, base) if base else digits


def _in_base(digits: str, base: int, wanted: int) -> str:
    """
    A number's digits in another base, without zeros in front; else as it is.
    """
    if not base or not digits.isascii() or not digits.isalnum():
        return digits
    try:
        number = int(digits, base)
    except ValueError:
        return digits
    return f"{number:x}" if wanted == 16 else str(number)


# Times.


def moment(written: str, now: float = 0.0) -> float:
    """
    The epoch seconds of an absolute time, or of one relative to C{now}.

    0 when it is not set, not valid, or relative to a time nobody knows.
    """
    if not written.endswith("R") or not written.isascii():
        return cmpp_values.moment(written)
    if not now or len(written) != 16 or not written[:15].isdigit():
        return 0.0
    pairs = (int(written[at : at + 2]) for at in range(0, 12, 2))
    return now + sum(n * span for n, span in zip(pairs, _SPANS, strict=True))


def times_of(pdu: Content, now: float = 0.0) -> tuple[float, float]:
    """
    When a message is to be sent, and until when: 0 for what it does not say.
    """
    if isinstance(pdu, DataSm):
        return 0.0, 0.0
    return moment(pdu.schedule_delivery_time, now), moment(pdu.validity_period, now)


# Segments (section 7).


def sar_tlvs(header: Udh) -> dict[int, bytes]:
    """
    A header's place among parts as TLVs.
    """
    return {
        SAR_REFERENCE: header.reference.to_bytes(2, "big"),
        SAR_TOTAL: bytes([header.parts]),
        SAR_PART: bytes([header.part]),
    }


def sar_header(tlvs: Mapping[int, bytes]) -> bytes:
    """
    The header that says what SAR TLVs say; nothing without them.
    """
    if not all(tag in tlvs for tag in SAR_TAGS):
        return b""
    reference, parts, part = (tlv_number(tlvs, tag) for tag in SAR_TAGS)
    if not 0 < part <= parts < 256 or reference > 0xFFFF:
        return b""
    if reference < 256:
        return bytes([5, 0, 3, reference, parts, part])
    return bytes([6, 8, 4, reference >> 8, reference & 0xFF, parts, part])


def payload_of(pdu: Content) -> tuple[bytes, Udh]:
    """
    A content with its header, whichever way its place was told, and the header.
    """
    content = content_of(pdu)
    if pdu.esm_class & UDHI:
        return content, split(content)[0]
    if not pdu.tlvs or not (octets := sar_header(pdu.tlvs)):
        return content, Udh()
    return octets + content, split(octets)[0]
