"""
Orders for channels are kept and logged; so is what was decided about them.
"""

from sqlalchemy import select

from smsgw.storage.channel_orders import (
    Decided,
    Order,
    channel_orders_of,
    decisions_of,
    note_decisions,
    order_channel,
)
from smsgw.storage.database import Database
from smsgw.storage.tables import changes
from tests.support.record import now_or_never

NOW = 1_800_000_000.0


def ordered(database: Database, state: str, why: str, who: str, at: float) -> bool:
    """
    An order for channel cm1.
    """
    return now_or_never(database.write(order_channel, "cm1", state, why, who, at))


def test_an_order_stands_until_the_next(database: Database) -> None:
    """
    The same once more changes nothing; each change is in the change log.
    """
    assert ordered(database, "paused", "contract ends", "liu", NOW)
    assert not ordered(database, "paused", "twice", "chen", NOW + 1)
    told = now_or_never(database.read(channel_orders_of))
    assert {"cm1": Order("paused", "contract ends", "liu", NOW)} == told
    assert ordered(database, "", "", "chen", NOW + 2)
    told = now_or_never(database.read(channel_orders_of))
    assert {"cm1": Order("", "", "chen", NOW + 2)} == told
    rows = now_or_never(
        database.read(
            lambda connection: connection.execute(
                select(changes.c.who, changes.c.row_id, changes.c.table_name)
            ).all()
        )
    )
    assert [("liu", "cm1", "channel_orders"), ("chen", "cm1", "channel_orders")] == rows


def test_some_orders_may_be_given_again(database: Database) -> None:
    """
    What was tripped comes back by itself, and what never had an order may have
    been tripped.
    """
    assert ordered(database, "", "back", "liu", NOW)
    assert ordered(database, "tripped", "odd", "liu", NOW)
    assert ordered(database, "tripped", "odd again", "liu", NOW + 60)


def test_decisions_are_written_once_and_read_newest_first(database: Database) -> None:
    """
    A second write of the same is of no effect; the very old ones go.
    """
    one = Decided(NOW, "cm1", "n1", "well", "tripped", "refuses all", "health")
    two = Decided(NOW + 15, "cm1", "n1", "tripped", "canary", "", "health")
    other = Decided(NOW + 9, "cu1", "n1", "well", "paused", "liu says so", "liu")
    for lines in ([one], [one, two], [other]):
        now_or_never(database.write(note_decisions, lines))
    assert [two, other, one] == now_or_never(database.read(decisions_of, [], 9))
    assert [two] == now_or_never(database.read(decisions_of, ["cm1"], 1))
    late = Decided(NOW + 401 * 86400, "cm1", "n1", "well", "paused", "", "liu")
    now_or_never(database.write(note_decisions, [late]))
    assert [late] == now_or_never(database.read(decisions_of, [], 9))
