"""
Links: read by us alone, for a time, whatever is done to them.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.security.fields import Fields
from smsgw.security.links import LASTING, Link, make_link, read_link
from tests.support.record import FIELDS, IDS, NOW

TOKEN = make_link(FIELDS, IDS[0], NOW)


def test_read_again() -> None:
    """
    The message and the end, in words that an address can hold.
    """
    assert Link(IDS[0], NOW + LASTING) == read_link(FIELDS, TOKEN, NOW)
    assert 44 == len(TOKEN)
    assert TOKEN.replace("-", "").replace("_", "").isalnum()


def test_over_after_its_time() -> None:
    """
    It still says whose it was, so that the page can say that it is over.
    """
    link = read_link(FIELDS, TOKEN, NOW + LASTING)
    assert link is not None
    assert link.over
    short = read_link(FIELDS, make_link(FIELDS, IDS[0], NOW, 60), NOW + 59.9)
    assert short is not None
    assert not short.over


def test_of_another_key() -> None:
    """
    Another gateway's links are nothing here.
    """
    other = Fields(key=bytes(range(1, 33)))
    assert read_link(other, TOKEN, NOW) is None


def test_any_octet_changed() -> None:
    """
    Neither the end nor the message can be changed, nor the mark guessed in parts.
    """
    for place in range(len(TOKEN)):
        other = "A" if TOKEN[place] != "A" else "B"
        changed = TOKEN[:place] + other + TOKEN[place + 1 :]
        assert read_link(FIELDS, changed, NOW) is None


@given(st.text(max_size=60))
def test_anything_else(token: str) -> None:
    """
    What people type is no link, and no error.
    """
    assert read_link(FIELDS, token, NOW) is None


def test_only_our_ids() -> None:
    """
    A link to nothing is not made.
    """
    with pytest.raises(ValueError, match="nothing"):
        make_link(FIELDS, "nothing", NOW)


def test_marks_apart() -> None:
    """
    The same octets for another purpose get another mark, and no index is one.
    """
    assert FIELDS.mark("link", b"x") != FIELDS.mark("other", b"x")
    assert FIELDS.mark("phone", b"x").hex() != FIELDS.index("phone", "x")
