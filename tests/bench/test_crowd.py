"""
Tests for L{bench.crowd}.
"""

import asyncio

from bench.crowd import Answer, Crowd, Orders, Watcher, spread
from smsgw.admin.live import event

BODY = b"<p>page</p>"


def crowd() -> Crowd:
    """
    Of one person.
    """
    return Crowd(Orders(8081, [("ticket", ["overview"])], 1.0, 60.0))


def test_an_answer_with_a_length() -> None:
    """
    Whole when its last octet is there, however it is cut.
    """
    answer = Answer()
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(BODY)
    assert [False, False, True] == [
        answer.feed(one) for one in (head[:20], head[20:] + BODY[:3], BODY[3:])
    ]
    assert 200 == answer.status


def test_an_answer_in_chunks() -> None:
    """
    Whole with the chunk of no length.
    """
    answer = Answer()
    assert not answer.feed(b"HTTP/1.1 303 See Other\r\nTransfer-Encoding: chunked\r\n")
    assert not answer.feed(b"\r\n3\r\nabc\r\n")
    assert answer.feed(b"0\r\n\r\n")
    assert 303 == answer.status


def test_events_are_counted_and_timed() -> None:
    """
    By the ids that the console gives them.
    """
    people = crowd()
    watcher = Watcher(b"", people)
    watcher.data_received(b"1a\r\n" + event("x", 1.0) + b"\r\n" + event("y", 2.0))
    assert 2 == people.events == len(people.lags)
    assert people.lags[1] < people.lags[0]


def test_a_live_page_that_ends_is_a_fault() -> None:
    """
    Until all is over.
    """
    people = crowd()
    Watcher(b"", people).connection_lost(None)
    people.over = True
    Watcher(b"", people).connection_lost(None)
    assert {"a live page ended": 1} == people.told()["faults"]


def test_nobody_turns_pages_when_time_is_short() -> None:
    """
    Whoever would come too late does not come.
    """
    people = crowd()
    asyncio.run(people._turn("ticket", ["overview"], 0.0))
    assert 0 == people.told()["pages"]


def test_spread() -> None:
    """
    Milliseconds by share.
    """
    times = [one / 1000 for one in range(100)]
    assert {"p50": 50.0, "p95": 95.0, "p99": 99.0} == spread(times)
