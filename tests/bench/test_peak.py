"""
Tests for L{bench.peak}.
"""

import msgspec

from bench.crowd import KINDS
from bench.peak import PEOPLE, _keep
from smsgw.admin.entrance import Session, name_of


def test_sessions_are_kept_as_the_console_keeps_them() -> None:
    """
    Under the name of what the browser holds, for an hour.
    """
    words = _keep("ticket", "li").split(b"\r\n")[2::2]
    assert [b"SET", f"console:session:{name_of('ticket')}".encode()] == words[:2]
    assert "li" == msgspec.json.decode(words[2], type=Session).person
    assert [b"EX", b"3600"] == words[3:]


def test_people_turn_to_known_pages() -> None:
    """
    Each kind has its share.
    """
    assert set(KINDS) == {kind for kinds in PEOPLE.values() for kind in kinds}
    assert 100 == sum(KINDS.values())
