"""
A message's row follows its facts, and never goes back from an end.
"""

import pytest

from smsgw.message import Fact
from smsgw.storage.line import Line, millis_of, rank_of, read_steps, step_of, steps_text

AT = 1_790_000_000.0


def line() -> Line:
    """
    A message just accepted.
    """
    return Line("M", "M", "his", "notice", "", 1, 0)


def take(one: Line, fact: Fact) -> str:
    """
    A fact happens to a message.
    """
    return one.apply(fact, millis_of(fact.at))


def final(state: str, at: float = AT) -> Fact:
    """
    A final fact.
    """
    return Fact("final", "M", at, state, "cmcc", code="X")


@pytest.mark.parametrize(
    ("state", "event"),
    [
        ("delivered", "message.delivered"),
        ("undelivered", "message.failed"),
        ("rejected", "message.failed"),
        ("expired", "message.expired"),
        ("unknown", "message.unknown"),
        ("canceled", "message.canceled"),
    ],
)
def test_an_end_is_an_event(state: str, event: str) -> None:
    """
    Every final state has its type of event and its time.
    """
    one = line()
    assert event == take(one, final(state))
    assert (state, rank_of(state), 1_790_000_000_000) == (
        one.state,
        one.rank,
        one.final_ms,
    )
    assert 0 == one.late


@pytest.mark.parametrize(
    ("first", "then", "kept", "late"),
    [
        ("unknown", "delivered", "delivered", 1),
        ("unknown", "undelivered", "undelivered", 1),
        ("undelivered", "delivered", "delivered", 1),
        ("expired", "delivered", "expired", 0),
        ("rejected", "delivered", "rejected", 0),
        ("canceled", "delivered", "canceled", 0),
        ("delivered", "undelivered", "delivered", 0),
        ("delivered", "unknown", "delivered", 0),
        ("undelivered", "expired", "undelivered", 0),
        ("delivered", "queued", "delivered", 0),
    ],
)
def test_an_end_gives_way_only_to_better_knowledge(
    first: str, then: str, kept: str, late: int
) -> None:
    """
    Unknown yields to all, failure to delivery, delivery to nothing.
    """
    one = line()
    take(one, final(first))
    event = take(one, final(then, AT + 1))
    assert (kept, late) == (one.state, one.late)
    assert ("message.late" if late else "") == event


def test_another_attempt_waits_without_a_channel() -> None:
    """
    After C{again} the message is queued, counted, and nowhere on the air.
    """
    one = line()
    take(one, Fact("uncertain", "M", AT, channel="cmcc", part=1))
    assert ("cmcc", 1) == (one.channel, one.uncertain)
    take(one, Fact("again", "M", AT, "queued", "cmcc", note="all"))
    assert ("queued", "-", 1) == (one.state, one.channel, one.attempts)


def test_submitted_has_its_time() -> None:
    """
    The time of submission is kept apart from that of the end.
    """
    one = line()
    fact = Fact("submitted", "M", AT, "submitted", "cmcc")
    assert "message.submitted" == take(one, fact)
    assert (1_790_000_000_000, 0) == (one.submitted_ms, one.final_ms)


@pytest.mark.parametrize(
    ("fact", "step"),
    [
        (
            Fact("routed", "B", 1.5, note="why"),
            [1500, "routed", "", "", 0, "", "", "why"],
        ),
        (
            Fact("answered", "M", 2.0, "", "c", 1, "", "id"),
            [2000, "answered", "", "c", 1, "", "id"],
        ),
        (
            Fact("refused", "M", 2.0, "", "c", 1, "8"),
            [2000, "refused", "", "c", 1, "8"],
        ),
        (Fact("uncertain", "M", 2.0, "", "c", 2), [2000, "uncertain", "", "c", 2]),
        (
            Fact("submitted", "M", 2.0, "submitted", "c"),
            [2000, "submitted", "submitted", "c"],
        ),
    ],
)
def test_steps_are_short_and_come_back(fact: Fact, step: list[object]) -> None:
    """
    A step ends with its last value that says something.
    """
    assert step == step_of(fact, int(fact.at * 1000))
    text = f"{steps_text([step, step])}\n{steps_text([step])}"
    assert [step] * 3 == list(read_steps(text))
