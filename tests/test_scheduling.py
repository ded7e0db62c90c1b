"""
Schedules fire once for each of their times, whatever happens between.
"""

from typing import Any

import attrs
import pytest

from smsgw.directory import Schedule
from smsgw.errors import Unavailable
from smsgw.rules.calendar import next_after
from smsgw.scheduling import LATE, Scheduling
from smsgw.storage.schedules import State, note_asked
from tests.support.record import now_or_never
from tests.support.shards import ACCOUNT, NOW, World

HOURLY = Schedule("hourly", ACCOUNT.id, "0 * * * *", "您好", to=("13800138000",))
FIRST = next_after(HOURLY.cron, NOW)


class Record:
    """
    The states, as several nodes share them; does not take notes when told.
    """

    def __init__(self, **states: State) -> None:
        self.states = dict(states)
        self.away = False

    async def read(self, *_: Any) -> dict[str, State]:
        return dict(self.states)

    async def write(self, call: Any, name: str, state: State, _now: float) -> None:
        if self.away:
            raise Unavailable("gone")
        known = self.states.get(name, state)
        if call is note_asked:
            told = attrs.evolve(known, note=state.note, fired=state.fired)
            self.states[name] = attrs.evolve(told, asked=0.0)
            return
        self.states[name] = attrs.evolve(state, paused=known.paused, asked=known.asked)


def node(world: World, record: Record, *schedules: Schedule) -> Scheduling:
    """
    A node that looks at these schedules.
    """
    gateway = world.shard.gateway
    gateway.directory = attrs.evolve(
        world.directory,
        accounts={ACCOUNT.id: ACCOUNT},
        schedules={one.id: one for one in schedules},
    )
    return Scheduling(gateway, record, world.clock)  # type: ignore[arg-type]  # reads and writes


def sent(world: World) -> list[str]:
    """
    Texts that went to the channel by now.
    """
    world.move()
    return [one.message.text for one in world.cm.flights]


def look(world: World, *nodes: Scheduling, at: float) -> int:
    """
    All nodes look at a time; how many fired.
    """
    world.clock.time = at
    return sum(now_or_never(one.look()) for one in nodes)


def test_two_nodes_fire_once() -> None:
    """
    The first look begins; what was before is not fired.
    """
    world, record = World(), Record()
    nodes = [node(world, record, HOURLY), node(world, record, HOURLY)]
    assert 0 == look(world, *nodes, at=NOW)
    assert 0 == look(world, *nodes, at=FIRST - 1)
    assert 1 == look(world, *nodes, at=FIRST)
    assert 0 == look(world, *nodes, at=FIRST + 1)
    assert ["您好"] == sent(world)


def test_fired_and_not_noted() -> None:
    """
    After a kill between the two it is not sent twice.
    """
    world, record = World(), Record(hourly=State(NOW))
    some = node(world, record, HOURLY)
    record.away = True
    assert 0 == look(world, some, at=FIRST)
    assert "gone" == some.trouble
    record.away = False
    assert 1 == look(world, node(world, record, HOURLY), at=FIRST + 5)
    assert ["您好"] == sent(world)


def test_four_weeks_of_times() -> None:
    """
    Each once, looked at every seven minutes.
    """
    world, record = World(), Record()
    daily = attrs.evolve(HOURLY, cron="30 8 * * 1-5")
    some = node(world, record, daily)
    fired, at = 0, NOW
    while at < NOW + 28 * 86400:
        fired += look(world, some, at=at)
        at += 420
    assert 20 == fired


def test_late_is_better_than_never_but_not_for_ever() -> None:
    """
    Of several times only the latest, and none that is more than an hour ago.
    """
    world, record = World(), Record(hourly=State(NOW))
    some = node(world, record, HOURLY)
    assert 1 == look(world, some, at=FIRST + 3 * 3600 + 60)
    assert ["您好"] == sent(world)
    daily = attrs.evolve(HOURLY, id="daily", cron="0 0 * * *")
    record.states["daily"] = State(NOW)
    some = node(world, record, daily)
    late = next_after(daily.cron, NOW) + LATE + 60
    assert 0 == look(world, some, at=late)
    assert (1, "missed") == (record.states["daily"].missed, record.states["daily"].note)


