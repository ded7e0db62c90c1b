"""
Two nodes on one cluster of three masters: one dies under load, the other takes over.
"""

import hashlib
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import attrs
import pytest

from smsgw.cli.stage import Stage
from smsgw.simulator.journal import digest
from tests.crash.load import Load, call
from tests.support.valkey_cluster import ValkeyCluster, free_ports, valkey_cluster

SIGNED = "【示范医院】"
ENDED = ("delivered", "undelivered", "unknown")
ACCOUNTS = ("his", "lis")  # of three shards the first and the second
TAKE_OVER = 10.0
_SHARD = re.compile(r"shard (\d):? (is ours|given up|another node has it)")
CONFIG = """\
data_dir = "{name}"
node = "{name}"
shards = 3
[queue]
kind = "cluster"
nodes = {nodes}
[database]
url = "{record}"
[http]
listen = ["tcp:{http}:interface=127.0.0.1"]
[admin]
listen = ["tcp:{admin}:interface=127.0.0.1"]
"""


@attrs.define(eq=False)
class Pair:
    """
    Two gateways beside one simulated carrier; C{stage} has the objects.
    """

    stage: Stage
    cluster: ValkeyCluster
    ports: dict[str, int] = attrs.field(factory=dict)
    nodes: dict[str, subprocess.Popen[bytes]] = attrs.field(factory=dict)

    def build(self) -> None:
        """
        Files of both nodes, and the objects in their common record.
        """
        stage = self.stage
        stage.build()
        path = stage.folder / "objects.toml"
        text = path.read_text("utf-8").replace("most = 10\n", "most = 1000000\n")
        text = text.replace("connections = 2", "connections = 3", 1)
        hashed = hashlib.sha256(self.keys["lis"].encode()).hexdigest()
        text = re.sub(r'(app_id = "lis"\n)', rf'\1bearer_hash = "{hashed}"\n', text)
        path.write_text(text, "utf-8")
        ports = free_ports(4)
        for name in ("one", "two"):
            self.ports[name] = ports.pop()
            config = CONFIG.format(
                name=name,
                nodes=self.cluster.nodes,
                record=f"sqlite:///{stage.folder / 'record.sqlite'}",
                http=self.ports[name],
                admin=ports.pop(),
            )
            self.config(name).write_text(config, "utf-8")
        stage.command("apply", "-c", str(self.config("one")), str(path))

    @property
    def keys(self) -> dict[str, str]:
        """
        What the accounts sign in with.
        """
        return {"his": self.stage.key, "lis": self.stage.key[::-1]}

    def config(self, name: str) -> Path:
        """
        A node's settings.
        """
        return self.stage.folder / f"{name}.toml"

    def start(self, name: str) -> None:
        """
        One of the nodes.
        """
        folder = self.stage.folder
        pidfile = folder / f"{name}.pid"
        pidfile.unlink(missing_ok=True)
        (folder / f"{name}.log").unlink(missing_ok=True)
        twistd = "from twisted.scripts.twistd import run; run()"
        words = ["-c", twistd, "-n", f"--pidfile={pidfile}", "smsgw"]
        with (folder / f"{name}.log").open("ab") as log:
            self.nodes[name] = subprocess.Popen(
                [sys.executable, *words, "-c", str(self.config(name))],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def lines(self, name: str, words: str) -> list[str]:
        """
        What a node's log says of something.
        """
        text = (self.stage.folder / f"{name}.log").read_text("utf-8")
        return [line for line in text.splitlines() if words in line]

    def ours(self, name: str) -> set[int]:
        """
        The shards that a node holds, by what its log said last of each.
        """
        held: set[int] = set()
        for line in self.lines(name, "shard "):
            told = _SHARD.search(line)
            if told is not None and told[2] == "is ours":
                held.add(int(told[1]))
            elif told is not None:
                held.discard(int(told[1]))
        return held

    def shared(self) -> bool:
        """
        All shards are held, and each node has some.
        """
        one, two = self.ours("one"), self.ours("two")
        return bool(one and two) and one ^ two == {0, 1, 2}

    def ready(self, name: str) -> bool:
        """
        It answers and says that it is.
        """
        return self.get(name, "/v1/ready")[0] == 200

    def get(self, name: str, path: str, account: str = "his") -> tuple[int, Any]:
        """
        One question to a node.
        """
        key = self.keys[account]
        try:
            found: tuple[int, Any] = call(self.ports[name], key, "GET", path)
        except (OSError, ValueError):
            return 0, None
        return found

    def stop(self) -> None:
        """
        End whatever runs.
        """
        for node in self.nodes.values():
            node.send_signal(signal.SIGCONT)
            node.terminate()
        for node in self.nodes.values():
            try:
                node.wait(20)
            except subprocess.TimeoutExpired:
                node.kill()
                node.wait()
        self.stage.stop()

    def journal(self) -> list[list[str]]:
        """
        What the carrier was given, in order.
        """
        lines = (self.stage.folder / "journal").read_text("utf-8").splitlines()
        return [line.split("\t") for line in lines]


def wait_for(what: Any, seconds: float, words: str) -> Any:
    """
    Poll until it is true.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = what()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {seconds} s: {words}")


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """
    Both nodes and all they need, of this test's own.
    """
    with ExitStack() as stack:
        cluster = stack.enter_context(valkey_cluster(3, "always"))
        made = Pair(Stage(tmp_path / "stage", Path("etc"), usual=False), cluster)
        made.build()
        stack.callback(made.stop)
        made.stage.start_carrier()
        made.start("one")
        made.start("two")
        for name in ("one", "two"):
            wait_for(lambda name=name: made.ready(name), 30, f"{name} ready")
        yield made


class Sender(Load):
    """
    A business system that knows both nodes and goes on at the other one.
    """

    def __init__(self, pair: Pair, account: str, *names: str) -> None:
        super().__init__(pair.ports[names[0]], pair.keys[account], 20)
        self.account = account
        self.words = f"{account} 验证码"
        self.others = [pair.ports[name] for name in names]

    def _send(self, texts: list[str]) -> None:
        self.others.append(self.others.pop(0))
        self.port = self.others[-1]
        super()._send(texts)


def recorded(pair: Pair, name: str, sender: Sender) -> dict[str, Any]:
    """
    All that a sender had accepted, by id, once all of it has ended; else nothing.
    """
    found: dict[str, Any] = {}
    cursor = ""
    while True:
        path = f"/v1/messages?limit=500&cursor={cursor}"
        status, page = pair.get(name, path, sender.account)
        if status != 200:
            return {}
        found |= {one["id"]: one for one in page["items"]}
        cursor = page["cursor"]
        if not cursor:
            break
    ended = all(one["state"] in ENDED for one in found.values())
    return found if ended and set(sender.accepted) <= set(found) else {}


def compare(pair: Pair, senders: list[Sender], name: str) -> None:
    """
    All that was accepted reached the carrier; what reached it twice is marked.
    """
    for sender in senders:
        what = f"all of {sender.account} ended"
        record = wait_for(lambda s=sender: recorded(pair, name, s), 60, what)
        given = Counter(row[5] for row in pair.journal())
        names = {
            message_id: digest((SIGNED + text).encode("utf-16-be"))
            for message_id, text in sender.accepted.items()
        }
        missing = [one for one, wanted in names.items() if not given[wanted]]
        silent = [
            one
            for one, wanted in names.items()
            if given[wanted] > 1 and not record[one].get("uncertain")
        ]
        assert [] == sender.refusals
        assert len(sender.accepted) > 100
        assert [] == missing
        assert [] == silent


def begin(pair: Pair) -> list[Sender]:
    """
    Shards on both nodes, and load on both for a while.
    """
    wait_for(pair.shared, 20, "shards on each node")
    senders = [Sender(pair, account, "one", "two") for account in ACCOUNTS]
    for sender in senders:
        sender.start()
    time.sleep(3)
    return senders


def only(pair: Pair, senders: list[Sender], *names: str) -> None:
    """
    Load goes to these nodes from now on.
    """
    for sender in senders:
        sender.others = [pair.ports[name] for name in names]
        sender.port = sender.others[0]


def end(senders: list[Sender]) -> None:
    """
    No more load.
    """
    for sender in senders:
        sender.ending.set()
    for sender in senders:
        sender.join(60)


@pytest.mark.real
def test_killed(pair: Pair) -> None:
    """
    Both nodes send, each its shards; one is killed, and what it held is sent by the
    other within ten seconds. Nothing is lost.
    """
    senders = begin(pair)
    pair.nodes["one"].kill()
    pair.nodes["one"].wait()
    only(pair, senders, "two")
    wait_for(lambda: pair.ours("two") == {0, 1, 2}, TAKE_OVER, "taken over")
    time.sleep(2)
    end(senders)
    compare(pair, senders, "two")


@pytest.mark.real
def test_stopped_and_woken_and_restarted(pair: Pair) -> None:
    """
    A node that was stopped in its tracks while another took over does not send when
    it wakes up; then each node is restarted in turn. Nothing is lost.
    """
    senders = begin(pair)
    pair.nodes["one"].send_signal(signal.SIGSTOP)
    only(pair, senders, "two")
    wait_for(lambda: pair.ours("two") == {0, 1, 2}, TAKE_OVER, "taken over")
    time.sleep(1)
    pair.nodes["one"].send_signal(signal.SIGCONT)
    wait_for(lambda: pair.lines("one", "another node has it"), 10, "noticed")
    wait_for(pair.shared, 20, "shared again")
    for name, other in (("one", "two"), ("two", "one")):
        only(pair, senders, other)
        pair.nodes[name].terminate()
        pair.nodes[name].wait(20)
        wait_for(lambda other=other: len(pair.ours(other)) == 3, 10, "handed over")
        pair.start(name)
        wait_for(lambda name=name: pair.ready(name), 30, f"{name} ready")
        only(pair, senders, "one", "two")
        wait_for(pair.shared, 20, "shared again")
    end(senders)
    compare(pair, senders, "two")
