"""
What a channel says to the carrier for a message, made again from the record: the same
fields but for sequence numbers and what belongs to the connection.
"""

from collections.abc import Mapping
from typing import Any

import attrs

from smsgw.channels.contract import Contract
from smsgw.channels.contracts import contract_of
from smsgw.directory import Channel
from smsgw.errors import Refused
from smsgw.protocols.neutral import OutSegment
from smsgw.protocols.reader import decode_line
from smsgw.protocols.rows import WireError
from smsgw.text import split
from smsgw.views import MessageView

__all__ = ["Frame", "submits_of"]


@attrs.frozen
class Frame:
    """
    A PDU: its octets in hexadecimal digits, and its fields by their names.
    """

    octets: str
    fields: Mapping[str, Any]


def submits_of(channel: Channel, message: MessageView) -> list[Frame]:
    """
    One for each segment; none for a vendor's channel, or for what does not fit it.
    """
    try:
        contract = contract_of(channel)
        if not isinstance(contract, Contract):
            return []
        return _frames(contract, message)
    except (Refused, WireError):
        return []


def _frames(contract: Contract, message: MessageView) -> list[Frame]:
    dialect, channel = contract.dialect, contract.channel
    reference = contract.reference(message.id, max(1, message.attempts))
    segments = split(message.text, message.signature, contract.text_policy, reference)
    made = []
    for sequence, one in enumerate(segments, 1):
        segment = OutSegment(
            message.to,
            contract.access_number(""),
            one.payload,
            int(one.coding),
            one.udhi,
            one.part,
            one.parts,
        )
        pdu = dialect.submit(segment)
        octets = dialect.protocol.encode(pdu, dialect.version, sequence).hex()
        fields = decode_line(octets, channel.version, channel.protocol)
        made.append(Frame(octets, fields))
    return made
