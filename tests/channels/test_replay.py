"""
Frames made again from a message in the record.
"""

import attrs
import pytest

from smsgw.channels.replay import submits_of
from smsgw.views import MessageView
from tests.channels.test_contract import CHANNEL
from tests.channels.vendor.imitations import channel_of

MESSAGE = MessageView(
    "1JN9RZHG000FM", "1JN9RZHG000FM", "his", "13800138000", "您好", "notice",
    "delivered", 1, signature="医院", attempts=1,
)  # fmt: skip
LOGINS = {"cmpp": "3.0", "sgip": "1.2", "smgp": "3.0", "smpp": "3.4"}


@pytest.mark.parametrize("protocol", sorted(LOGINS))
def test_one_segment(protocol: str) -> None:
    """
    In every protocol, with number and text as the carrier got them.
    """
    settings = {"node": 3010000001, "corp_id": "10001"} if protocol == "sgip" else {}
    channel = attrs.evolve(
        CHANNEL, protocol=protocol, version=LOGINS[protocol], settings=settings
    )
    (frame,) = submits_of(channel, MESSAGE)
    assert "13800138000" in str(frame.fields)
    assert "【医院】您好".encode("utf-16-be").hex() in frame.octets


def test_a_long_text() -> None:
    """
    A frame for each segment.
    """
    message = MessageView(
        "1JN9RZHG000FM", "b", "his", "13800138000", "检查" * 100, "report", "open", 3
    )
    assert 3 == len(submits_of(CHANNEL, message))


def test_what_has_no_frames() -> None:
    """
    A vendor's channel, and one whose settings are wrong by now.
    """
    assert [] == submits_of(channel_of("aliyun"), MESSAGE)
    assert [] == submits_of(attrs.evolve(CHANNEL, version="9.9"), MESSAGE)
