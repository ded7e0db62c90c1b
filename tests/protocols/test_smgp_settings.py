"""
A contract's settings.
"""

import pytest

from smsgw.protocols.smgp import V13
from smsgw.protocols.smgp_settings import SmgpSettings, smgp_settings


def test_settings() -> None:
    """
    A channel's own settings are taken, others passed over.
    """
    extra = {"fee_code": "000010", "max_parts": 5, "secret": "no", "login_mode": 0}
    settings = smgp_settings("333", "0555", "1.3", "NOTICE", extra)
    expected = SmgpSettings(
        "333", "0555", V13, service_id="NOTICE", fee_code="000010", login_mode=0
    )
    assert expected == settings
    assert "0555" not in repr(settings)


@pytest.mark.parametrize(
    "extra", [{"login_mode": 3}, {"status_table": "new"}, {"report_form": "odd"}]
)
def test_bad_settings(extra: dict[str, object]) -> None:
    """
    A word that means nothing is refused.
    """
    with pytest.raises(ValueError, match="must be in"):
        smgp_settings("333", "0555", "3.0", "NOTICE", extra)


def test_unknown_version() -> None:
    """
    A version nobody speaks is no version.
    """
    with pytest.raises(KeyError):
        smgp_settings("333", "0555", "4.0", "", {})
