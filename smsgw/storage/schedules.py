"""
How far each schedule is: when it fired last, whether somebody paused it.
"""

import attrs
from sqlalchemy import Connection, insert, select, update

from smsgw.storage.columns import NONE, unnull
from smsgw.storage.journal import log_change
from smsgw.storage.line import millis_of
from smsgw.storage.lists import Hand
from smsgw.storage.rule_tables import schedule_states

__all__ = ["State", "note_schedule", "pause_schedule", "schedule_states_of"]


@attrs.frozen
class State:
    """
    C{last} is the time (epoch seconds) up to which it fired or was passed over;
    C{note} is what became of it then, C{missed} how often it was too late.
    """

    last: float
    paused: bool = False
    missed: int = 0
    note: str = ""


def schedule_states_of(connection: Connection) -> dict[str, State]:
    """
    By schedule.
    """
    return {
        row.id: State(
            row.last_ms / 1000, bool(row.paused), row.missed, unnull(row.note)
        )
        for row in connection.execute(select(schedule_states))
    }


def note_schedule(connection: Connection, name: str, state: State, now: float) -> None:
    """
    How far it is; a pause stays as it is.
    """
    hand = Hand("gateway", millis_of(now))
    row = {
        "last_ms": millis_of(state.last),
        "missed": state.missed,
        "note": state.note[:200] or NONE,
    }
    same = schedule_states.c.id == name
    done = connection.execute(
        update(schedule_states).where(same).values(row | hand.touched())
    )
    if not done.rowcount:
        connection.execute(
            insert(schedule_states).values({"id": name} | row | hand.made())
        )


def pause_schedule(
    connection: Connection, name: str, paused: bool, who: str, now: float
) -> bool:
    """
    Pause or resume it; whether that changed anything. What falls due while it is
    paused is passed over.
    """
    states = schedule_states_of(connection)
    before = states.get(name, State(now))
    if name in states and before.paused == paused:
        return False
    if name not in states:
        note_schedule(connection, name, before, now)
    hand = Hand(who, millis_of(now))
    connection.execute(
        update(schedule_states)
        .where(schedule_states.c.id == name)
        .values({"paused": int(paused)} | hand.touched())
    )
    change = ({"paused": before.paused}, {"paused": paused})
    log_change(connection, schedule_states.name, name, *change, who, hand.at)
    return True
