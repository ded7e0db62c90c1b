"""
The contract of any channel, whatever it speaks; for checks before it is used.
"""

from smsgw.channels.contract import Contract
from smsgw.channels.vendor.contract import VendorContract
from smsgw.directory import Channel
from smsgw.errors import Refused
from smsgw.protocols.dialects import Nodes

__all__ = ["HTTP", "contract_of", "mistakes_of"]

HTTP = "http"


def contract_of(
    channel: Channel, nodes: Nodes | None = None
) -> Contract | VendorContract:
    """
    L{Refused} names what is wrong in the channel's settings.
    """
    if channel.protocol == HTTP:
        return VendorContract.of(channel)
    return Contract.of(channel, nodes)


def mistakes_of(channel: Channel) -> list[str]:
    """
    Everything that is wrong with a channel, each with its path.
    """
    if channel.protocol == HTTP:
        return VendorContract.mistakes(channel)
    try:
        Contract.of(channel)
    except Refused as refusal:
        return [f"{refusal.detail!r} does not fit {refusal.field}"]
    return []
