"""
What segments' outcomes mean for their message.
"""

from smsgw.gateway.flight import Flight, decode_entry, entry_of, worst
from smsgw.message import Message
from tests.support.shards import NOW


def message() -> Message:
    """
    A message as it waits.
    """
    return Message(
        1, "id1", "his", "id1", "report", "notice", "13800138000", "您好", "医院", "",
        NOW, NOW + 60, 1, "all",
    )  # fmt: skip


def flight(parts: int = 2) -> Flight:
    """
    One that is leased and may send everything.
    """
    made = Flight.of("cm1", parts, entry_of(message()), b"")
    made.prepare(parts)
    return made


def test_entry_round_trip() -> None:
    """The message comes out of its entry as it went in."""
    assert message() == decode_entry(entry_of(message()))


def test_state_round_trip() -> None:
    """What was kept of an attempt is found again after a crash."""
    before = flight()
    before.sent(0)
    before.taken(0, "X", NOW)
    again = Flight.of("", 0, entry_of(message()), before.settle("progress").state)

    assert before.attempt == again.attempt
    assert [1] == again.sendable()


def test_worst_decides() -> None:
    """Delivered only if all are."""
    assert "delivered" == worst(["delivered", "delivered"])
    assert "undelivered" == worst(["delivered", "undelivered", "expired"])


def test_complete() -> None:
    """All answered, or one refused."""
    made = flight()
    made.sent(0)
    made.taken(0, "X", NOW)
    assert not made.complete()
    made.sent(1)
    made.refused(1, "13", NOW)

    assert made.complete()
    assert ("undelivered", "13") == made.outcome()


def test_doubt_marks_the_message() -> None:
    """Unanswered segments may be sent again, and everybody can see it."""
    made = flight()
    made.sent(0)
    (fact,) = made.doubted(NOW)

    assert "uncertain" == fact.kind
    assert made.attempt.uncertain
    assert [0, 1] == made.sendable()


def test_a_late_answer_does_not_undo_a_receipt() -> None:
    """A receipt that came first stays when the response follows."""
    made = flight(1)
    made.taken(0, "X", NOW)
    made.receipted(0, "delivered", "DELIVRD", NOW)
    made.taken(0, "X", NOW)

    assert ("delivered", "DELIVRD") == made.outcome()


def test_again_counts_attempts() -> None:
    """Each return to the queue is the next attempt."""
    settle = flight().again("all:notice", 0.0, False)

    assert 2 == decode_entry(settle.entry).attempt
