"""
Tests for L{bench.postgres}.
"""

import pytest

from bench import postgres


@pytest.mark.real
def test_each_way_of_writing_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    New rows and changed ones, with what they cost.
    """
    monkeypatch.setattr(postgres, "LOT", 20)
    monkeypatch.setattr(postgres, "LOTS", 2)
    found = postgres.rows()
    assert [*postgres.WAYS] == [*found]
    for way in found.values():
        assert {"insert", "update"} == {*way}
        assert way["insert"]["rows_per_second"] > 0
