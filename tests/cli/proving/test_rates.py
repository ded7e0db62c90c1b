"""
Tests for L{smsgw.cli.proving.rates}.
"""

import json
from typing import Any

import pytest

from smsgw.cli.proving import rates
from smsgw.cli.proving.rates import drain, personal


def test_each_message_has_a_text_of_its_own() -> None:
    """
    And a number, of the carriers in turn.
    """
    items = json.loads(personal(4, 10, ("cmpp", "smgp")))["items"]
    assert ["139", "189", "139", "189"] == [one["to"][:3] for one in items]
    assert 4 == len({one["text"] for one in items})


def test_a_drain_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    When all have ended, or when none did for a minute; progress is told.
    """
    now = [0.0]
    ended = iter([5, 5, 9, *[9] * 9999])

    class Clock:
        """
        One that sleeps fast.
        """

        monotonic = staticmethod(lambda: now[0])

        @staticmethod
        def sleep(seconds: float) -> None:
            now[0] += seconds

    monkeypatch.setattr(rates, "time", Clock)
    monkeypatch.setattr(rates, "counts", lambda _: {"ended": next(ended)})
    told: list[str] = []
    nobody: Any = None
    assert 9 == drain(nobody, 9, told.append)
    assert ["9 / 9"] == told
    ended = iter([9] * 9999)
    assert 9 == drain(nobody, 10)
    assert 60 <= now[0] < 62
