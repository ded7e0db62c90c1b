"""
A text is checked and counted once, whatever numbers it goes to.
"""

import attrs
import pytest

from smsgw.directory import Directory
from smsgw.errors import Refused
from smsgw.gateway.wording import Draft
from smsgw.message import Item, Submission
from smsgw.rules.book import Rulebook
from tests.support.shards import ACCOUNT, LONG, NOW

BOOK = Rulebook.of(Directory())


def draft(**fields: str) -> Draft:
    """
    Of a submission with these fields.
    """
    return Draft.of(BOOK, ACCOUNT, Submission([], **fields), NOW)  # type: ignore[arg-type]  # words all


def test_what_the_request_leaves_out_is_the_accounts() -> None:
    """
    Category and signature; an empty signature is a wish for none.
    """
    assert (ACCOUNT.category, ACCOUNT.signature) == (
        draft().category,
        draft().signature,
    )
    assert ("otp", "") == (
        draft(category="otp").category,
        draft(signature="").signature,
    )


def test_a_long_text_is_counted_with_its_signature() -> None:
    """
    As many segments as the phone will get.
    """
    wording = draft().word(LONG)
    assert (LONG, True) == (wording.text, wording.segments > 1)


@pytest.mark.parametrize(
    ("text", "code"), [("", 2004), (" \n", 2004), ("测" * 20000, 2005)]
)
def test_what_cannot_be_said(text: str, code: int) -> None:
    """
    Nothing, and too much.
    """
    with pytest.raises(Refused) as caught:
        draft().word(text)
    assert (code, "text") == (caught.value.code, caught.value.field or "text")


def test_a_category_must_be_known() -> None:
    """
    The field is named.
    """
    with pytest.raises(Refused) as caught:
        draft(category="spam")
    assert (2012, "category") == (caught.value.code, caught.value.field)


def test_a_part_counts_as_the_whole() -> None:
    """
    What is sent in parts waits for consent as if it were sent at once.
    """
    account = attrs.evolve(ACCOUNT, review_above=100)
    items = [Item("13800138000")]
    small = Draft.of(BOOK, account, Submission(items, "x"), NOW)
    part = Draft.of(BOOK, account, Submission(items, "x", whole=300), NOW)
    assert ("", "more than 100") == (small.held, part.held)
    assert (False, True) == (small.many, part.many)
