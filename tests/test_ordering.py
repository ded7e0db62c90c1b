"""
Orders reach the channels, and decisions the record, also after it was away.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from smsgw.channels.care import Care
from smsgw.channels.history import SPAN
from smsgw.errors import Unavailable
from smsgw.ordering import RESTARTED, Ordering
from smsgw.rules.health import Health
from smsgw.rules.signs import Sample
from smsgw.storage.channel_history import course_of
from smsgw.storage.channel_orders import decisions_of, order_channel
from smsgw.storage.database import Database
from tests.channels.test_care import Patient
from tests.support.record import now_or_never
from tests.support.shards import World


@attrs.define(eq=False)
class Followed:
    """
    A channel of a world whose orders are followed.
    """

    database: Database
    away: bool = False
    world: World = attrs.field(factory=World)
    patient: Patient = attrs.field(factory=lambda: Patient("cm"))
    care: Care = attrs.field(init=False)
    ordering: Ordering = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        shard = self.world.shard
        self.care = Care(shard.gates, shard.outbox, self.world.clock)
        reached: Any = self
        self.ordering = Ordering("n1", self.care, reached, self.world.clock)

    async def read(self, call: Any, *arguments: Any) -> Any:
        if self.away:
            raise Unavailable("gone")
        return await self.database.read(call, *arguments)

    async def write(self, call: Any, *arguments: Any) -> Any:
        return await self.database.write(call, *arguments)

    @property
    def health(self) -> Health:
        """
        The channel's.
        """
        return self.world.shard.gates.healths["cm"]

    def order(self, state: str, why: str, who: str) -> None:
        """
        A person's order.
        """
        self.world.clock.time += 1.0
        at = self.world.clock.time
        now_or_never(self.database.write(order_channel, "cm", state, why, who, at))

    def look(self, times: int = 2) -> str:
        """
        So many seconds pass; the channel's state.
        """
        for _ in range(times):
            self.world.clock.time += 1.0
            now_or_never(self.ordering.look())
            self.care.look([self.patient])
        return self.health.state

    def told(self) -> list[tuple[str, str, str, str]]:
        """
        What the log says, oldest first.
        """
        lines = now_or_never(self.database.read(decisions_of, [], 99))
        return [(one.before, one.after, one.why, one.who) for one in reversed(lines)]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """
    An empty record.
    """
    opened = Database.open(f"sqlite:///{tmp_path}/record.db")
    now_or_never(opened.prepare())
    yield opened
    opened.close()


def test_orders_are_followed_and_decisions_written(database: Database) -> None:
    """
    Within two seconds, with who and why.
    """
    one = Followed(database)
    assert "well" == one.look()
    one.order("paused", "contract ends", "liu")
    assert "paused" == one.look()
    one.order("", "extended", "chen")
    assert "well" == one.look()
    one.order("tripped", "odd", "chen")
    assert "tripped" == one.look()
    one.look()
    assert [
        ("well", "paused", "contract ends", "liu"),
        ("paused", "well", "extended", "chen"),
        ("well", "tripped", "odd", "chen"),
    ] == one.told()


def test_a_pause_outlives_the_process_and_a_trip_does_not(database: Database) -> None:
    """
    The log says that the gateway was started anew.
    """
    one = Followed(database)
    one.look()
    one.order("tripped", "odd", "liu")
    assert "tripped" == one.look(3)
    again = Followed(database, world=World(clock=one.world.clock))
    assert "well" == again.look()
    assert ("tripped", "well", RESTARTED, "health") == one.told()[-1]
    one.order("paused", "contract ends", "liu")
    assert "paused" == Followed(database).look()
    assert "paused" == Followed(database).look()


def test_without_the_record_channels_are_looked_after(database: Database) -> None:
    """
    What was decided meanwhile is written down later.
    """
    one = Followed(database)
    one.look()
    one.away, one.patient.said = True, Sample(refused=99)
    assert "tripped" == one.look()
    assert "gone" == one.ordering.trouble
    assert [] == one.told()
    one.away = False
    one.look(1)
    assert "" == one.ordering.trouble
    assert [("well", "tripped", "refuses 100% of 99", "health")] == one.told()


def test_how_it_was_is_written_down(database: Database) -> None:
    """
    Five minutes in one line, when the record is there.
    """
    followed = Followed(database)
    begin = followed.world.clock.time
    followed.away = True
    followed.look(int(SPAN))
    followed.away = False
    followed.look(3)
    until = followed.world.clock.time
    course = now_or_never(
        followed.database.read(course_of, "cm", begin - SPAN, until, 86_400.0)
    )
    assert 1 == len(course)
    assert not followed.care.history.done
