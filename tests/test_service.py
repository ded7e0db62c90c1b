"""
Tests for L{smsgw.service}.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import attrs
import pytest
from twisted.application.service import Application
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock
from twisted.logger import ILogObserver, capturedLogs, formatEvent
from twisted.python.usage import UsageError
from twisted.trial.unittest import TestCase

from smsgw.cli.proving.load import call
from smsgw.cli.stage import Stage
from smsgw.errors import Unavailable
from smsgw.node import Node
from smsgw.queues.valkey_files import ValkeyFiles
from smsgw.service import GatewayService, Options, makeService
from smsgw.tasks import SystemClock

ETC = Path(__file__).parents[1] / "etc"
ENDED = ("delivered", "undelivered", "unknown")


def test_options() -> None:
    """
    The configuration's place may be given; other words are refused.
    """
    options = Options()
    assert "etc/smsgw.toml" == options["config"]
    options.parseOptions(["-c", "x.toml"])

    assert "x.toml" == options["config"]
    with pytest.raises(UsageError):
        Options().parseOptions(["--nonsense"])


def test_a_service_is_made(tmp_path: Path) -> None:
    """
    Making it opens nothing yet.
    """
    config = tmp_path / "smsgw.toml"
    config.write_text('data_dir = "data"\n', "utf-8")

    assert isinstance(makeService({"config": str(config)}), GatewayService)
    assert not (tmp_path / "data").exists()


def test_mistakes_end_it_in_words(tmp_path: Path) -> None:
    """
    All of them, instead of a traceback.
    """
    config = tmp_path / "smsgw.toml"
    config.write_text("shards = 0\nnod = 1\n", "utf-8")
    with pytest.raises(SystemExit) as ended:
        makeService({"config": str(config)})

    told = str(ended.value.code)
    assert str(config) in told
    assert "'nod'" in told
    assert "$.shards" in told
    assert "$.data_dir" in told


@attrs.define(eq=False)
class Stub:
    """
    A node that starts when it is told to.
    """

    started: "Deferred[None]" = attrs.field(factory=Deferred)
    ready: bool = True
    clock: Any = None
    doing: str = "queue"
    calls: list[str] = attrs.field(factory=list)

    async def start(self) -> None:
        """
        Wait for the test.
        """
        self.calls.append("start")
        try:
            await self.started
        finally:
            self.calls.append("started")

    async def stop(self) -> None:
        """
        At once.
        """
        self.calls.append("stop")


@attrs.define(eq=False)
class Process:
    """
    A reactor of which only the end is wanted.
    """

    clock: Clock = attrs.field(factory=Clock)
    stopped: int = 0

    def callLater(self, *words: Any) -> object:
        """
        On the test's clock.
        """
        return self.clock.callLater(*words)

    def stop(self) -> None:
        """
        The process would end now.
        """
        self.stopped += 1


def test_the_application_logs_as_the_settings_say(tmp_path: Path) -> None:
    """
    Into its folder; without one on standard output, if that is where twistd logs.
    """
    config = tmp_path / "smsgw.toml"
    for text, twistd, wanted in (
        ('[log]\ndir = "log"\n', {}, True),
        ("", {"nodaemon": 1, "logfile": None}, True),
        ("", {"nodaemon": 1, "logfile": "twistd.log"}, False),
        ("", {}, False),
    ):
        config.write_text('data_dir = "data"\n' + text, "utf-8")
        options = Options()
        options.parseOptions(["-c", str(config)])
        options.parent = twistd
        application = Application("smsgw")
        makeService(options).setServiceParent(application)

        assert wanted is (application.getComponent(ILogObserver) is not None)


class GatewayServiceTests(TestCase):
    """
    Start and stop with a node that does nothing.
    """

    def setUp(self) -> None:
        """
        A service of a node that the test starts.
        """
        self.node, self.process = Stub(), Process()
        self.left: list[int] = []
        self.service = GatewayService(
            self.node,  # type: ignore[arg-type]
            self.process,
            self.left.append,
        )

    async def test_signs_of_life(self) -> None:
        """
        Ready once it is, then alive as long as the node is, then stopping.
        """
        said: list[str] = []

        class Manager:
            """
            Notes what it is told.
            """

            each = 5.0
            ready = staticmethod(lambda: said.append("ready"))
            alive = staticmethod(lambda: said.append("alive"))
            stopping = staticmethod(lambda: said.append("stopping"))

        clock = Clock()
        self.node.clock = SystemClock(clock)
        manager: Any = Manager()
        service = GatewayService(
            cast(Node, self.node), self.process, lambda _: None, None, manager
        )
        service.startService()
        self.node.started.callback(None)
        clock.advance(5)
        self.node.ready = False
        clock.advance(5)
        clock.advance(5)
        self.assertEqual(["ready", "alive", "alive"], said)
        await service.stopService()
        self.assertEqual("stopping", said[-1])

    async def test_it_starts_and_stops_its_node(self) -> None:
        """
        Once each, in order.
        """
        self.service.startService()
        self.node.started.callback(None)
        await self.service.stopService()

        assert ["start", "started", "stop"] == self.node.calls
        assert not self.service.running

    async def test_a_start_that_fails_ends_the_process(self) -> None:
        """
        One line says why and what to do, and the status is not 0; the supervisor
        starts it again.
        """
        with capturedLogs() as events:
            self.service.startService()
            self.node.started.errback(Unavailable("no disk"))
        self.process.clock.advance(0)

        assert 1 == self.process.stopped
        assert [1] == self.left
        (line,) = map(formatEvent, events)
        assert "not started (queue): no disk; end the other gateway, or" in line
        await self.service.stopService()

    async def test_a_start_that_fails_by_a_mistake_of_ours(self) -> None:
        """
        Shows where, beside the line.
        """
        self.service.startService()
        self.node.started.errback(ZeroDivisionError("oh"))
        self.process.clock.advance(0)

        assert [1] == self.left
        assert 1 == len(self.flushLoggedErrors(ZeroDivisionError))
        await self.service.stopService()

    async def test_a_stop_while_it_starts(self) -> None:
        """
        The start is given up before the stop; nothing is logged as an error.
        """
        self.service.startService()
        await self.service.stopService()
        self.process.clock.advance(0)

        assert ["start", "started", "stop"] == self.node.calls
        assert 0 == self.process.stopped


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """
    A gateway of the test's own, without its carrier.
    """
    made = Stage(tmp_path / "stage", ETC, usual=False)
    made.build()
    made.command("apply", "-c", str(made.config), str(made.folder / "objects.toml"))
    try:
        yield made
    finally:
        made.stop()
        for pid in holders(made):
            os.kill(pid, signal.SIGKILL)


def holders(stage: Stage) -> list[int]:
    """
    The processes that hold the queue's data.
    """
    files = ValkeyFiles.prepare(stage.folder / "data")
    return files.holders() if files.server_lives() else []


def wait_for(what: Callable[[], Any], seconds: float = 30.0) -> Any:
    """
    Poll until it is true.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError, ValueError):
            if found := what():
                return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s")


