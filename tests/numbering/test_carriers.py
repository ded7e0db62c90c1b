"""
Tests of L{smsgw.numbering.carriers}.
"""

import pytest

from smsgw.numbering.carriers import (
    CARRIERS,
    KINDS,
    Segment,
    carrier_of,
    segment_of,
)


@pytest.mark.parametrize(
    ("number", "carrier", "kind"),
    [
        ("13800138000", "mobile", "normal"),
        ("13400138000", "mobile", "normal"),
        ("13480138000", "mobile", "normal"),
        ("13490138000", "unknown", "unknown"),
        ("13493138000", "telecom", "satellite"),
        ("14800138000", "mobile", "iot"),
        ("16500138000", "mobile", "mvno"),
        ("17030138000", "mobile", "mvno"),
        ("18600138000", "unicom", "normal"),
        ("17100138000", "unicom", "mvno"),
        ("16700138000", "unicom", "mvno"),
        ("17040138000", "unicom", "mvno"),
        ("14600138000", "unicom", "iot"),
        ("18900138000", "telecom", "normal"),
        ("14900138000", "telecom", "normal"),
        ("16200138000", "telecom", "mvno"),
        ("17010138000", "telecom", "mvno"),
        ("17405138000", "telecom", "satellite"),
        ("17412138000", "unknown", "satellite"),
        ("17420138000", "unknown", "unknown"),
        ("19200138000", "broadnet", "normal"),
        ("16100138000", "broadnet", "normal"),
        ("16190138000", "unknown", "satellite"),
        ("16110138000", "unknown", "unknown"),
        ("15400138000", "unknown", "unknown"),
        ("17900138000", "unknown", "unknown"),
        ("19400138000", "unknown", "unknown"),
    ],
)
def test_segments(number: str, carrier: str, kind: str) -> None:
    """
    The table of compliance.md 5.4 decides; what it lacks is unknown.
    """
    assert carrier == carrier_of(number)
    assert Segment(carrier, kind) == segment_of(number)
    assert carrier in CARRIERS
    assert kind in KINDS


@pytest.mark.parametrize("number", ["", "1", "10086", "85251234567890"])
def test_not_a_mobile(number: str) -> None:
    """
    Whatever is no mobile number has no carrier.
    """
    assert "unknown" == carrier_of(number)
