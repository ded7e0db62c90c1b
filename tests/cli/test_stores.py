"""
Tests for L{smsgw.cli.stores}.
"""

import subprocess
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from shutil import rmtree
from typing import Any

import pytest
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.trial.unittest import TestCase

from smsgw.cli.stores import add_config, in_reactor, open_record, with_queue
from smsgw.config import load
from smsgw.errors import Unavailable
from smsgw.queues.embedded import EmbeddedValkey
from smsgw.storage.directory_store import load_directory
from tests.support.record import now_or_never

RUN = """
import sys
from smsgw.cli.stores import in_reactor
from smsgw.errors import Unavailable
from smsgw.tasks import sleep

async def work(reactor):
    await sleep(reactor, 0.01)
    if sys.argv[1] == "fail":
        raise Unavailable("as expected")
    return 7

try:
    print(in_reactor(work))
except Unavailable as error:
    print(error.detail)
"""


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A reactor that is not real: what is begun is run to its first wait.
    """

    def react(begin: Callable[[Any], "Deferred[None]"], _: object) -> None:
        begin(Clock())
        raise SystemExit(0)

    monkeypatch.setattr("smsgw.cli.stores.react", react)


def test_a_default_file() -> None:
    """
    C{-c} need not be given.
    """
    parser = ArgumentParser()
    add_config(parser)

    assert Path("etc/smsgw.toml") == parser.parse_args([]).config
    assert Path("x") == parser.parse_args(["-c", "x"]).config


@pytest.mark.usefixtures("ended")
def test_a_result_comes_out() -> None:
    """
    What the coroutine returns.
    """

    async def work(_: object) -> int:
        return 7

    assert 7 == in_reactor(work)


@pytest.mark.usefixtures("ended")
def test_an_error_comes_out() -> None:
    """
    As it was raised, for the command line to tell.
    """

    async def work(_: object) -> int:
        raise Unavailable("as expected")

    with pytest.raises(Unavailable, match="as expected"):
        in_reactor(work)


@pytest.mark.usefixtures("ended")
def test_a_reactor_that_was_ended() -> None:
    """
    Stopped before there is a result: as Ctrl-C.
    """

    async def work(_: object) -> None:
        await Deferred()

    with pytest.raises(KeyboardInterrupt):
        in_reactor(work)


@pytest.mark.real
@pytest.mark.parametrize(("what", "told"), [("run", "7\n"), ("fail", "as expected\n")])
def test_under_a_real_reactor(what: str, told: str) -> None:
    """
    The same, and nothing of a reactor's on the screen.
    """
    done = subprocess.run(
        [sys.executable, "-c", RUN, what], check=True, capture_output=True, text=True
    )

    assert (told, "") == (done.stdout, done.stderr)


def test_a_record_is_made(config: Path) -> None:
    """
    With its folder and its tables.
    """
    database = now_or_never(open_record(load(config)))
    try:
        assert 0 == now_or_never(database.read(load_directory)).version
    finally:
        database.close()
    assert 0o700 == (config.parent / "data").stat().st_mode & 0o777


def test_no_server_is_told(config: Path) -> None:
    """
    A gateway that does not run: words at once, no waiting.
    """
    with pytest.raises(Unavailable, match="not running"):
        now_or_never(with_queue(Clock(), config, lambda queue: queue.counts()))


@pytest.mark.real
class WithQueueTests(TestCase):
    """
    A gateway's private server of the test's own.
    """

    async def test_the_queue_of_a_running_gateway(self) -> None:
        """
        Its counts can be read beside the gateway, and the connection is closed.
        """
        folder = Path(tempfile.mkdtemp(prefix="smsgw-"))
        self.addCleanup(rmtree, folder)
        config = folder / "smsgw.toml"
        config.write_text('data_dir = "data"\n', "utf-8")
        server = EmbeddedValkey(folder / "data", reactor, reactor)
        await server.start()
        try:
            counts = await with_queue(reactor, config, lambda queue: queue.counts())
        finally:
            await server.stop()

        self.assertEqual({}, counts)
