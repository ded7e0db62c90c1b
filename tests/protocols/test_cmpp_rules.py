"""
CMPP's part of a session: layouts, grants, refusals.
"""

import pytest

from smsgw.protocols.cmpp import (
    PDUS,
    V20,
    V21,
    V30,
    CancelResp,
    ConnectResp,
    ForwardResp,
    QueryResp,
)
from smsgw.protocols.cmpp_rules import CMPP, granted, layout, respond
from smsgw.protocols.protocol import Grant


def test_layouts() -> None:
    """
    Separate-direction logins are 2.0; unknown octets have no layout.
    """
    assert [V20, V20, V20, V21, V30, 0] == [
        layout(octet) for octet in (0, 1, 0x20, 0x21, 0x30, 0x7F)
    ]


@pytest.mark.parametrize(
    ("asked", "status", "version", "length", "expected"),
    [
        (V30, 0, V30, 33, Grant(0, V30)),
        (V30, 0, V20, 30, Grant(0, V20)),
        (V30, 0, V21, 30, Grant(0, V21)),
        (V21, 0, V30, 30, Grant(0, V21)),
        (V20, 0, V30, 33, Grant(0, V30)),
        (V30, 4, V20, 33, Grant(4, V20)),
    ],
)
def test_granted(
    asked: int, status: int, version: int, length: int, expected: Grant
) -> None:
    """
    The length of the answer decides.
    """
    pdu = ConnectResp(status=status, version=version)
    assert expected == granted(asked, pdu, length)


def test_every_request_can_be_refused() -> None:
    """
    Each request has its answer, and it encodes in every version.
    """
    for command in (c for c in PDUS if c < CMPP.response):
        answer = respond(command, 4, bytes(20))
        assert answer is not None
        assert command | CMPP.response == answer.command
        for version in CMPP.versions:
            CMPP.encode(answer, version, 1)
    assert respond(0x80000004, 4, b"") is None
    assert {CancelResp, QueryResp, ForwardResp} <= set(PDUS.values())
