"""
A contract's settings.
"""

import pytest

from smsgw.protocols.smpp import V33, V50
from smsgw.protocols.smpp_settings import SmppSettings, smpp_settings


def test_settings() -> None:
    """
    A channel's own settings are taken, others passed over.
    """
    extra = {
        "bind": "transmitter",
        "max_parts": 5,
        "secret": "no",
        "service_id": "no",
        "status_classes": "0x45=carrier_fault 1025=blacklist",
    }
    settings = smpp_settings("900001", "pa55word", "5.0", "NOTICE", extra)
    expected = SmppSettings(
        "900001",
        "pa55word",
        V50,
        bind="transmitter",
        status_classes="0x45=carrier_fault 1025=blacklist",
    )
    assert expected == settings
    assert {0x45: "carrier_fault", 0x401: "blacklist"} == settings.status_classes
    assert "pa55word" not in repr(settings)


@pytest.mark.parametrize(
    "extra",
    [
        {"bind": "both"},
        {"long": "pages"},
        {"id_base": "octal"},
        {"alphabet": "morse"},
        {"ucs2_dcs": 256},
        {"status_classes": "0x45=odd"},
        {"status_classes": "x=blacklist"},
    ],
)
def test_bad_settings(extra: dict[str, object]) -> None:
    """
    A word that means nothing is refused.
    """
    with pytest.raises(ValueError, match=r"must be|no class|invalid literal"):
        smpp_settings("900001", "pa55word", "3.4", "", extra)


@pytest.mark.parametrize("long", ["sar", "payload"])
def test_long_messages_of_old_peers(long: str) -> None:
    """
    A peer of 3.3 knows no TLVs, so that parts can tell their place in UDH only.
    """
    with pytest.raises(ValueError, match=r"3\.4"):
        smpp_settings("900001", "pa55word", "3.3", "", {"long": long})
    assert V33 == smpp_settings("900001", "s", "3.3", "", {}).version


def test_unknown_version() -> None:
    """
    A version nobody speaks is no version.
    """
    with pytest.raises(KeyError):
        smpp_settings("900001", "s", "4.0", "", {})
