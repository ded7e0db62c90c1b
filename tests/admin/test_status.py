"""
What a channel's state amounts to.
"""

import attrs
import pytest

from smsgw.admin.status import ChannelState, Status

STATE = ChannelState("c", "c", "mobile", "cmpp", True, 2, 2, 32, 0)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, "good"),
        ({"connections": 1}, "wait"),
        ({"connections": 0}, "bad"),
        ({"health": "well"}, "good"),
        ({"health": "tripped"}, "wait"),
        ({"active": False}, "off"),
    ],
)
def test_kind(changes: dict[str, object], kind: str) -> None:
    """
    In one word.
    """
    assert kind == attrs.evolve(STATE, **changes).kind


def test_healthy() -> None:
    """
    When every part is.
    """
    assert Status("n", {"a": True}, {}, {}).healthy
    assert not Status("n", {"a": True, "b": False}, {}, {}).healthy
