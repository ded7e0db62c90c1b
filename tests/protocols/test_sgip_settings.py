"""
A contract's settings.
"""

import pytest

from smsgw.protocols.sgip import V13
from smsgw.protocols.sgip_settings import SgipSettings, sgip_settings


def test_settings() -> None:
    """
    A channel's own settings are taken, others passed over.
    """
    extra = {"node": 3075561117, "max_parts": 5, "secret": "no", "login_type": 2}
    settings = sgip_settings("sp_user", "sp_pass", "1.3", "SVC01", extra)
    expected = SgipSettings(
        "sp_user",
        "sp_pass",
        V13,
        service_type="SVC01",
        node=3075561117,
        login_type=2,
    )
    assert expected == settings
    assert "sp_pass" not in repr(settings)


@pytest.mark.parametrize(
    "extra",
    [
        {"node": -1},
        {"node": 1 << 32},
        {"fee_type": 256},
        {"link_id": "LINK0001"},
        {"throttled_code": 0},
        {"node": "3075561117"},
    ],
)
def test_bad_settings(extra: dict[str, object]) -> None:
    """
    What does not fit the wire is refused.
    """
    with pytest.raises((ValueError, TypeError)):
        sgip_settings("sp_user", "sp_pass", "1.2", "SVC01", extra)


def test_unknown_version() -> None:
    """
    A version nobody speaks is no version.
    """
    with pytest.raises(KeyError):
        sgip_settings("sp_user", "sp_pass", "3.0", "", {})
