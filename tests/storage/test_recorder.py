"""
The recorder moves every fact once, whatever breaks on the way.
"""

from collections.abc import Callable
from typing import Any

import attrs
import pytest
from sqlalchemy import Connection, func, select

from smsgw.errors import Unavailable
from smsgw.message import Fact
from smsgw.ports import Depths
from smsgw.storage import recorder as recorder_module
from smsgw.storage import tables
from smsgw.storage.database import Database, Direct, Unfit
from smsgw.storage.recorder import Recorder
from tests.support.record import (
    DIRECTORY,
    FIELDS,
    IDS,
    NOW,
    chunk,
    ended,
    facts,
    now_or_never,
    sent,
)


@attrs.define(eq=False)
class Facts:
    """
    The end of a queue that the recorder knows: facts and trim.
    """

    items: list[tuple[str, bytes]] = attrs.field(factory=list)
    base: int = 0
    broken: int = 0

    async def facts(
        self, position: int, count: int
    ) -> tuple[int, list[tuple[str, bytes]]]:
        first = max(position, self.base)
        return first, self.items[first - self.base :][:count]

    async def depths(self, _now: float) -> Depths:
        return Depths({}, {}, 0, 0, 0, len(self.items))

    async def trim(self, position: int) -> None:
        if self.broken:
            self.broken -= 1
            raise Unavailable("gone")
        self.items = self.items[max(0, position - self.base) :]
        self.base = max(self.base, position)


@attrs.define(eq=False)
class Clock:
    """
    Time that passes only by sleeping.
    """

    slept: list[float] = attrs.field(factory=list)
    on_sleep: Callable[[], None] = lambda: None

    def now(self) -> float:
        return NOW + sum(self.slept)

    def monotonic(self) -> float:
        return sum(self.slept)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.on_sleep()


class Broken(Direct):
    """
    A runner whose database fails some times.
    """

    failures = 0

    async def write(self, call: Callable[[], Any]) -> Any:
        if self.failures:
            self.failures -= 1
            raise Unavailable("disk full")
        return call()


def make(database: Database, *items: tuple[str, bytes]) -> Recorder:
    """
    A recorder of a queue with items.
    """
    queue: Any = Facts(list(items))
    return Recorder(queue, database, FIELDS, Clock(), lambda: DIRECTORY)


def counts(database: Database) -> tuple[int, int]:
    """
    Messages and events in the record.
    """

    def run(connection: Connection) -> tuple[int, int]:
        found = [
            connection.execute(select(func.count()).select_from(table)).scalar() or 0
            for table in (tables.messages, tables.account_events)
        ]
        return found[0], found[1]

    return now_or_never(database.read(run))


def test_everything_is_recorded_before_it_stops(database: Database) -> None:
    """
    A stop takes along what is there.
    """
    recorder = make(database, chunk(IDS[:2]), facts(*sent()), facts(*ended()))
    recorder.stop()
    now_or_never(recorder.run())
    assert (2, 2) == counts(database)
    assert (3, NOW) == (recorder.position, recorder.recorded_at)
    assert [] == recorder.queue.items


@pytest.mark.parametrize(
    ("name", "most", "expected"),
    [
        ("MUCH", 10**9, recorder_module.PAUSE),
        ("FEW", 1, recorder_module.GATHER),
        ("MUCH", 1, recorder_module.LONG),
    ],
)
def test_the_more_there_is_the_longer_it_gathers(
    database: Database,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    most: int,
    expected: float,
) -> None:
    """
    By the items and the octets of the stretch before.
    """
    monkeypatch.setattr(recorder_module, name, most)
    recorder: Any = make(database, chunk(IDS[:2]), facts(*sent()))
    recorder.clock.on_sleep = recorder.stop
    now_or_never(recorder.run())
    assert [expected] == recorder.clock.slept


def test_a_stretch_too_long_for_one_transaction_goes_on_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    It does not wait before the rest, and does not say that all is recorded.
    """
    monkeypatch.setattr(recorder_module, "OCTETS", 1)
    recorder: Any = make(database, chunk(IDS[:2]), facts(*sent()))
    now_or_never(recorder.step())
    assert (1, 0.0) == (recorder.position, recorder.recorded_at)
    recorder.clock.on_sleep = recorder.stop
    now_or_never(recorder.run())
    assert 1 == len(recorder.clock.slept)
    assert (2, 1) == (recorder.position, counts(database)[0] - 1)


def test_a_crash_between_commit_and_trim_repeats_nothing(database: Database) -> None:
    """
    The next recorder starts at the watermark and trims what is recorded.
    """
    first = make(database, chunk(), facts(*sent()))
    first.queue.broken = 1
    with pytest.raises(Unavailable):
        now_or_never(first.step())
    assert 2 == len(first.queue.items)
    second = Recorder(first.queue, database, FIELDS, Clock(), lambda: DIRECTORY)
    second.queue.items.append(facts(*ended()))
    second.stop()
    now_or_never(second.run())
    assert (1, 2) == counts(database)
    assert 3 == second.position
    assert [] == second.queue.items


def test_a_crash_before_commit_loses_nothing(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A torn transaction leaves no rows, and the queue keeps its items.
    """
    recorder = make(database, chunk(), facts(*sent()))
    with monkeypatch.context() as patched:
        patched.setattr(
            recorder_module.Recording, "_events", lambda *_: 1 / 0, raising=True
        )
        with pytest.raises(ZeroDivisionError):
            now_or_never(recorder.step())
    assert (0, 0) == counts(database)
    assert 2 == now_or_never(recorder.step())
    assert (1, 1) == counts(database)


