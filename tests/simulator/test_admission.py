"""
Logins and submits are let in by the contract, in the order of section 15.
"""

from typing import Any

import pytest

from smsgw.protocols.cmpp import V20, V30, Connect
from smsgw.simulator.admission import (
    Limiter,
    authenticator,
    form,
    grant,
    mutual,
    rights,
)
from smsgw.simulator.speech import plain_number
from tests.support.simulated import LOGIN, SECRET, account, submit

NUMBER = "13800138000"


def test_digests_of_the_worked_examples() -> None:
    """
    Section 6.1, a timestamp that lost its leading zero too.
    """
    source = authenticator("900001", "888888", 1021080510)

    assert "90d00c1d517abd0b4f65f6bcf8535d16" == source.hex()
    assert (
        "8aafaed2aa4e8b687f57350fbbc66252"
        == authenticator("901234", "pa55word", 102030405).hex()
    )
    assert "6c0b846e25bab6daa4ed1c466e0f4bd8" == mutual(0, source, "888888", V20).hex()
    assert "7942977274098cf210ab0c16c367bc8d" == mutual(0, source, "888888", V30).hex()


@pytest.mark.parametrize(
    ("version", "changes", "highest", "expected"),
    [
        (0x30, {}, V30, (0, V30)),
        (0x20, {}, V30, (0, V20)),
        (0x30, {}, V20, (4, V30)),
        (0x7F, {}, V30, (4, V20)),
        (0x00, {}, V30, (0, V20)),
        (0x01, {"split_logins": False}, V30, (4, V20)),
        (0x30, {"version": "2.0"}, V30, (0, V20)),
        (0x30, {"secret": "other"}, V30, (3, V30)),
    ],
)
def test_logins(
    version: int, changes: dict[str, Any], highest: int, expected: tuple[int, int]
) -> None:
    """
    Status and layout.
    """
    digest = authenticator(LOGIN, SECRET, 1)
    connect = Connect(
        source_addr=LOGIN,
        authenticator_source=digest,
        version=version,
        timestamp=1,
    )

    assert expected == grant(connect, account(**changes), highest)
    assert 2 == grant(connect, None, highest)[0]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, 0),
        ({"pk_number": 2}, 1),
        ({"fee_type": "99"}, 5),
        ({"msg_content": bytes(141)}, 6),
        ({"msg_content": bytes(159), "msg_fmt": 0}, 0),
        ({"msg_content": bytes(160), "msg_fmt": 0}, 6),
        ({"service_id": "OTHER"}, 7),
        ({"src_id": "10680000"}, 10),
        ({"msg_src": "900002"}, 11),
        ({"fee_user_type": 3}, 12),
        ({"dest_terminal_id": ("12345",)}, 13),
        ({"dest_terminal_id": ()}, 13),
        ({"dest_terminal_id": ("12345",), "fee_type": "99"}, 5),
    ],
)
def test_submits(changes: dict[str, Any], code: int) -> None:
    """
    Each fault has its Result, the first one wins.
    """
    made = submit(NUMBER, **({"service_id": "HOSPITAL"} | changes))
    numbers = [plain_number(one) for one in made.dest_terminal_id]
    contract = account(service_ids=("HOSPITAL",))

    assert code == (form(made, contract) or rights(made, numbers, contract))


def test_the_limiter_counts_recipients() -> None:
    """
    A second's worth at once, then as time allows.
    """
    limiter = Limiter(10.0)

    assert [True, True, False] == [limiter.takes(5, 100.0) for _ in range(3)]
    assert limiter.takes(5, 100.5)
    assert not limiter.takes(1, 100.5)
