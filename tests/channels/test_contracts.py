"""
Any channel is checked by one call.
"""

import attrs

from smsgw.channels.contract import Contract
from smsgw.channels.contracts import contract_of, mistakes_of
from smsgw.channels.vendor.contract import VendorContract
from tests.channels.test_contract import CHANNEL
from tests.channels.vendor.imitations import channel_of


def test_by_protocol() -> None:
    """
    HTTP has a contract of its own.
    """
    assert isinstance(contract_of(CHANNEL), Contract)
    assert isinstance(contract_of(channel_of("aliyun")), VendorContract)


def test_no_mistakes() -> None:
    """
    Good channels have none.
    """
    assert [] == mistakes_of(CHANNEL) + mistakes_of(channel_of("tencent"))


def test_mistakes_name_their_place() -> None:
    """
    The channel and the field.
    """
    (told,) = mistakes_of(attrs.evolve(CHANNEL, version="9"))
    assert f"channels.{CHANNEL.id}.version" in told
    assert 2 == len(mistakes_of(attrs.evolve(channel_of("aliyun"), vendor={})))
