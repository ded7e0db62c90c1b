"""
Frames: cutting, reading, writing.
"""

import pytest

from smsgw.protocols.cmpp import V30, ActiveTest
from smsgw.protocols.cmpp_rules import CMPP
from smsgw.protocols.rows import WireError


def test_cut() -> None:
    """
    A frame's end is known when all of it is there.
    """
    frame = CMPP.encode(ActiveTest(), V30, 1)
    assert 12 == CMPP.cut(frame, 0)
    assert 24 == CMPP.cut(frame * 2, 12)
    assert [0] * 12 == [CMPP.cut(frame[:n], 0) for n in range(12)]


@pytest.mark.parametrize("length", [0, 11, 4097, 0x47455420])
def test_impossible_length(length: int) -> None:
    """
    A length is checked before its octets come.
    """
    with pytest.raises(WireError):
        CMPP.cut(length.to_bytes(4, "big"), 0)


@pytest.mark.parametrize(
    "frame", ["", "0000000d0000000800000001", "0000000c0000000a00000001"]
)
def test_no_frame(frame: str) -> None:
    """
    Short, mismeasured and unknown frames are violations.
    """
    with pytest.raises(WireError):
        CMPP.decode(bytes.fromhex(frame), V30)
