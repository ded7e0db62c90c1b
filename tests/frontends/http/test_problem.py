"""
Tests of problem documents.
"""

import msgspec
import pytest

from smsgw.errors import Refused, Unavailable
from smsgw.frontends.http.problem import (
    detail_of,
    language_of,
    number_words,
    problem_of,
)


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "zh"),
        ("*", "zh"),
        ("en", "en"),
        ("EN-us,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en;q=0.5, zh;q=0.9", "zh"),
        ("fr, en;q=0.1", "en"),
        ("en;q=much", "en"),
    ],
)
def test_english_is_for_those_who_like_it_best(accept: str, language: str) -> None:
    """
    Chinese otherwise.
    """
    assert language == language_of(accept)


def test_a_refusal_in_chinese() -> None:
    """
    Code, words, field and request, in the form of RFC 9457.
    """
    told = problem_of(Refused(2006, "号码为空 / no number", "to[0]"), "zh", "r1")

    assert 400 == told.status
    assert "application/problem+json; charset=utf-8" == told.kind
    assert {
        "type": "/v1/codes/smsgw/2006",
        "title": "手机号码无效",
        "status": 400,
        "code": 2006,
        "detail": "手机号码无效：号码为空",
        "retryable": False,
        "field": "to[0]",
        "request_id": "r1",
    } == msgspec.json.decode(told.body)


def test_a_refusal_in_english() -> None:
    """
    The same in the other language.
    """
    assert "Bad number: no number" == detail_of(2006, "号码为空 / no number", "en")


def test_unavailable_says_when_to_come_again() -> None:
    """
    503, whole seconds, and nothing of our insides.
    """
    told = problem_of(Unavailable("shard 3 is loading", 2.2), "zh", "r1")

    assert (503, "3") == (told.status, told.headers["Retry-After"])
    assert b"shard" not in told.body
    assert 3 == msgspec.json.decode(told.body)["retry_after"]


def test_a_bug_is_an_internal_error() -> None:
    """
    500, without the exception's words.
    """
    told = problem_of(ZeroDivisionError("13800138000"), "zh", "r1")

    assert 500 == told.status
    assert b"13800138000" not in told.body
    assert "Retry-After" not in told.headers


def test_a_running_request_may_come_again() -> None:
    """
    What is retryable tells it in a header.
    """
    told = problem_of(Refused(7003), "zh", "r1")

    assert (409, "1") == (told.status, told.headers["Retry-After"])


def test_who_is_not_known_is_told_how_to_be() -> None:
    """
    401 goes with a challenge.
    """
    assert "WWW-Authenticate" in problem_of(Refused(1002), "zh", "r1").headers


def test_numbers_have_reasons() -> None:
    """
    In words, '' for a good number.
    """
    assert "" == number_words("13800138000")
    assert "固定电话" in number_words("010-65551234")
