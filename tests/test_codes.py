"""
Tests of our own codes.
"""

import pytest

from smsgw.codes import CODES, code_of, words_of
from smsgw.numbering import phones


def test_every_code_has_words_in_both_languages() -> None:
    """
    No code is silent, and its status is one of an error.
    """
    for code in CODES.values():
        assert code.zh
        assert code.en
        assert code.en.isascii()
        assert not code.zh.isascii()
        assert 400 <= code.status < 600


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (1002, 401),
        (1006, 403),
        (2010, 413),
        (3001, 429),
        (7001, 409),
        (7002, 422),
        (7003, 409),
        (7404, 404),
        (9000, 500),
        (9001, 503),
    ],
)
def test_codes_have_their_status(number: int, status: int) -> None:
    """
    The statuses that callers rely on.
    """
    assert status == code_of(number).status


def test_an_unknown_code_is_an_internal_error() -> None:
    """
    A code that the table lacks is never an exception.
    """
    assert 9000 == code_of(12345).number


def test_words_carry_the_particulars() -> None:
    """
    Title first, then what exactly; in the asked language.
    """
    assert "没有接收人" == words_of(2013)
    assert "没有接收人" == words_of(2013, "没有接收人")
    assert "接收人数超出上限：9 > 8" == words_of(2007, "9 > 8")
    assert "Too many recipients: 9 > 8" == words_of(2007, "9 > 8", "en")


def test_the_gateway_uses_codes_of_the_table() -> None:
    """
    The pure rooms and the table agree about numbers.
    """
    assert phones.BAD_NUMBER in CODES


def test_only_waiting_helps_the_retryable() -> None:
    """
    Exactly these may succeed unchanged later.
    """
    retryable = {number for number, code in CODES.items() if code.retryable}

    assert {3001, 3002, 5002, 7003, 9000, 9001} == retryable
