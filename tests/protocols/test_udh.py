"""
User data headers.
"""

import pytest

from smsgw.protocols.udh import Udh, has_udh, split


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        ("0500032e030161", Udh(bytes.fromhex("0500032e0301"), 46, 3, 1, 8)),
        ("0608041234030261", Udh(bytes.fromhex("06080412340302"), 0x1234, 3, 2, 16)),
        (
            "0605040b8423f061",
            Udh(bytes.fromhex("0605040b8423f0"), ports=(0x0B84, 0x23F0)),
        ),
        ("03700161" + "61", Udh(bytes.fromhex("03700161"))),
        ("0370096161", Udh(bytes.fromhex("03700961"))),
        ("61", Udh()),
        ("", Udh()),
    ],
)
def test_split(payload: str, expected: Udh) -> None:
    """
    A header is cut off and understood as far as it can be.
    """
    header, rest = split(bytes.fromhex(payload))
    assert expected == header
    assert payload == (header.octets + rest).hex()


def test_indicator() -> None:
    """
    1 by the standard, 0x40 in the field.
    """
    assert [False, True, True, False] == [has_udh(n) for n in (0, 1, 0x40, 2)]
