"""
What waits for consent is decided once, by somebody else.
"""

import attrs
import pytest

from smsgw.errors import Refused
from smsgw.message import decode_chunk, encode
from smsgw.storage.database import Database
from smsgw.storage.reviews import (
    Review,
    decide_review,
    decided_reviews,
    done_reviews,
    waiting_reviews,
)
from tests.support.record import IDS, NOW, chunk, now_or_never, record


def hold(database: Database) -> None:
    """
    A chunk of two that is held.
    """
    kind, body = chunk(IDS[:2])
    held = decode_chunk(body)
    held.held, held.maker = "sensitive word", "zhang"
    record(database, (kind, encode(held)))


def waiting(database: Database) -> list[Review]:
    """
    What nobody decided.
    """
    return now_or_never(database.read(waiting_reviews))


def decided(database: Database, now: float = NOW) -> list[Review]:
    """
    What the gateway has to act on.
    """
    return now_or_never(database.read(decided_reviews, now))


def decide(database: Database, state: str = "approved", who: str = "liu") -> int:
    """
    Somebody decides.
    """
    return now_or_never(
        database.write(decide_review, IDS[0], state, who, "好", NOW + 5)
    )


def test_somebody_else_decides_once(database: Database) -> None:
    """
    The maker may not, and there is nothing left to decide afterwards.
    """
    hold(database)
    [review] = waiting(database)
    assert ("his", "sensitive word", "zhang", 2) == (
        review.account,
        review.reason,
        review.maker,
        review.messages,
    )
    with pytest.raises(Refused) as caught:
        decide(database, who="zhang")
    assert 1008 == caught.value.code
    assert ([], 2) == (decided(database), decide(database))
    with pytest.raises(Refused) as caught:
        decide(database)
    assert 7404 == caught.value.code


def test_done_is_not_acted_on_again(database: Database) -> None:
    """
    The gateway sees a decision until it notes that it acted.
    """
    hold(database)
    decide(database, "refused")
    [review] = decided(database)
    assert ("refused", "liu", "好") == (review.state, review.checker, review.note)
    now_or_never(database.write(done_reviews, [review], NOW))
    assert ([], []) == (decided(database), waiting(database))


def test_too_late_is_a_decision(database: Database) -> None:
    """
    What expires before anybody decides ends as expired.
    """
    hold(database)
    [review] = decided(database, NOW + 10 * 86400)
    assert "expired" == review.state
    now_or_never(database.write(done_reviews, [attrs.evolve(review)], NOW))
    assert [] == waiting(database)
