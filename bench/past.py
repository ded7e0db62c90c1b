"""
A long record made up in bulk: how soon the console finds a number, or has the report
of a month.
"""

import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import closing, suppress
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, get_args

import attrs

from bench.staging import asked_for
from smsgw.cli.proving.delays import percentile
from smsgw.ids import IdSource
from smsgw.security.fields import Fields
from smsgw.storage.database import Database
from smsgw.storage.finding import Wanted, failures, find_messages
from smsgw.storage.tallies import Dimension, sums_by, sums_over_time

__all__ = ["Past", "history", "made"]

DAYS, BLOCK, EACH, SEARCHES = 30, 200, 10, 300
HOUR_MS = 3_600_000
KEY = bytes(range(32))
_ACCOUNTS = tuple(f"b{n:02d}" for n in range(12))
_CATEGORIES = ("otp", "appointment", "report", "notice", "medication", "bulk")
_CHANNELS = (("cmcc", "mobile"), ("cucc", "unicom"), ("ctcc", "telecom"))
_TEXT = (
    b"\0" + "您好，您预约的心内科门诊时间为12月3日14:10，请提前15分钟候诊。".encode()
)
_HISTORY = '[["submitted",21,"cmcc"],["delivered",2210,"DELIVRD"]]'
_COLUMNS = (
    "id, batch_id, account, category, state, state_rank, channel, segments, attempts,"
    " code, client_ref, phone_blob, phone_index, text_blob, signature, accepted_ms,"
    " submitted_ms, final_ms, history"
)
_TALLIES = (
    "hour_ms, account, department, channel, carrier, category, state, message_count,"
    " segment_count"
)
Row = tuple[Any, ...]