def test_two_recorders_write_once(database: Database) -> None:
    """
    One that is overtaken goes on from where the other came to.
    """
    one = make(database, chunk(), facts(*sent()))
    two = Recorder(
        Facts(list(one.queue.items)),  # type: ignore[arg-type]  # a part of a queue
        database,
        FIELDS,
        Clock(),
        lambda: DIRECTORY,
    )
    now_or_never(one.step())
    now_or_never(two.step())
    assert 2 == two.position
    assert (1, 1) == counts(database)


def test_it_waits_while_the_database_is_away(database: Database) -> None:
    """
    Trouble is told, waited for, and over when it is over.
    """
    runner = Broken()
    runner.failures = 2
    away = Database(database.engine, runner)
    recorder = make(away, chunk())
    told = []

    def look() -> None:
        told.append(recorder.trouble)
        if len(told) == 3:
            recorder.stop()

    recorder.clock.on_sleep = look
    now_or_never(recorder.run())
    assert ["disk full", "disk full", ""] == told
    assert 2 * [recorder_module.BACK_OFF] == recorder.clock.slept[:2]
    assert (1, 0) == counts(database)


def test_it_stops_though_the_database_is_away(database: Database) -> None:
    """
    A stop does not wait for what cannot be.
    """
    runner = Broken()
    runner.failures = 99
    recorder = make(Database(database.engine, runner), chunk())
    recorder.stop()
    now_or_never(recorder.run())
    assert "disk full" == recorder.trouble
    assert 1 == len(recorder.queue.items)


def test_large_stretches_are_cut(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    A transaction stays short; what is left comes next, and only then is the
    record complete.
    """
    recorder = make(database, chunk(), facts(*sent()))
    monkeypatch.setattr(recorder_module, "OCTETS", 10)
    assert 1 == now_or_never(recorder.step())
    assert (1, 0.0) == (recorder.position, recorder.recorded_at)
    assert 1 == now_or_never(recorder.step())
    assert NOW == recorder.recorded_at


def test_strays_and_gaps_are_only_counted(database: Database) -> None:
    """
    Facts of unknown messages and a trimmed queue do not stop the record.
    """
    recorder = make(database, facts(*ended()))
    recorder.queue.base = 7
    now_or_never(recorder.step())
    assert (2, 8) == (recorder.strays, recorder.position)


def test_what_is_recorded_already_does_not_stop_it(database: Database) -> None:
    """
    Old messages and events are left out, what comes with them is recorded.
    """
    now_or_never(make(database, chunk(), facts(*sent())).step())
    recorder = make(database, facts(), facts(), chunk(IDS[:2]), facts(*ended()))
    now_or_never(recorder.start())
    recorder.stop()
    now_or_never(recorder.run())
    assert ("", 0, 4) == (recorder.trouble, recorder.strays, recorder.position)
    assert (2, 2) == counts(database)


def test_what_does_not_fit_is_set_aside(database: Database) -> None:
    """
    An item that no database takes costs itself, not those beside it.
    """
    large = Fact("submitted", IDS[0], 1e300, "submitted", "cmcc", account="his")
    recorder = make(database, chunk(), facts(large), facts(*ended()))
    recorder.stop()
    now_or_never(recorder.run())
    assert ("", 1, 3) == (recorder.trouble, recorder.strays, recorder.position)
    assert (1, 1) == counts(database)


def test_a_watermark_that_does_not_move_is_trouble(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    When not even nothing can be recorded, it waits as for any outage.
    """

    def refuse(*_: object) -> int:
        raise Unfit("no")

    recorder = make(database, chunk())
    monkeypatch.setattr(recorder_module.Recording, "record", refuse)
    recorder.stop()
    now_or_never(recorder.run())
    assert ("the record's watermark does not move", 0) == (
        recorder.trouble,
        recorder.position,
    )


def test_what_cannot_be_read_is_set_aside(database: Database) -> None:
    """
    A torn item costs itself; the record goes on.
    """
    torn = ("facts", b"\xc1")
    recorder = make(database, chunk(), torn, ("chunk", b"\x91\x01"), facts(*ended()))
    recorder.stop()
    now_or_never(recorder.run())
    assert ("", 2, 4) == (recorder.trouble, recorder.strays, recorder.position)
    assert (1, 1) == counts(database)


def test_a_fault_of_ours_is_trouble_not_the_end(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    What nobody expected is told and tried again, later.
    """
    recorder = make(database, chunk())
    told = []

    def look() -> None:
        told.append(recorder.trouble)
        patched.undo()
        recorder.stop()

    recorder.clock.on_sleep = look
    with monkeypatch.context() as patched:
        patched.setattr(recorder_module.Recording, "_events", lambda *_: 1 / 0)
        now_or_never(recorder.run())
    assert ["ZeroDivisionError"] == told
    assert [recorder_module.BACK_OFF] == recorder.clock.slept
    assert ("", 1) == (recorder.trouble, recorder.position)


@pytest.mark.parametrize("base", [0, 1])
def test_a_renewed_queue_is_recorded_from_its_beginning(
    database: Database, base: int
) -> None:
    """
    A queue that ends below the watermark is another one: nothing of it is lost.
    """
    first = make(database, *(chunk([one]) for one in IDS[:5]))
    first.stop()
    now_or_never(first.run())
    second = make(database, chunk(IDS[4:5]), chunk(IDS[5:6]), facts(*ended(IDS[5])))
    second.queue.base = base
    second.stop()
    now_or_never(second.run())
    assert (6, 1) == counts(database)
    assert (base + 3, 0, []) == (second.position, second.strays, second.queue.items)
