"""
Lessons are written down, and not lost while the record is away.
"""

from typing import Any

from smsgw.errors import Unavailable
from smsgw.learning import DAY, Learning
from smsgw.numbering.ported import PortedNumber
from tests.support.record import now_or_never
from tests.support.shards import PHONE, World


class Record:
    """
    Notes what is written.
    """

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.away = False

    async def write(self, call: Any, *_: Any) -> None:
        if self.away:
            raise Unavailable("gone")
        self.calls.append(call.__name__)


def test_lessons_wait_for_the_record() -> None:
    """
    And what is old is let go once a day.
    """
    world, record = World(), Record()
    lessons = world.shard.lessons
    some = Learning(lessons, record, None, world.clock)  # type: ignore[arg-type]  # nothing is sealed
    lessons.learned.append(PortedNumber(PHONE, "unicom"))
    record.away = True
    assert 0 == now_or_never(some.look())
    assert 1 == len(lessons.learned)
    record.away = False
    assert 1 == now_or_never(some.look())
    assert 0 == now_or_never(some.look())
    assert ["change_ported", "forget_learned"] == record.calls
    world.clock.time += DAY
    now_or_never(some.look())
    assert "forget_learned" == record.calls[-1]
