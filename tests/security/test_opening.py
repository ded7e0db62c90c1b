"""
Tests for L{smsgw.security.opening}.
"""

from pathlib import Path

from smsgw.config import Protection, Settings
from smsgw.security.opening import fields_of


def test_a_key_is_made_once(tmp_path: Path) -> None:
    """
    For its owner alone, in the data folder unless the settings say where.
    """
    settings = Settings(tmp_path / "data")
    first = fields_of(settings)

    assert 0o600 == (tmp_path / "data" / "fields.key").stat().st_mode & 0o777
    assert first.key == fields_of(settings).key


def test_policies(tmp_path: Path) -> None:
    """
    As the settings have them.
    """
    protection = Protection("on", key_file=tmp_path / "key")
    fields = fields_of(Settings(tmp_path / "data", protection=protection))

    assert ("on", "off") == (fields.policy("phone"), fields.policy("text"))
    assert (tmp_path / "key").exists()
