"""
How far schedules are is kept, and pauses are logged.
"""

import attrs
from sqlalchemy import Connection, select

from smsgw.storage.database import Database
from smsgw.storage.schedules import (
    State,
    ask_schedule,
    note_asked,
    note_schedule,
    pause_schedule,
    schedule_states_of,
)
from smsgw.storage.tables import changes
from tests.support.record import now_or_never

NOW = 1_800_000_000.0


def states(database: Database) -> dict[str, State]:
    """
    All of them.
    """
    return now_or_never(database.read(schedule_states_of))


def test_noting_leaves_a_pause_alone(database: Database) -> None:
    """
    The gateway notes, an operator pauses; neither undoes the other.
    """
    now_or_never(database.write(note_schedule, "s", State(NOW), NOW))
    assert now_or_never(database.write(pause_schedule, "s", True, "liu", NOW))
    assert not now_or_never(database.write(pause_schedule, "s", True, "liu", NOW))
    after = State(NOW + 60, missed=2, note="missed")
    now_or_never(database.write(note_schedule, "s", after, NOW))
    assert {"s": attrs.evolve(after, paused=True, paused_by="liu")} == states(database)
    assert now_or_never(database.write(pause_schedule, "s", False, "chen", NOW))
    assert {"s": after} == states(database)


def test_an_older_note_is_not_taken(database: Database) -> None:
    """
    A node that was stopped for a while does not put back what another noted.
    """
    for state in (State(NOW + 60, fired=NOW + 60, cron="* * * * *"), State(NOW)):
        now_or_never(database.write(note_schedule, "s", state, NOW))
    assert {"s": State(NOW + 60, fired=NOW + 60, cron="* * * * *")} == states(database)


def test_asking_is_done_once(database: Database) -> None:
    """
    What is asked anew meanwhile is not taken for done.
    """
    assert now_or_never(database.write(ask_schedule, "s", "liu", NOW))
    assert not now_or_never(database.write(ask_schedule, "s", "liu", NOW + 1))
    asked = states(database)["s"]
    assert State(NOW, asked=NOW) == asked
    done = attrs.evolve(asked, fired=NOW + 1)
    for _ in range(2):
        now_or_never(database.write(note_asked, "s", done, NOW + 1))
        assert State(NOW, fired=NOW + 1) == states(database)["s"]
    assert now_or_never(database.write(ask_schedule, "s", "liu", NOW + 2))
    now_or_never(database.write(note_asked, "s", done, NOW + 3))
    assert NOW + 2 == states(database)["s"].asked


def test_a_pause_before_the_first_look(database: Database) -> None:
    """
    It begins with now, paused; the log has both sides.
    """
    assert now_or_never(database.write(pause_schedule, "s", True, "liu", NOW))
    assert {"s": State(NOW, True, paused_by="liu")} == states(database)

    def logged(connection: Connection) -> list[tuple[str, str | None, str | None]]:
        rows = connection.execute(select(changes))
        return [(row.who, row.before_json, row.after_json) for row in rows]

    wanted = [("liu", '{"paused": false}', '{"paused": true}')]
    assert wanted == now_or_never(database.read(logged))
