"""
A gateway whose PostgreSQL stops, or stands still, goes on sending; the record catches
up exactly.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy import create_engine, text

from smsgw.cli.proving.postgres_server import Server, postgres_server
from smsgw.cli.proving.rates import BATCH, drain, personal
from smsgw.cli.proving.source import Source, bearer
from smsgw.cli.proving.venue import Venue, opened
from smsgw.cli.stage import Stage
from smsgw.errors import Unavailable

pytestmark = pytest.mark.real
LOT = 500
Outage = Callable[[Server], AbstractContextManager[None]]


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
    engine = create_engine(server.url())
    with engine.connect() as connection, connection.begin():
        connection.execute(text("LOCK TABLE messages IN ACCESS EXCLUSIVE MODE"))
        yield
    engine.dispose()


def delivered(server: Server) -> int:
    """
    Messages of the record that arrived.
    """
    engine = create_engine(server.url())
    try:
        with engine.connect() as connection:
            query = "SELECT count(*) FROM messages WHERE state = 'delivered'"
            return int(connection.execute(text(query)).scalar() or 0)
    finally:
        engine.dispose()


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


@pytest.mark.parametrize("outage", [stopped, standing])
def test_sending_goes_on(outage: Outage) -> None:
    """
    What is taken while the database is away has its receipts before it is back, and
    is in the record soon after, once.
    """
    with postgres_server() as server:
        more = f'\n[database]\nurl = "{server.url()}"\n'
        with opened(Venue(window=64, more=more)) as stage:
            send(stage, 0)
            assert LOT == drain(stage, LOT, patience=30)
            wait_for(server, LOT)
            with outage(server):
                for lot in (1, 2, 3):
                    send(stage, lot * LOT)
                assert 4 * LOT == drain(stage, 4 * LOT, patience=30)
            wait_for(server, 4 * LOT)
            told = stage.command("balance", "-c", str(stage.config), "--wait", "30")
            assert "balanced" in told
