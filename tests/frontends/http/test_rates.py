"""
Tests of the rate of an account.
"""

import attrs
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import Deferred

from smsgw.directory import Account
from smsgw.frontends.http.rates import Rates
from tests.support.doors import NOW, Front, directory

HIS = Account("his", "门诊", rate=10.0)
SEND = {"to": ["13800138000"], "text": "您的报告已出"}


def limited(rate: float) -> Front:
    """
    A door at which C{his} has a rate.
    """
    whole = directory()
    accounts = {**whole.accounts, "his": attrs.evolve(whole.accounts["his"], rate=rate)}
    return Front(attrs.evolve(whole, accounts=accounts))


def test_no_rate_is_no_limit() -> None:
    """
    Nothing is counted and nothing told.
    """
    rates, free = Rates(), Account("lis", "检验")

    assert [0.0] * 3 == [rates.take(free, 10_000, NOW) for _ in range(3)]
    assert {} == rates.headers(free, NOW)
    rates.give_back(free, 5)


def test_a_second_full_and_then_its_rate() -> None:
    """
    Ten at once, then one each tenth of a second.
    """
    rates = Rates()

    assert [0.0] * 10 == [rates.take(HIS, 1, NOW) for _ in range(10)]
    assert pytest.approx(0.1) == rates.take(HIS, 1, NOW)
    assert 0.0 == rates.take(HIS, 1, NOW + 0.125)
    assert 0.0 < rates.take(HIS, 1, NOW + 0.125)


def test_a_large_request_passes_and_owes() -> None:
    """
    What is above the rate is paid by the next one's waiting.
    """
    rates = Rates()

    assert 0.0 == rates.take(HIS, 110, NOW)
    assert pytest.approx(10.1) == rates.take(HIS, 1, NOW)
    assert 0.0 == rates.take(HIS, 1, NOW + 10.2)


def test_what_was_not_kept_is_given_back() -> None:
    """
    A refused request costs nothing.
    """
    rates = Rates()
    rates.take(HIS, 110, NOW)
    rates.give_back(HIS, 110)

    assert 0.0 == rates.take(HIS, 1, NOW)


@pytest.mark.parametrize(
    ("rate", "policy", "standing"),
    [
        (10.0, '"messages";q=10;w=1', '"messages";r=7;t=1'),
        (0.25, '"messages";q=1;w=4', '"messages";r=0;t=12'),
    ],
)
def test_the_headers_tell_the_standing(rate: float, policy: str, standing: str) -> None:
    """
    The quota of a window, what is left of it, and when it is full again.
    """
    rates, account = Rates(), attrs.evolve(HIS, rate=rate)
    rates.take(account, 3, NOW)

    told = rates.headers(account, NOW)

    assert {"RateLimit-Policy": policy, "RateLimit": standing} == told


@given(
    st.floats(0.01, 1e5),
    st.lists(st.tuples(st.floats(-5.0, 5.0), st.integers(1, 1000)), max_size=50),
)
def test_never_more_than_rate_and_one_request(
    rate: float, steps: list[tuple[float, int]]
) -> None:
    """
    Whatever the clock does, one waits long enough for all before the last.
    """
    rates, account, now = Rates(), attrs.evolve(HIS, rate=rate), NOW
    for step, count in steps:
        now += step
        wait = rates.take(account, count, now)
        assert wait >= 0.0
        if wait:
            assert 0.0 == rates.take(account, count, now + wait * 1.001 + 1e-5)
            now += wait * 1.001 + 1e-5


def test_the_door_says_429_with_the_time_to_wait() -> None:
    """
    The code, the words, Retry-After and the standing; later it is taken.
    """
    front = limited(2.0)
    first = front.ask("POST", "/v1/messages", SEND)
    batch = {"items": [{"to": f"1380013800{n}", "text": "好"} for n in range(8)]}
    second = front.ask("POST", "/v1/messages/batch", batch)
    third = front.ask("POST", "/v1/messages", SEND)

    assert (202, 202, 429) == (first.status, second.status, third.status)
    assert '"messages";r=1;t=1' == first.headers["ratelimit"]
    assert "4" == third.headers["retry-after"]
    assert '"messages";q=2;w=1' == third.headers["ratelimit-policy"]
    problem = third.json
    assert (3001, 4, True) == (
        problem["code"],
        problem["retry_after"],
        problem["retryable"],
    )
    assert "请求过于频繁" == problem["title"]
    front.wall.at += 4.0
    assert 202 == front.ask("POST", "/v1/messages", SEND).status


def test_refused_and_repeated_requests_are_free() -> None:
    """
    Only what was kept counts: not a bad number, a replay, a full queue.
    """
    front = limited(2.0)
    key = {"Idempotency-Key": "k1"}
    assert 202 == front.ask("POST", "/v1/messages", SEND, key).status
    assert 202 == front.ask("POST", "/v1/messages", SEND, key).status
    bad = front.ask("POST", "/v1/messages", SEND | {"to": ["123"]})
    front.shelf.down = True
    down = front.ask("POST", "/v1/messages", SEND)
    front.shelf.down = False

    assert (400, 503) == (bad.status, down.status)
    assert 202 == front.ask("POST", "/v1/messages", SEND).status
    assert 429 == front.ask("POST", "/v1/messages", SEND).status


def test_who_hangs_up_has_still_sent() -> None:
    """
    The put goes on without the caller, so its messages count.
    """
    front = limited(1.0)
    front.shelf.held = Deferred()
    body = msgspec.json.encode(SEND)
    headers = front.signed("POST", "/v1/messages", body)
    asked = front.start("POST", "/v1/messages", body, headers)
    front.flush()
    asked.addErrback(lambda failure: None)
    asked.cancel()
    front.flush()

    assert 429 == front.ask("POST", "/v1/messages", SEND).status


def test_without_a_rate_nothing_is_told() -> None:
    """
    No RateLimit fields for an account without a limit.
    """
    assert "ratelimit" not in Front().ask("POST", "/v1/messages", SEND).headers