@attrs.define
class Past:
    """
    C{count} messages of the month before C{end}, ten to a number; the same in every
    run. C{tallies} are complete once all rows were taken.
    """

    count: int
    end: float
    fields: Fields = attrs.field(factory=lambda: Fields(key=KEY))
    indexes: list[str] = attrs.field(init=False)
    tallies: "Counter[Row]" = attrs.field(factory=Counter, init=False)

    def __attrs_post_init__(self) -> None:
        people = max(1, self.count // EACH)
        self.indexes = [self.fields.index("phone", number(n)) for n in range(people)]

    def rows(self) -> Iterator[Row]:
        """
        Of the table of messages, in the order of their ids.
        """
        chance, ids = Random(7), IdSource(7)
        begin, blocks = self.end - DAYS * 86_400 + 3600, -(-self.count // BLOCK)
        for block in range(blocks):
            at = begin + (self.end - 3600 - begin) * block / blocks
            many = min(BLOCK, self.count - block * BLOCK)
            account = _ACCOUNTS[chance.randrange(12)]
            yield from self._block(ids.take(many, at), at, account, chance)

    def _block(
        self, names: Any, at: float, account: str, chance: Random
    ) -> Iterator[Row]:
        category = _CATEGORIES[chance.randrange(6)]
        ms, people = int(at * 1000), len(self.indexes)
        for name in names:
            person = chance.randrange(people)
            channel, carrier = _CHANNELS[person % 3]
            fate = chance.random()
            state, rank, code = "delivered", 3, "DELIVRD"
            if fate > 0.97:
                state, rank, code = "undelivered", 2, "MK:0000"
            key = (ms - ms % HOUR_MS, account, account)
            self.tallies[(*key, "-", "-", category, "accepted")] += 1
            self.tallies[(*key, channel, carrier, category, state)] += 1
            yield (
                name, names[0], account, category, state, rank, channel, 1, 1,
                code, "-", b"\0" + number(person).encode(), self.indexes[person],
                _TEXT, "示范医院", ms, ms + 21, ms + 2210, _HISTORY,
            )  # fmt: skip


def number(person: int) -> str:
    """
    A made-up number.
    """
    return f"139{person:08d}"


def made(path: Path, past: Past, told: Callable[[int], None] = lambda _: None) -> None:
    """
    A record of this past: rows first, then their indexes, which is quicker.
    """
    database = Database.open(f"sqlite:///{path}")
    _at_once(database.prepare())
    database.close()
    with closing(sqlite3.connect(path, isolation_level=None)) as link:
        for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-500000"):
            link.execute(f"PRAGMA {pragma}")
        held = link.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index'"
            " AND tbl_name = 'messages' AND sql IS NOT NULL"
        ).fetchall()
        for name, _ in held:
            link.execute(f"DROP INDEX {name}")
        rows, done = past.rows(), 0
        while lot := list(islice(rows, 100_000)):
            link.execute("BEGIN")
            _insert(link, "messages", _COLUMNS, lot)
            link.execute("COMMIT")
            done += len(lot)
            told(done)
        for _, statement in held:
            link.execute(statement)
        link.execute("BEGIN")
        tallies = [(*key, many, many) for key, many in past.tallies.items()]
        _insert(link, "tallies", _TALLIES, tallies)
        link.execute("COMMIT")


def _at_once(work: Coroutine[Any, Any, None]) -> None:
    """
    A coroutine that waits for nothing.
    """
    with suppress(StopIteration):
        work.send(None)


def _insert(link: sqlite3.Connection, table: str, columns: str, rows: Any) -> None:
    marks = ", ".join("?" * (columns.count(",") + 1))
    link.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def history() -> dict[str, Any]:
    """
    10 million messages recorded (SMSGW_HISTORY_MESSAGES): p95 of a search by number,
    a month's report, by the console's own queries.
    """
    count = round(asked_for("HISTORY_MESSAGES", 10_000_000))
    past = Past(count, float(int(time.time())))
    with tempfile.TemporaryDirectory(prefix="smsgw-bench-") as folder:
        path, began = Path(folder) / "record.sqlite", time.monotonic()
        made(path, past, lambda done: print(f"\r{done:,}", end="", file=sys.stderr))
        seconds = time.monotonic() - began
        database = Database.open(f"sqlite:///{path}")
        try:
            found = _measured(database, past)
        finally:
            database.close()
        size = path.stat().st_size
    return {
        "figure": found["by_number"]["p95_ms"],
        "unit": "ms p95 of a search by number",
        "messages": count,
        "month_report_ms": found["month_report"]["p95_ms"],
        "queries": found,
        "filled_seconds": round(seconds, 1),
        "octets_per_message": round(size / count),
        "cpu_us_per_message": {},
        "memory_mb": {},
    }


def _measured(database: Database, past: Past) -> dict[str, Any]:
    chance, end = Random(11), past.end
    month = (end - DAYS * 86_400, end, None)
    account = Wanted(account=_ACCOUNTS[3])
    day = Wanted(since=end - 15 * 86_400, until=end - 14 * 86_400)

    def find(wanted: Wanted, scope: Any = None, before: str = "") -> float:
        return _timed(database, find_messages, wanted, scope, before, 50)

    def someone() -> Wanted:
        return Wanted(index=chance.choice(past.indexes))

    def report() -> float:
        lines = _timed(database, sums_by, "department", *month)
        return lines + _timed(database, sums_over_time, True, *month)

    asked: dict[str, Callable[[], float]] = {
        "by_number": lambda: find(someone()),
        "by_number_of_a_department": lambda: find(someone(), _ACCOUNTS[:2]),
        "by_number_unknown": lambda: find(Wanted(index="0" * 32)),
        "newest": lambda: find(Wanted()),
        "of_an_account": lambda: find(account),
        "of_a_day_two_weeks_ago": lambda: find(day),
        "month_report": report,
        **{
            f"month_by_{one}": partial(_timed, database, sums_by, one, *month)
            for one in get_args(Dimension)
        },
        "failures_of_a_day": lambda: _timed(database, failures, day, None),
    }
    return {
        name: _told([call() for _ in range(_times(name))])
        for name, call in asked.items()
    }


def _times(name: str) -> int:
    return SEARCHES if name.startswith("by_") else 20


def _timed(database: Database, query: Any, *words: Any) -> float:
    """
    Milliseconds of a query, as the console runs it.
    """
    with database.engine.connect() as connection, connection.begin():
        began = time.perf_counter()
        query(connection, *words)
        return (time.perf_counter() - began) * 1000


def _told(times: list[float]) -> dict[str, float]:
    return {
        "p50_ms": round(percentile(times, 0.5), 2),
        "p95_ms": round(percentile(times, 0.95), 2),
        "worst_ms": round(max(times), 2),
    }
