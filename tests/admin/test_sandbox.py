"""
Where channels lead: to this machine, or out of it.
"""

import attrs
import pytest

from smsgw.admin.sandbox import leads_here, sandbox_of
from smsgw.directory import Directory
from tests.support.console import HOSPITAL


@pytest.mark.parametrize(
    ("endpoint", "here"),
    [
        ("tcp:127.0.0.1:7890", True),
        ("tcp:host=127.0.0.1:port=7890", True),
        ("tls:localhost:7890", True),
        ("tcp:\\:\\:1:7890", True),
        ("http://127.0.0.1:9000/sms", True),
        ("tcp:192.0.2.1:7890", False),
        ("tcp:127.0.0.1.example:7890", False),
        ("tcp:localhost.example:7890", False),
        ("https://carrier.example/127.0.0.1", False),
        ("", False),
    ],
)
def test_where_an_address_leads(endpoint: str, here: bool) -> None:
    """
    Only a loopback address is this machine.
    """
    assert here == leads_here(endpoint)


def test_a_directory() -> None:
    """
    A sandbox has channels, and none that leads outside; those not in use are nothing.
    """
    assert sandbox_of(HOSPITAL).whole
    assert not sandbox_of(Directory()).whole
    one = HOSPITAL.channels["cmcc"]
    away = attrs.evolve(one, id="away", endpoint="tcp:192.0.2.1:7890")
    mixed = attrs.evolve(HOSPITAL, channels={"cmcc": one, "away": away})
    assert ((one,), (away,)) == (sandbox_of(mixed).here, sandbox_of(mixed).outside)
    assert not sandbox_of(mixed).whole
    off = attrs.evolve(mixed.channels["away"], active=False)
    assert sandbox_of(attrs.evolve(mixed, channels={"cmcc": one, "away": off})).whole