def ask(stage: Stage, method: str, path: str, body: Any = None) -> Any:
    """
    One request; (status, JSON).
    """
    return call(stage.ports["http"], stage.key, method, path, body)


def end(stage: Stage) -> int:
    """
    SIGTERM to the gateway, and its status: twistd dies of the signal after all.
    """
    process = stage.processes.pop("gateway")
    process.terminate()
    try:
        return process.wait(30)
    finally:
        process.kill()


def start(stage: Stage) -> None:
    """
    The gateway, until it is ready.
    """
    stage.start_gateway()
    wait_for(lambda: ask(stage, "GET", "/v1/ready")[0] == 200)


@pytest.mark.real
def test_an_end_and_a_new_beginning(stage: Stage) -> None:
    """
    SIGTERM leaves no process behind; the next start finds the messages and sends
    them.
    """
    start(stage)
    body = {"to": ["13800138000", "13900139000"], "text": "您好", "category": "otp"}
    status, answer = ask(stage, "POST", "/v1/messages", body)
    ids = [item["id"] for item in answer["items"]]
    ended = end(stage)

    assert 202 == status
    assert -signal.SIGTERM == ended
    assert [] == holders(stage)
    log = (stage.folder / "gateway.log").read_text("utf-8")
    assert "Traceback" not in log, log[-3000:]
    assert "13800138000" not in log
    stage.start_carrier()
    start(stage)
    paths = [f"/v1/messages/{one}" for one in ids]
    states = wait_for(
        lambda: (
            all(ask(stage, "GET", path)[1].get("state") in ENDED for path in paths)
            and [ask(stage, "GET", path)[1]["state"] for path in paths]
        )
    )
    assert ["delivered", "delivered"] == states
    assert -signal.SIGTERM == end(stage)
    assert [] == holders(stage)


