"""
A gateway whose PostgreSQL stops, stands still, is slow or has no room goes on sending;
the record catches up exactly.
"""

import os
import shutil
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Event, Thread

import pytest

from smsgw.cli.proving.postgres_server import Server, postgres_server
from smsgw.cli.proving.rates import BATCH, drain, personal
from smsgw.cli.proving.source import Source, bearer
from smsgw.cli.proving.venue import Venue, opened, unrecorded
from smsgw.cli.stage import Stage
from smsgw.errors import Unavailable

pytestmark = pytest.mark.real
LOT = 500
Outage = Callable[[Server], AbstractContextManager[None]]


def until(true: Callable[[], bool]) -> None:
    """
    Wait for it, half a minute at most.
    """
    over = time.monotonic() + 30
    while not true():
        assert time.monotonic() < over
        time.sleep(0.1)


@contextmanager
def stopped(server: Server) -> Iterator[None]:
    """
    The server is dead for a while.
    """
    server.stop()
    try:
        yield
    finally:
        server.start()


@contextmanager
def standing(server: Server) -> Iterator[None]:
    """
    Nobody can read or write messages, though everybody may ask.
    """
    with server.connect() as connection, connection.transaction():
        connection.execute("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE")
        yield


@contextmanager
def slow(server: Server) -> Iterator[None]:
    """
    Each statement that writes messages takes seconds.
    """
    server.run(
        "CREATE FUNCTION tarry() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN PERFORM pg_sleep(2); RETURN NULL; END'"
    )
    server.run(
        "CREATE TRIGGER tarry BEFORE INSERT OR UPDATE ON messages"
        " FOR EACH STATEMENT EXECUTE FUNCTION tarry()"
    )
    try:
        yield
    finally:
        server.run("DROP FUNCTION tarry() CASCADE")


@contextmanager
def full(server: Server) -> Iterator[None]:
    """
    Its disk is, also with what it frees meanwhile; it may die of it.
    """
    assert server.disk is not None
    over = Event()
    filling = Thread(target=server.disk.fill, args=(60.0, over))
    filling.start()
    try:
        until(lambda: not shutil.disk_usage(server.folder).free)
        yield
        until(lambda: "No space left on device" in server.log())
    finally:
        over.set()
        filling.join()
        server.ensure()


def delivered(server: Server) -> int:
    """
    Messages of the record that arrived.
    """
    with server.connect() as connection:
        query = "SELECT count(*) FROM messages WHERE state = 'delivered'"
        return int((connection.execute(query).fetchone() or [0])[0])


def wait_for(server: Server, wanted: int) -> None:
    """
    Until the record has so many.
    """
    until = time.monotonic() + 60
    while (found := delivered(server)) < wanted:
        if time.monotonic() > until:
            raise Unavailable(f"{found} of {wanted} recorded")
        time.sleep(0.2)
    assert wanted == found


def send(stage: Stage, start: int) -> None:
    """
    A lot of messages is taken.
    """
    body = personal(LOT, start)
    source = Source(
        stage.ports["http"], bearer(stage.key, BATCH), [body], connections=1
    )
    source.once()
    assert [] == source.refused


def behind(stage: Stage) -> float:
    """
    By how many seconds, as the gateway tells those who watch it.
    """
    address = f"http://127.0.0.1:{stage.ports['http']}/metrics"
    with urllib.request.urlopen(address, timeout=10) as page:
        for line in page.read().decode().splitlines():
            if line.startswith("smsgw_record_behind_seconds"):
                return float(line.rpartition(" ")[2])
    raise AssertionError("nobody says how far behind the record is")


def test_sending_goes_on() -> None:
    """
    What is taken while the database is away has its receipts before it is back, and
    is in the record soon after, once. How far that is behind can be seen meanwhile.
    """
    with postgres_server(mebibytes=256) as server:
        more = f'\n[database]\nurl = "{server.url()}"\n'
        with opened(Venue(window=64, more=more)) as stage:
            send(stage, 0)
            assert LOT == drain(stage, LOT, patience=30)
            wait_for(server, LOT)
            sent = LOT
            outages: list[Outage] = [stopped, standing, slow]
            assert server.disk or os.geteuid()
            for outage in outages + [full] * (server.disk is not None):
                with outage(server):
                    for _ in range(3):
                        send(stage, sent)
                        sent += LOT
                    assert sent == drain(stage, sent, patience=30)
                    assert unrecorded(stage), outage.__name__
                    until(lambda: behind(stage) > 1.0)
                wait_for(server, sent)
            told = stage.command("balance", "-c", str(stage.config), "--wait", "30")
            assert "balanced" in told
