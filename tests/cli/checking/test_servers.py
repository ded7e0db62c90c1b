"""
Tests for L{smsgw.cli.checking.servers}.
"""

from pathlib import Path
from typing import Any

import attrs
import pytest
from twisted.internet import reactor
from twisted.trial.unittest import TestCase

from smsgw.cli.checking.servers import ask_queue, ask_record, server_of
from smsgw.config import Database as DatabaseSettings
from smsgw.config import Queue, Settings
from smsgw.queues.redis import ReplyError
from smsgw.storage.database import Database
from tests.support.record import now_or_never
from tests.support.valkey import valkey_server

NOW = 1_790_000_000.0


@attrs.define(eq=False)
class Told:
    """
    A server of the test's: its answers by command; who is mute tells no settings.
    """

    mute: bool = False

    async def command(self, *args: Any) -> Any:
        """
        The answer.
        """
        match args[:2]:
            case ("TIME",):
                return [b"1790000002", b"500000"]
            case ("INFO",):
                return (
                    b"# Server\r\nredis_version:7.2.4\r\nvalkey_version:9.0.1\r\n"
                    b"used_memory:1048576\r\naof_last_write_status:err\r\n"
                    b"role:master\r\ncluster_enabled:1\r\n"
                )
            case ("CLUSTER", _):
                return b"cluster_state:fail\r\n"
        if self.mute:
            raise ReplyError("NOPERM", "no")
        return [b"appendonly", b"yes"]


def clock() -> Any:
    """
    Goes on by a second at each look.
    """
    return iter([NOW, NOW + 1.0]).__next__


def test_what_a_server_tells() -> None:
    """
    Version, settings, memory and clock, against the middle of the asking.
    """
    found: Any = now_or_never(server_of("a", Told(), clock()))  # type: ignore[arg-type]  # a part of it

    assert ("Valkey", "9.0.1", 2**20) == (found.kind, found.version, found.used)
    assert (("appendonly", "yes"),) == found.settings
    assert (2.0, 1.0) == (found.ahead, found.spread)
    assert ("err", "master", "fail") == (found.aof, found.role, found.cluster)


def test_a_server_that_hides_its_settings() -> None:
    """
    Is asked for everything else.
    """
    found: Any = now_or_never(server_of("a", Told(True), clock()))  # type: ignore[arg-type]  # a part of it
    assert () == found.settings
    assert "9.0.1" == found.version


def test_nothing_to_ask(tmp_path: Path) -> None:
    """
    A queue in memory, and a private server that does not run.
    """
    memory = Settings(tmp_path, queue=Queue("memory", durability="relaxed"))
    assert [] == now_or_never(ask_queue(memory, None, clock()))
    (idle,) = now_or_never(ask_queue(Settings(tmp_path), None, clock()))
    assert idle.idle
    assert [] == list(tmp_path.iterdir())


def test_a_missing_password(tmp_path: Path) -> None:
    """
    Is that server's trouble; its login is not told.
    """
    queue = Queue("redis", "redis://me:word@127.0.0.1:1", (), tmp_path / "none")
    (found,) = now_or_never(ask_queue(Settings(tmp_path, queue=queue), None, clock()))
    assert "redis://127.0.0.1:1" == found.name
    assert "secret not readable" in found.trouble


def test_records(tmp_path: Path) -> None:
    """
    Not there yet, there, and not to be opened.
    """
    settings = Settings(tmp_path)
    assert now_or_never(ask_record(settings, clock())).absent
    database = Database.open(settings.database_url)
    now_or_never(database.prepare())
    database.close()
    found = now_or_never(ask_record(settings, clock()))
    assert found.standing is not None
    assert "current" == found.standing.step

    url = f"sqlite:///{tmp_path}"
    broken = attrs.evolve(settings, database=DatabaseSettings(url))
    assert "unable to open" in now_or_never(ask_record(broken, clock())).trouble


def test_a_database_that_is_away(tmp_path: Path) -> None:
    """
    Nothing that could be a password is told.
    """
    url = "postgresql+psycopg://me:word@127.0.0.1:1/smsgw?password=word"
    settings = Settings(tmp_path, database=DatabaseSettings(url))
    found = now_or_never(ask_record(settings, clock()))

    assert "postgresql+psycopg://127.0.0.1:1/smsgw" == found.name
    assert found.trouble
    assert "word" not in f"{found}"


@pytest.mark.real
class RealServerTests(TestCase):
    """
    Servers of this class's own.
    """

    async def test_one_that_answers(self) -> None:
        """
        The private server, where it recorded its socket.
        """
        context = valkey_server()
        server = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        data = server.folder / "data"
        (data / "queue").mkdir(parents=True)
        (data / "queue" / "socket").write_text(server.socket, "utf-8")
        (found,) = await ask_queue(Settings(data), reactor, reactor.seconds)

        self.assertEqual("", found.trouble)
        self.assertEqual("Valkey", found.kind)
        self.assertEqual("always", dict(found.settings)["appendfsync"])
        self.assertLess(abs(found.ahead), 5.0)
