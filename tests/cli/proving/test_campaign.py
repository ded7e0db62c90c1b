"""
Tests for L{smsgw.cli.proving.campaign}; the crash test runs one.
"""

from pathlib import Path

import pytest

from smsgw.cli.proving.campaign import Campaign, prepared
from smsgw.errors import Unavailable


def test_the_account_pays_in_advance(tmp_path: Path) -> None:
    """
    And the few numbers of the load may get many codes.
    """
    stage = prepared(tmp_path / "stage", Path("etc"))
    text = (stage.folder / "objects.toml").read_text("utf-8")
    assert 'billing = "prepaid"\nid = "his"' in text
    assert "most = 1000000" in text


def test_it_does_not_wait_for_ever(tmp_path: Path) -> None:
    """
    Words, with the seed to try again by.
    """
    campaign = Campaign(prepared(tmp_path / "stage", Path("etc")), 1, 42)
    with pytest.raises(Unavailable, match="seed 42"):
        campaign._until(lambda: False, 0.0, "ready")
    assert not campaign._ready()
