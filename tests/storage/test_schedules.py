"""
How far schedules are is kept, and pauses are logged.
"""

from sqlalchemy import Connection, select

from smsgw.storage.database import Database
from smsgw.storage.schedules import (
    State,
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
    assert {"s": State(NOW + 60, True, 2, "missed")} == states(database)


def test_a_pause_before_the_first_look(database: Database) -> None:
    """
    It begins with now, paused; the log has both sides.
    """
    assert now_or_never(database.write(pause_schedule, "s", True, "liu", NOW))
    assert {"s": State(NOW, True)} == states(database)

    def logged(connection: Connection) -> list[tuple[str, str | None, str | None]]:
        rows = connection.execute(select(changes))
        return [(row.who, row.before_json, row.after_json) for row in rows]

    wanted = [("liu", '{"paused": false}', '{"paused": true}')]
    assert wanted == now_or_never(database.read(logged))
