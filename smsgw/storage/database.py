"""
The database: one writer, some readers, each in its own threads.

Query functions take a connection; beginning and ending transactions is done
here alone. This is the only crossing into threads.
"""

import sqlite3
import sys
from collections.abc import Awaitable, Callable
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

import attrs
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.pool import QueuePool
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorFromThreads
from twisted.internet.threads import deferToThreadPool
from twisted.python.threadpool import ThreadPool

from smsgw.errors import Unavailable
from smsgw.storage.migrations import migrate

__all__ = ["Database", "Direct", "Runner", "Threads", "Unfit", "make_engine"]

P = ParamSpec("P")
T = TypeVar("T")
_BUSY_MS = 10_000
_UNFIT = (IntegrityError, DataError)
_READERS = 3
#: A thread that works on rows lets the reactor in after so many seconds: with the usual
#: five milliseconds each of its calls to the system would wait as long.
_TURN = 0.0005
#: A server that is gone without a word is found out, by libpq's own means.
_WATCH = {
    "connect_timeout": 10,
    "keepalives_idle": 20,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 40_000,
}


class Unfit(Unavailable):
    """
    The database does not take these rows, however often they are offered.
    """


class Runner(Protocol):
    """
    Where blocking calls run: C{write} one after another, C{read} beside them.
    """

    def write(self, call: Callable[[], T]) -> Awaitable[T]: ...
    def read(self, call: Callable[[], T]) -> Awaitable[T]: ...
    def close(self) -> None: ...


class Direct:
    """
    Runs calls at once, in the caller's thread: for tests and commands.
    """

    async def write(self, call: Callable[[], T]) -> T:
        return call()

    async def read(self, call: Callable[[], T]) -> T:
        return call()

    def close(self) -> None:
        """
        Nothing to close.
        """


@attrs.define(eq=False)
class Threads:
    """
    A thread that writes and a few that read.
    """

    _reactor: IReactorFromThreads
    _writer: ThreadPool = attrs.field(init=False)
    _readers: ThreadPool = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        sys.setswitchinterval(_TURN)
        self._writer = ThreadPool(0, 1, "record-writer")
        self._readers = ThreadPool(0, _READERS, "record-reader")
        self._writer.start()
        self._readers.start()

    def write(self, call: Callable[[], T]) -> "Deferred[T]":
        return deferToThreadPool(self._reactor, self._writer, call)

    def read(self, call: Callable[[], T]) -> "Deferred[T]":
        return deferToThreadPool(self._reactor, self._readers, call)

    def close(self) -> None:
        """
        Wait for what runs, then end the threads.
        """
        self._writer.stop()
        self._readers.stop()


def make_engine(url: str) -> Engine:
    """
    An engine; on SQLite with WAL, full sync and transactions that really begin.
    """
    address, watch = make_url(url), {}
    if address.get_backend_name() == "postgresql":
        watch = {name: _WATCH[name] for name in _WATCH if name not in address.query}
    engine = create_engine(
        address,
        poolclass=QueuePool,
        pool_size=_READERS + 1,
        pool_pre_ping=True,
        connect_args=watch,
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _prepare_postgres)
    return engine


def _prepare_postgres(connection: Any, _record: object) -> None:
    """
    Plans are for the values at hand: only with them are partitions left out, and
    those left out are not even locked. Servers without this setting are as they are.
    """
    cursor = connection.cursor()
    cursor.execute(
        "SELECT set_config(name, 'force_custom_plan', false) FROM pg_settings"
        " WHERE name = 'plan_cache_mode'"
    )
    cursor.close()
    connection.commit()


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={_BUSY_MS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-65536",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@attrs.define(eq=False)
class Database:
    """
    Runs query functions in transactions; errors come out as L{Unavailable}.
    """

    engine: Engine
    _runner: Runner = attrs.field(factory=Direct)

    @classmethod
    def open(cls, url: str, reactor: Any = None) -> "Database":
        """
        Over threads of its own when there is a reactor, else in this one.
        """
        return cls(make_engine(url), Direct() if reactor is None else Threads(reactor))

    async def prepare(self) -> None:
        """
        Bring the tables to this release's newest step.
        """
        await self._runner.write(lambda: _guarded(migrate, self.engine))

    async def write(
        self,
        query: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """
        Run C{query(connection, ...)} in one transaction: kept whole or not at all.
        """
        return await self._runner.write(
            lambda: _guarded(self._in_transaction, True, query, *args, **kwargs)
        )

    async def read(
        self,
        query: Callable[Concatenate[Connection, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> T:
        """
        Run C{query(connection, ...)} beside the writer, on one state of the record.
        """
        return await self._runner.read(
            lambda: _guarded(self._in_transaction, False, query, *args, **kwargs)
        )

    def _in_transaction(
        self, writes: bool, query: Callable[..., T], *args: Any, **kwargs: Any
    ) -> T:
        with self.engine.connect() as connection:
            connection.execution_options(writes=writes)
            with connection.begin():
                return query(connection, *args, **kwargs)

    def close(self) -> None:
        """
        Wait for what runs, then let go of every connection.
        """
        self._runner.close()
        self.engine.dispose()


def _guarded(call: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """
    A call whose database errors are ours; parameters are never shown, nor values
    that a server adds in further lines.
    """
    try:
        return call(*args, **kwargs)
    except DBAPIError as error:
        kind = Unfit if isinstance(error, _UNFIT) else Unavailable
        words = str(error.orig).partition("\n")[0]
        raise kind(f"database: {type(error.orig).__name__}: {words}") from None
    except SQLAlchemyError as error:
        raise Unavailable(f"database: {type(error).__name__}") from error
