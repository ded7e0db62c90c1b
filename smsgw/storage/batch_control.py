"""
Batches as their callers watch and steer them: how far, paused, going on, canceled.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, func, insert, select, update

from smsgw.errors import Refused
from smsgw.ids import id_range_of
from smsgw.storage.database import Database
from smsgw.storage.journal import log_change
from smsgw.storage.line import millis_of
from smsgw.storage.lists import Hand, next_version, version_of
from smsgw.storage.rule_tables import batch_stops
from smsgw.storage.tables import batches, messages
from smsgw.views import Progress

__all__ = ["StoreBatches", "stops_of", "stops_version"]

_NEWEST = 10_000


class StoreBatches:
    """
    L{smsgw.views.Batches} over the database.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def progress(self, account: str, batch: str) -> Progress | None:
        return await self._database.read(_progress, account, batch)

    async def steer(
        self, account: str, batch: str, state: str, who: str, now: float
    ) -> None:
        await self._database.write(_steer, account, batch, state, who, now)


def _progress(connection: Connection, account: str, batch: str) -> Progress | None:
    columns = messages.c
    owner = select(batches.c.account).where(batches.c.id == batch)
    if connection.execute(owner).scalar() != account:
        return None
    rows = connection.execute(
        select(columns.state, func.count(), func.sum(columns.segments))
        .where(columns.account == account, columns.batch_id == batch)
        .where(columns.id.between(*id_range_of(batch)))
        .group_by(columns.state)
    ).all()
    stop = select(batch_stops.c.state).where(batch_stops.c.id == batch)
    return Progress(
        batch,
        connection.execute(stop).scalar() or "running",
        {state: number for state, number, _ in rows},
        sum(int(parts or 0) for _, _, parts in rows),
    )


def _steer(
    connection: Connection, account: str, batch: str, state: str, who: str, now: float
) -> None:
    """
    Note what is wanted; what was canceled stays so.
    """
    before = _progress(connection, account, batch)
    if before is None:
        raise Refused(7404, batch[:64], "id")
    if before.state == "canceled" != state:
        raise Refused(7004, "canceled", "id")
    if before.state == state:
        return
    hand = Hand(who, millis_of(now))
    row = {"state": state, "seq": next_version(connection, batch_stops.name, hand)}
    done = connection.execute(
        update(batch_stops)
        .where(batch_stops.c.id == batch)
        .values(row | hand.touched())
    )
    if not done.rowcount:
        new = {"id": batch, "account": account, "at_ms": hand.at}
        connection.execute(insert(batch_stops).values(new | row | hand.made()))
    change = ({"state": before.state}, {"state": state})
    log_change(connection, batch_stops.name, batch, *change, who, hand.at)


def stops_of(connection: Connection) -> tuple[Mapping[str, str], int]:
    """
    The newest batches that are paused or canceled, and the list's version.
    """
    version = version_of(connection, batch_stops.name)
    columns = batch_stops.c
    rows = connection.execute(
        select(columns.id, columns.state)
        .where(columns.state != "running")
        .order_by(columns.seq.desc())
        .limit(_NEWEST)
    )
    return {row.id: row.state for row in rows}, version


def stops_version(connection: Connection) -> int:
    """
    It grows with each word about a batch.
    """
    return version_of(connection, batch_stops.name)
