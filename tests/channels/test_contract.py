"""
A channel's settings are checked once, and each mistake names its place.
"""

import attrs
import pytest

from smsgw.channels.contract import Contract
from smsgw.directory import Channel
from smsgw.errors import Refused

CHANNEL = Channel(
    "cm1", "移动", "mobile", "cmpp", "tcp:h:1", "900001", "s", access_number="10690000"
)


def test_settings_reach_text_dialect_and_session() -> None:
    """One table of settings serves them all."""
    channel = attrs.evolve(
        CHANNEL, window=32, settings={"reference_bits": 16, "idle": 10, "msg_src": "SP"}
    )
    contract = Contract.of(channel)

    assert 16 == contract.text_policy.reference_bits
    assert "SP" == contract.dialect.settings.msg_src
    assert (32, 10.0, 1) == (
        contract.session().window,
        contract.session().idle,
        contract.session().tries,
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"protocol": "fax"}, "channels.cm1.protocol"),
        ({"version": "9.9"}, "channels.cm1.version"),
        ({"settings": {"reference_bits": 12}}, "channels.cm1.settings"),
        ({"login": "9000010"}, "channels.cm1.login"),
        (
            {"protocol": "sgip", "version": "1.2", "secret": "s" * 17},
            "channels.cm1.login",
        ),
    ],
)
def test_mistakes_are_named(change: dict[str, object], field: str) -> None:
    """A wrong setting is refused with its place."""
    with pytest.raises(Refused) as refusal:
        Contract.of(attrs.evolve(CHANNEL, **change))  # type: ignore[arg-type]

    assert field == refusal.value.field


def test_numbers_and_references() -> None:
    """At most 20 digits; the same reference for the same attempt, never 0."""
    contract = Contract.of(CHANNEL)

    assert "1069000001" == contract.access_number("01")
    assert 20 == len(contract.access_number("1" * 30))
    assert contract.reference("id1", 1) == contract.reference("id1", 1) != 0


def test_a_login_that_no_carrier_could_read() -> None:
    """
    A password longer than its field is a mistake of the contract, found early.
    """
    settings = {"node": 3010092008}
    channel = attrs.evolve(CHANNEL, protocol="sgip", version="1.2", settings=settings)
    with pytest.raises(Refused) as caught:
        Contract.of(attrs.evolve(channel, secret="x" * 17))
    assert "login_password" in caught.value.detail
    Contract.of(attrs.evolve(channel, secret="x" * 16))
