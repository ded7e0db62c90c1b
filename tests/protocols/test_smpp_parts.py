"""
The lists inside SMPP's PDUs.
"""

from struct import error

import pytest

from smsgw.protocols.rows import WireError
from smsgw.protocols.smpp_parts import (
    TAGS,
    Failed,
    Target,
    read_failed,
    read_target,
    write_failed,
    write_target,
)


@pytest.mark.parametrize(
    ("target", "octets"),
    [
        (Target("8613", 1, 1), b"\1\1\0018613\0"),
        (Target("staff", flag=2), b"\2staff\0"),
    ],
)
def test_targets(target: Target, octets: bytes) -> None:
    """
    A phone has TON and NPI, a list only its name.
    """
    assert octets == write_target(target)
    assert (target, len(octets) + 1) == read_target(b"x" + octets, 1)


def test_failures() -> None:
    """
    A failure is an address and a status.
    """
    failed = Failed("8613", 1, 1, 11)
    assert b"\1\0018613\0\0\0\0\x0b" == write_failed(failed)
    assert (failed, 11) == read_failed(write_failed(failed), 0)


@pytest.mark.parametrize("octets", [b"", b"\3", b"\1\1", b"\2staff", b"\1\1\0018613"])
def test_cut_short(octets: bytes) -> None:
    """
    What is no receiver says so in one of the ways that a table knows.
    """
    with pytest.raises((WireError, ValueError, LookupError, error)):
        read_target(octets, 0)


def test_tags() -> None:
    """
    Tags have the standard's names and a kind.
    """
    assert ("message_payload", "octets") == TAGS[0x0424]
    assert {"uint", "text", "octets"} == {kind for _, kind in TAGS.values()}
