"""
What every dialect we speak has in common.
"""

import pytest

from smsgw.protocols.dialects import SPOKEN, Host, dialect_of
from smsgw.protocols.neutral import LOGIN_WORDS, SUBMIT_WORDS, OutSegment

SEGMENT = OutSegment("13800138000", "10690000123", "预约".encode("utf-16-be"))
CONTRACTS = [
    (protocol, version)
    for protocol, spoken in SPOKEN.items()
    for version in spoken.versions
]


@pytest.mark.parametrize(("protocol", "version"), CONTRACTS)
def test_both_ends(protocol: str, version: str) -> None:
    """
    A dialect serves both ends: what one writes, the other reads.
    """
    dialect = dialect_of(protocol, "900001", "secret", version, "NOTICE", {})
    assert isinstance(dialect, Host)
    assert dialect.version in dialect.protocol.versions
    asked = dialect.login(1_767_326_645.0)
    assert "900001" == dialect.read_login(asked).login
    assert dialect.proves(asked, "secret")
    assert not dialect.proves(asked, "secret2")
    (read,) = dialect.read_submit(dialect.submit(SEGMENT))
    assert SEGMENT.payload == read.payload
    assert "10690000123" == read.src


@pytest.mark.parametrize(("protocol", "version"), CONTRACTS)
def test_words(protocol: str, version: str) -> None:
    """
    Every word of refusal has a code in every protocol, and '' has none.
    """
    dialect = dialect_of(protocol, "900001", "secret", version, "NOTICE", {})
    asked = dialect.login(1_767_326_645.0)
    highest = max(dialect.protocol.versions)
    codes = [dialect.admit(asked, word, "secret", highest)[2] for word in LOGIN_WORDS]
    assert all(codes)
    assert 0 == dialect.admit(asked, "", "secret", highest)[2]
    submit = dialect.submit(SEGMENT)
    carrier_id = dialect.new_id(1_767_326_645.0, 1001, 7, 9)
    taken = dialect.submitted(submit, carrier_id)
    assert carrier_id == dialect.outcome(taken, 9).carrier_id
    for word in SUBMIT_WORDS:
        refused = dialect.submitted(submit, "", word)
        assert not hasattr(dialect.outcome(refused, 9), "carrier_id"), word
