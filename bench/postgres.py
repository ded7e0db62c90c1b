"""
The record on a real PostgreSQL: what leaves in a second, what rows cost.

C{python -m bench.postgres} compares ways of writing many rows.
"""

import json
import os
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import attrs
from sqlalchemy import Connection, Engine
from sqlalchemy import text as sql

from bench.staging import ALL, asked_for, on, sealed
from smsgw.cli.proving.children import children
from smsgw.cli.proving.postgres_server import Server, postgres_server
from smsgw.cli.proving.processes import Cost
from smsgw.cli.proving.rates import sending
from smsgw.cli.proving.venue import Venue
from smsgw.errors import Unavailable
from smsgw.ids import IdSource
from smsgw.storage import bulk_portable, bulk_postgres, tables
from smsgw.storage.database import Database, make_engine
from smsgw.storage.recording import _INSERT, _UPDATE

__all__ = ["rows", "send_postgres"]

#: A server as it is used: what it says is written is on the disk.
OPTIONS = (
    "-c listen_addresses= -c max_connections=60 -c shared_buffers=256MB"
    " -c max_wal_size=4GB -c wal_compression=on"
)
LOT, LOTS = 500, 40
_TICK = os.sysconf("SC_CLK_TCK")
_PATIENCE = 120.0
_HISTORY = (
    '[[1790000000000,"answered","","cmcc",1,"","9000010001"],'
    '[1790000000210,"receipt","delivered","cmcc",1,"DELIVRD","9000010001"]]'
)
_TEXT = "您好，您预约的心内科门诊时间为12月3日14:10，请提前15分钟候诊。"


def send_postgres() -> dict[str, Any]:
    """
    Accept, submit, response, receipt, record on PostgreSQL, fields unprotected and
    protected; SMSGW_POSTGRES_MESSAGES (60000).
    """
    return {**_sent(), "sealed": sealed(_sent)}


def _sent() -> dict[str, Any]:
    messages = round(asked_for("POSTGRES_MESSAGES", 60_000))
    with postgres_server(OPTIONS) as server:
        more = f'\n[database]\nurl = "{server.url()}"\n'
        with on(Venue(connections=2, window=128, more=more)) as stage:
            engine = make_engine(server.url())
            cost, spent, began = Cost.of(stage), used(server), time.monotonic()
            found = sending(stage, ALL, messages)
            seconds = _recorded(engine, messages, began)
            engine.dispose()
            each = cost.per_message(messages)
            each["postgres"] = round((used(server) - spent) / messages * 1e6, 2)
    recorded = round(messages / seconds)
    return {
        **found,
        "figure": min(found["figure"], recorded),
        "ended_per_second": found["figure"],
        "recorded_per_second": recorded,
        "cpu_us_per_message": each,
    }


def _recorded(engine: Engine, messages: int, began: float) -> float:
    """
    Seconds until the record has the ends of all messages.
    """
    query = sql("SELECT sum(message_count) FROM tallies WHERE state <> 'accepted'")
    while time.monotonic() - began < _PATIENCE + messages / 500:
        with engine.connect() as connection:
            if int(connection.execute(query).scalar() or 0) >= messages:
                return time.monotonic() - began
        time.sleep(0.1)
    raise Unavailable("the record does not catch up")


def used(server: Server) -> float:
    """
    Seconds of CPU of all of a server's processes, also of those that ended.
    """
    first = int((server.folder / "data" / "postmaster.pid").read_text().split()[0])
    return _cpu(first, 15) + sum(_cpu(pid, 13) for pid in children(first))


def _cpu(pid: int, last: int) -> float:
    try:
        told = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return 0.0
    return sum(map(int, told.rpartition(")")[2].split()[11:last])) / _TICK


# Rows alone.


@attrs.frozen
class Way:
    """
    How rows are written, new and changed.
    """

    insert: Callable[..., None]
    update: Callable[..., None]


def _by_parameters(
    connection: Connection,
    table: Any,
    columns: tuple[str, ...],
    some: Sequence[Sequence[Any]],
    made: tuple[str, int],
) -> None:
    """
    INSERT ... SELECT unnest, the arrays written by the driver.
    """
    kinds = [bulk_postgres._kind(table, name) for name in columns]
    arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
    names = ", ".join(("created_by", "created_at", *columns))
    connection.exec_driver_sql(
        f"INSERT INTO {table.name} ({names})"
        f" SELECT %s, %s, fresh.* FROM unnest({arrays}) AS fresh",
        (*made, *(list(column) for column in zip(*some, strict=True))),
    )


WAYS = {
    "executemany": Way(bulk_portable.insert, bulk_portable.update),
    "copy, unnest": Way(bulk_postgres.insert, bulk_postgres.update),
    "insert by unnest": Way(bulk_postgres.replace, bulk_postgres.update),
    "insert by the driver's unnest": Way(_by_parameters, bulk_postgres.update),
}


def rows() -> dict[str, Any]:
    """
    Rows a second of each way, and microseconds of client and server for each row.
    """
    with postgres_server(OPTIONS) as server:
        database = Database.open(server.url())
        try:
            _now(database.prepare())
            return {name: _measured(database, server, WAYS[name]) for name in WAYS}
        finally:
            database.close()


def _measured(database: Database, server: Server, way: Way) -> dict[str, Any]:
    empty = "TRUNCATE messages"
    _now(database.write(lambda connection: connection.exec_driver_sql(empty)))
    ids, lots = IdSource(0), []
    for lot in range(LOTS):
        lots.append([_row(n, lot) for n in ids.take(LOT, 1_790_000_000.0 + lot)])
    moved = [[(row[0], *row[7:16], _HISTORY) for row in lot] for lot in lots]
    new = partial(way.insert, table=tables.messages, columns=_INSERT)
    changed = partial(way.update, table=tables.messages, columns=_UPDATE)
    return {
        "insert": _timed(database, server, new, lots),
        "update": _timed(database, server, changed, moved),
    }


def _timed(
    database: Database, server: Server, call: Any, lots: list[Any]
) -> dict[str, float]:
    count, made = LOT * LOTS, ("recorder", 7)
    began, here, there = time.perf_counter(), time.process_time(), used(server)
    for lot in lots:
        _now(database.write(_written, call, lot, made))
    seconds = time.perf_counter() - began
    return {
        "rows_per_second": round(count / seconds),
        "client_us": round((time.process_time() - here) / count * 1e6, 1),
        "server_us": round((used(server) - there) / count * 1e6, 1),
    }


def _written(connection: Connection, call: Any, lot: Any, made: Any) -> None:
    words = call.keywords
    call.func(connection, words["table"], words["columns"], lot, made)


def _row(name: str, lot: int) -> tuple[Any, ...]:
    number = f"139{hash((name, lot)) % 10**8:08d}".encode()
    index, text = f"{hash(name) % 16**16:032x}", b"\0" + _TEXT.encode()
    ms = 1_790_000_000_000
    return (
        name, name[:10] + "000", "his", "notice", "-", 1, ms, "delivered", 3, "cmcc",
        1, "DELIVRD", 0, 0, ms, ms, b"\0" + number, index, text, "-", _HISTORY,
    )  # fmt: skip


def _now(work: Any) -> Any:
    """
    The result of a coroutine that waits for nothing.
    """
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    raise RuntimeError("it waits")


if __name__ == "__main__":
    for way, found in rows().items():
        print(json.dumps({"way": way, **found}))