@pytest.mark.real
def test_a_start_without_the_database(stage: Stage) -> None:
    """
    The doors take messages and the carrier gets them; when the database is back the
    record catches up.
    """
    start(stage)
    end(stage)
    record, hidden = stage.folder / "data/record.sqlite", stage.folder / "hidden"
    record.rename(hidden)
    for more in ("-wal", "-shm"):
        record.with_name(record.name + more).unlink(missing_ok=True)
    record.mkdir()
    stage.start_carrier()
    start(stage)
    body = {"to": ["13800138000"], "text": "您好", "category": "otp"}
    status, answer = ask(stage, "POST", "/v1/messages", body)
    journal = stage.folder / "journal"
    wait_for(lambda: "13800138000" in journal.read_text("utf-8"))

    assert 202 == status
    log = (stage.folder / "gateway.log").read_text("utf-8")
    assert "starting with the directory kept in the queue store" in log
    record.rmdir()
    hidden.rename(record)
    path = f"/v1/messages/{answer['items'][0]['id']}"
    wait_for(lambda: ask(stage, "GET", path)[1].get("state") == "delivered", 60)
    wait_for(lambda: "is read again" in (stage.folder / "gateway.log").read_text())
    told = stage.command("balance", "--deep", "-c", str(stage.config))
    assert told.endswith("balanced 平衡\n")
    end(stage)
    assert "Traceback" not in (stage.folder / "gateway.log").read_text("utf-8")


@pytest.mark.real
def test_log_files(stage: Stage) -> None:
    """
    The gateway's and its recorder's lines are in the folder, not in the output.
    """
    with stage.config.open("a", encoding="utf-8") as config:
        config.write('\n[log]\ndir = "log"\nformat = "json"\n')
    start(stage)
    end(stage)

    assert "is ready" in (stage.folder / "log/smsgw.log").read_text("utf-8")
    assert "" == (stage.folder / "gateway.log").read_text("utf-8")
    for line in (stage.folder / "log/smsgw.log").read_text("utf-8").splitlines():
        assert {"time", "level", "from", "text"} == json.loads(line).keys()


@pytest.mark.real
def test_an_end_while_it_starts(stage: Stage) -> None:
    """
    SIGTERM at any moment of the start leaves no process behind, nor an error.
    """
    for moment in (0.6, 0.8, 1.0, 1.2):
        stage.start_gateway()
        time.sleep(moment)
        end(stage)
        assert [] == holders(stage)
    assert "Traceback" not in (stage.folder / "gateway.log").read_text("utf-8")


def run(stage: Stage) -> "subprocess.CompletedProcess[str]":
    """
    A gateway that ends by itself.
    """
    words = "from twisted.scripts.twistd import run; run()"
    command = ["-n", "--pidfile=", "smsgw", "-c", str(stage.config)]
    return subprocess.run(
        [sys.executable, "-c", words, *command],
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )


@pytest.mark.real
def test_starts_that_fail(stage: Stage) -> None:
    """
    No record, a queue that cannot be read, a taken port, a broken key: a line with
    what to do, no traceback, status 1, and no process left.
    """
    record, queue = stage.folder / "data/record.sqlite", stage.folder / "data/queue"
    hidden = record.rename(stage.folder / "hidden")
    record.mkdir()
    ended = run(stage)
    told = ended.stdout + ended.stderr
    assert 1 == ended.returncode
    assert "not started (record): database: OperationalError: unable to open" in told
    assert "; see [database]" in told
    assert "Traceback" not in told
    record.rmdir()
    hidden.rename(record)
    manifest = queue / "appendonlydir/appendonly.aof.manifest"
    kept = manifest.read_bytes()
    manifest.write_text("no manifest\n", "utf-8")
    ended = run(stage)
    told = ended.stdout + ended.stderr
    assert 1 == ended.returncode
    assert "not started (queue): the queue server ended: " in told
    assert "queue/valkey.log" in told
    assert "Traceback" not in told
    manifest.write_bytes(kept)
    with socket.create_server(("127.0.0.1", stage.ports["http"])):
        ended = run(stage)
    told = ended.stdout + ended.stderr

    assert 1 == ended.returncode, told[-2000:]
    assert "not started (doors): Couldn't listen on 127.0.0.1" in told
    assert "Traceback" not in told
    assert [] == holders(stage)
    (stage.folder / "data/fields.key").write_bytes(b"short")
    ended = run(stage)
    told = ended.stdout + ended.stderr
    assert 1 == ended.returncode
    assert "not started (keys): " in told
    assert "holds 5 octets" in told
    assert "; put the key file of" in told
    assert "Traceback" not in told


@pytest.mark.real
def test_a_second_gateway_is_refused(stage: Stage) -> None:
    """
    Two on one folder: the second ends with words, the first goes on.
    """
    start(stage)
    store = holders(stage)
    second = run(stage)

    assert 1 == second.returncode
    assert "is in use by another gateway" in second.stdout + second.stderr
    assert 200 == ask(stage, "GET", "/v1/ready")[0]
    assert store == holders(stage)
    end(stage)


def test_a_node_is_what_it_runs() -> None:
    """
    The stub of these tests has what the service calls.
    """
    for name in ("start", "stop"):
        assert callable(getattr(Node, name))
