"""
What was told of a message: pushed, fetched, or not yet.
"""

from sqlalchemy import Connection, insert, update

from smsgw.storage.database import Database
from smsgw.storage.tables import account_events, webhook_states
from smsgw.storage.telling import tellings_of
from tests.support.record import IDS, chunk, ended, facts, now_or_never, record, sent


def deliver(connection: Connection) -> None:
    """
    One webhook took everything, another nothing; the account fetched it all.
    """
    connection.execute(insert(webhook_states).values(webhook_id="w1", seq=1000))
    connection.execute(update(account_events).values(acked_by="his", acked_ms=5000))


def test_told(database: Database) -> None:
    """
    Only its own events, in order.
    """
    record(
        database,
        chunk(IDS[:2]),
        facts(*sent(), *ended(), *sent(IDS[1]), *ended(IDS[1])),
    )
    told = now_or_never(database.read(tellings_of, IDS[0], ("w1", "w2")))
    assert ["message.submitted", "message.delivered"] == [one.kind for one in told]
    assert {((), 0.0)} == {(one.pushed, one.acked_at) for one in told}
    now_or_never(database.write(deliver))
    told = now_or_never(database.read(tellings_of, IDS[0], ("w1", "w2")))
    assert {(("w1",), "his", 5.0)} == {
        (one.pushed, one.acked_by, one.acked_at) for one in told
    }
    assert [] == now_or_never(database.read(tellings_of, IDS[5], ()))
