"""
How far each schedule is: when it fired last, who paused it, who asks for it now.
"""

from typing import Any

import attrs
from sqlalchemy import Connection, insert, select, update

from smsgw.storage.columns import NONE, unnull
from smsgw.storage.journal import log_change
from smsgw.storage.line import millis_of
from smsgw.storage.lists import Hand
from smsgw.storage.rule_tables import schedule_states

__all__ = [
    "State",
    "ask_schedule",
    "note_asked",
    "note_schedule",
    "pause_schedule",
    "schedule_states_of",
]

_LONGEST = 200


@attrs.frozen
class State:
    """
    C{last} is the time (epoch seconds) up to which it fired or was passed over, by
    the expression C{cron}; C{fired} when it fired last, C{missed} how often it was
    too late, C{note} what became of it last.

    C{paused} is by C{paused_by}. C{asked}: somebody asked to fire it at that time.
    """

    last: float
    paused: bool = False
    missed: int = 0
    note: str = ""
    cron: str = ""
    fired: float = 0.0
    asked: float = 0.0
    paused_by: str = ""


def schedule_states_of(connection: Connection) -> dict[str, State]:
    """
    By schedule.
    """
    return {
        row.id: State(
            row.last_ms / 1000,
            bool(row.paused),
            row.missed,
            unnull(row.note),
            unnull(row.cron),
            row.fired_ms / 1000,
            row.asked_ms / 1000,
            unnull(row.paused_by),
        )
        for row in connection.execute(select(schedule_states))
    }


def note_schedule(connection: Connection, name: str, state: State, now: float) -> None:
    """
    How far it is; a pause and what is asked stay as they are, and so does what
    another node noted of a later time.
    """
    columns, hand = schedule_states.c, Hand("gateway", millis_of(now))
    row = {
        "last_ms": millis_of(state.last),
        "missed": state.missed,
        "note": state.note[:_LONGEST] or NONE,
        "cron": state.cron[:_LONGEST] or NONE,
        "fired_ms": millis_of(state.fired),
    }
    same = columns.id == name
    known = select(columns.last_ms).where(same)
    if connection.execute(known).first() is None:
        _add(connection, name, row, hand)
        return
    connection.execute(
        update(schedule_states)
        .where(same, columns.last_ms <= row["last_ms"])
        .values(row | hand.touched())
    )


def _add(connection: Connection, name: str, row: dict[str, Any], hand: Hand) -> None:
    connection.execute(insert(schedule_states).values({"id": name} | row | hand.made()))


def note_asked(connection: Connection, name: str, state: State, now: float) -> None:
    """
    What was asked in C{state} is done, with its note and time of firing; what was
    asked since is not.
    """
    columns, hand = schedule_states.c, Hand("gateway", millis_of(now))
    row = {
        "asked_ms": 0,
        "note": state.note[:_LONGEST] or NONE,
        "fired_ms": millis_of(state.fired),
    }
    connection.execute(
        update(schedule_states)
        .where(columns.id == name, columns.asked_ms == millis_of(state.asked))
        .values(row | hand.touched())
    )


def pause_schedule(
    connection: Connection, name: str, paused: bool, who: str, now: float
) -> bool:
    """
    Pause or resume it; whether that changed anything. What falls due while it is
    paused is passed over.
    """
    before = schedule_states_of(connection).get(name)
    if before is not None and before.paused == paused:
        return False
    row = {"paused": int(paused), "paused_by": who if paused else NONE}
    _change(connection, name, before, row, who, now)
    change = {"paused": bool(before and before.paused)}, {"paused": paused}
    log_change(connection, schedule_states.name, name, *change, who, millis_of(now))
    return True


def ask_schedule(connection: Connection, name: str, who: str, now: float) -> bool:
    """
    Ask to fire it now; false if that is asked already.
    """
    before = schedule_states_of(connection).get(name)
    if before is not None and before.asked:
        return False
    _change(connection, name, before, {"asked_ms": millis_of(now)}, who, now)
    change = {"asked": 0.0}, {"asked": now}
    log_change(connection, schedule_states.name, name, *change, who, millis_of(now))
    return True


def _change(
    connection: Connection,
    name: str,
    before: State | None,
    row: dict[str, Any],
    who: str,
    now: float,
) -> None:
    hand = Hand(who, millis_of(now))
    if before is None:
        _add(connection, name, {"last_ms": hand.at, **row}, hand)
        return
    connection.execute(
        update(schedule_states)
        .where(schedule_states.c.id == name)
        .values(row | hand.touched())
    )
