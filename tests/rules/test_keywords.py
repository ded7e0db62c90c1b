"""
Replies that ask for something are understood however they are typed.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.directory import Keyword
from smsgw.rules.keywords import asks_to_stop, keyword_of, plain

OURS = (
    Keyword("yes", ("1", "确认", "是"), "confirm"),
    Keyword("his-no", ("2",), "cancel", "his"),
    Keyword("off", ("0",), "cancel", active=False),
    Keyword("his-t", ("T",), "confirm", "his"),
)


def action(text: str, account: str = "his") -> str:
    """
    What it does, '' for nothing.
    """
    found = keyword_of(text, account, OURS)
    return found.action if found is not None else ""


@pytest.mark.parametrize(
    "text", ["TD", "td", "ＴＤ", " T D ", "TD。", "【退订】", "退订！", "退 订", "拒收"]
)
def test_opting_out(text: str) -> None:
    """
    Full-width, small, with blanks and full stops.
    """
    assert "opt_out" == action(text)


@pytest.mark.parametrize(
    "text", ["", "。", "好的，退订是什么意思", "TDK", "请帮我TD", "0", "谢谢医生"]
)
def test_what_asks_for_nothing(text: str) -> None:
    """
    A word inside a sentence is not a command, nor is one switched off.
    """
    assert action(text) == ""


def test_an_account_has_words_of_its_own() -> None:
    """
    They come before those of all; another account's do not count.
    """
    assert ("confirm", "cancel", "") == (action("1"), action("2"), action("2", "lis"))
    assert ("confirm", "opt_out") == (action("T"), action("T", "lis"))


def test_what_may_be_an_opt_out() -> None:
    """
    Whose reply it is need not be known.
    """
    told = [asks_to_stop(one, OURS) for one in ("td", "T", "2", "", "好的")]
    assert [True, True, False, False, False] == told


@given(st.text(max_size=80))
def test_any_reply_is_read(text: str) -> None:
    """
    Whatever came, no blanks are left and nothing raises.
    """
    assert not any(one.isspace() for one in plain(text))
    keyword_of(text, "his", OURS)
