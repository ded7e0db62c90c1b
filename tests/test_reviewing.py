"""
Decisions are carried out, and noted only then.
"""

from typing import Any

from smsgw.errors import Unavailable
from smsgw.reviewing import Reviewing
from smsgw.storage.reviews import Review
from tests.gateway.test_rules import ask, careful
from tests.support.record import now_or_never
from tests.support.shards import World


class Record:
    """
    Decisions that are there until noted.
    """

    def __init__(self, *decided: Review) -> None:
        self.decided = list(decided)
        self.away = False

    async def read(self, *_: Any) -> list[Review]:
        return list(self.decided)

    async def write(self, _call: Any, done: list[Review], _now: float) -> None:
        if self.away:
            raise Unavailable("gone")
        self.decided = [one for one in self.decided if one not in done]


def test_a_decision_is_carried_out_once() -> None:
    """
    Not noted at first, it finds nothing the second time.
    """
    world = World()
    answer = ask(world, careful(world))
    review = Review(
        answer.batch_id, answer.batch_id, "his", "notice", "", "his", 2, "approved"
    )
    record = Record(review)
    some = Reviewing(world.shard, record)  # type: ignore[arg-type]  # reads and writes
    record.away = True
    assert 0 == now_or_never(some.look())
    record.away = False
    assert 0 == now_or_never(some.look())
    assert [] == record.decided
    world.move()
    assert 2 == len(world.cm.flights)
    assert 0 == now_or_never(some.look())


def test_another_shard_s_decision_is_left_to_it() -> None:
    """
    It is neither carried out nor noted here.
    """
    world = World()
    answer = ask(world, careful(world))
    review = Review(
        answer.batch_id, answer.batch_id, "his", "notice", "", "his", 2, "approved"
    )
    record = Record(review)
    some = Reviewing(world.shard, record, lambda name: name != "his")  # type: ignore[arg-type]  # reads and writes
    assert 0 == now_or_never(some.look())
    assert [review] == record.decided
