"""
The codes a carrier may use are those of the protocol's tables.
"""

import pytest

from smsgw.protocols.dialects import SPOKEN
from smsgw.simulator.codes import results_of, state_of, stats_of


@pytest.mark.parametrize("protocol", SPOKEN)
def test_every_protocol_has_codes(protocol: str) -> None:
    """
    Many, each once, none of them a success but for the delivered state.
    """
    results, stats = results_of(protocol), stats_of(protocol)

    assert len(results) == len(set(results)) > 10
    assert 0 not in results
    assert "DELIVRD" in stats
    assert len(stats) > 6


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("DELIVRD", "delivered"),
        ("EXPIRED", "expired"),
        ("MK:0024", "undelivered"),
        ("IB:0069", "undelivered"),
        ("UNDELIV/005", "undelivered"),
        ("ACCEPTD", "pending"),
    ],
)
def test_codes_tell_states(code: str, state: str) -> None:
    """
    In any protocol's way of writing them.
    """
    assert state == state_of(code)
