"""
What the outcomes of segments make of a message.
"""

import pytest

from smsgw.gateway.flight import (
    Flight,
    decode_attempt,
    decode_entry,
    entry_of,
    price_of,
    worst,
)
from smsgw.message import Attempt, encode
from smsgw.queues.entries import header_of
from tests.support.shards import NOW, flight, message


def test_entry_has_a_header_for_scripts() -> None:
    """
    Scripts read the header, we read the message.
    """
    one = message(segments=3)
    entry = entry_of(one, price=450)

    assert header_of(entry) == ("M1", int(NOW + 86400), 3, 450, "his|20260921")
    assert price_of(entry) == 450
    assert decode_entry(entry) == one


def test_found_again() -> None:
    """
    A kept state is gone on with; doubts of either side stay.
    """
    state = encode(Attempt("cm", 1, 2, 77, False))
    one = Flight.of("", 0, entry_of(message(uncertain=True, resends=2)), state)

    assert (one.attempt.channel, one.attempt.upto) == ("cm", 2)
    assert (one.attempt.uncertain, one.attempt.resends) == (True, 2)


def test_only_what_is_granted_may_be_sent() -> None:
    """
    Segments above C{upto} wait for another exchange.
    """
    one = flight(3, upto=2)
    assert one.sendable() == [0, 1]
    one.sent(0)

    assert (one.sendable(), one.unanswered()) == ([1], [0])


def test_doubt_and_resend() -> None:
    """
    Unanswered segments become uncertain, and sendable only by decision.
    """
    one = flight(2)
    one.sent(0)
    assert [fact.part for fact in one.doubted(NOW)] == [1]
    assert (one.uncertain(), one.sendable()) == ([0], [1])
    assert one.doubted(NOW) == []
    assert one.resend()
    assert not one.resend()

    assert one.sendable() == [0, 1]
    assert (one.message.uncertain, one.message.resends) == (True, 1)


def test_complete() -> None:
    """
    All answered, or one refused; an uncertain segment is no answer.
    """
    one = flight(2)
    one.taken(0, "c0", NOW)
    one.sent(1)
    one.doubted(NOW)
    assert not one.complete()
    one.refused(1, "13", NOW)

    assert one.complete()
    assert one.outcome() == ("undelivered", "13")


@pytest.mark.parametrize(
    ("states", "outcome"),
    [
        (["delivered", "delivered"], "delivered"),
        (["delivered", "taken"], ""),
        (["delivered", "unknown"], "unknown"),
        (["taken", "expired"], "expired"),
        (["delivered", "undelivered"], "undelivered"),
    ],
)
def test_outcome(states: list[str], outcome: str) -> None:
    """
    Delivered only if all are; failed as soon as one is.
    """
    one = flight(2)
    for part, state in zip(one.attempt.parts, states, strict=True):
        part.state = state

    assert one.outcome()[0] == outcome


def test_progress_keeps_what_is_asked() -> None:
    """
    What is asked for is durable before it is granted.
    """
    one = flight(3, upto=1)
    one.asked = 2
    one.taken(0, "c0", NOW)
    settle = one.settle("progress")

    assert decode_attempt(settle.state).upto == 2
    assert one.attempt.upto == 1
    assert settle.carrier_ids == [("cm|c0", 0)]
    assert one.settle("progress").carrier_ids == []


def test_again_is_the_next_attempt() -> None:
    """
    Its carrier ids leave the map; the entry counts on.
    """
    one = flight(1)
    one.taken(0, "c0", NOW)
    settle = one.again("all:notice", NOW + 5, False)

    assert settle.carrier_ids == [("cm|c0", 0)]
    assert decode_entry(settle.entry).attempt == 2


def test_worst() -> None:
    """
    Ordered by how bad it is.
    """
    assert worst(["delivered", "undelivered", "unknown"]) == "undelivered"


def test_a_late_answer_does_not_undo_a_receipt() -> None:
    """
    A receipt that came first stays when the response follows.
    """
    one = flight(1)
    one.taken(0, "c0", NOW)
    one.receipted(0, "delivered", "DELIVRD", NOW)
    one.taken(0, "c0", NOW)

    assert one.outcome()[0] == "delivered"


def test_begun() -> None:
    """
    A refused segment began nothing; one with a receipt did.
    """
    one = flight(2)
    one.refused(0, "9", NOW)
    assert not one.begun
    one.taken(1, "c1", NOW)
    one.receipted(1, "delivered", "DELIVRD", NOW)

    assert one.begun