@pytest.mark.parametrize(
    ("change", "state"),
    [
        ({}, State(NOW, paused=True)),
        ({"active": False}, State(NOW)),
        ({"ends_at": FIRST - 1}, State(NOW)),
        ({"starts_at": FIRST + 1}, State(NOW)),
        ({"cron": "never"}, State(NOW)),
    ],
)
def test_what_does_not_fire(change: dict[str, Any], state: State) -> None:
    """
    Paused, off, over, not yet, or no expression.
    """
    world, record = World(), Record(hourly=state)
    some = node(world, record, attrs.evolve(HOURLY, **change))
    assert 0 == look(world, some, at=FIRST + 1)
    assert [] == sent(world)


def test_a_resumed_schedule_does_not_make_up_for_it() -> None:
    """
    What fell due meanwhile was passed over.
    """
    world, record = World(), Record(hourly=State(NOW, paused=True))
    some = node(world, record, HOURLY)
    look(world, some, at=FIRST + 1)
    record.states["hourly"] = attrs.evolve(record.states["hourly"], paused=False)
    assert 0 == look(world, some, at=FIRST + 2)
    assert 1 == look(world, some, at=FIRST + 3600)


def test_it_is_spread_over_its_period() -> None:
    """
    Slices of 200, each at its time.
    """
    world, record = World(), Record(hourly=State(NOW))
    many = tuple(f"138{one:08}" for one in range(500))
    some = node(world, record, attrs.evolve(HOURLY, to=many, spread=600.0))
    assert 1 == look(world, some, at=FIRST)
    world.cm.segments = 1000
    assert 200 == len(sent(world))
    world.move(400)
    assert 500 == len(sent(world))


def test_a_refusal_is_noted_and_the_next_time_comes() -> None:
    """
    An account that is gone, a number that is none.
    """
    world, record = World(), Record(hourly=State(NOW))
    some = node(world, record, attrs.evolve(HOURLY, to=("1",)))
    assert 0 == look(world, some, at=FIRST)
    assert "refused 2006 to[0]" == record.states["hourly"].note
    gone = attrs.evolve(HOURLY, account="gone")
    assert 0 == look(world, node(world, record, gone), at=FIRST + 3600)
    assert "no account gone" == record.states["hourly"].note


def test_a_first_time_at_the_start_fires() -> None:
    """
    Exactly when it begins.
    """
    world, record = World(), Record()
    one = node(world, record, attrs.evolve(HOURLY, starts_at=FIRST))
    assert 0 == look(world, one, at=NOW)
    assert 1 == look(world, one, at=FIRST)


def test_a_changed_expression_counts_from_now() -> None:
    """
    A time that is already past by the new one is not fired.
    """
    world, record = World(), Record()
    one = node(world, record, HOURLY)
    look(world, one, at=NOW)
    often = attrs.evolve(HOURLY, cron="* * * * *")
    changed = node(world, record, often)
    at = NOW + 600
    assert 0 == look(world, changed, at=at)
    assert 1 == look(world, changed, at=next_after(often.cron, at))


def test_weeks_are_caught_up_at_once() -> None:
    """
    Of a schedule for every minute the newest time fires, the rest is one miss.
    """
    world, record = World(), Record()
    one = node(world, record, attrs.evolve(HOURLY, cron="* * * * *"))
    look(world, one, at=NOW)
    assert 1 == look(world, one, at=NOW + 21 * 86_400)
    assert 1 == record.states["hourly"].missed
    assert 1 == len(sent(world))


def test_what_is_asked_fires_once() -> None:
    """
    Paused or not; too late is told.
    """
    state = State(NOW, paused=True, cron=HOURLY.cron, asked=NOW + 1)
    world, record = World(), Record(hourly=state)
    one = node(world, record, HOURLY)
    assert 1 == look(world, one, at=NOW + 2)
    assert 0 == look(world, one, at=NOW + 3)
    record.states["hourly"] = attrs.evolve(state, last=NOW + LATE, asked=NOW + 4)
    look(world, one, at=NOW + 5 + LATE)
    assert "missed what was asked" == record.states["hourly"].note


def test_one_that_cannot_fire_leaves_the_others() -> None:
    """
    A queue that takes no more of one account.
    """
    world, record = World(), Record()
    other = attrs.evolve(HOURLY, id="other")
    one = node(world, record, HOURLY, other)
    look(world, one, at=NOW)
    accept, calls = one.gateway.acceptance.put, [0]

    async def refuse_first(admission: Any) -> Any:
        calls[0] += 1
        if calls[0] == 1:
            raise Unavailable("full")
        return await accept(admission)

    one.gateway.acceptance.put = refuse_first
    assert 1 == look(world, one, at=FIRST)
    assert "full" == one.trouble
    assert 1 == look(world, one, at=FIRST + 1)
    assert "" == one.trouble
