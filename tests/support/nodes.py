"""
Several gateways on one cluster and one record, for tests and benches.
"""

import hashlib
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import attrs

from smsgw.cli.proving.load import call
from smsgw.cli.stage import Stage
from tests.support.valkey_cluster import ValkeyCluster, free_ports

__all__ = ["Gateways"]

_SHARD = re.compile(r"shard (\d):? (is ours|given up|another node has it)")
CONFIG = """\
data_dir = "{name}"
node = "{name}"
shards = {shards}
[queue]
kind = "cluster"
nodes = {nodes}
replicas = {replicas}
[database]
url = "{record}"
[http]
listen = ["tcp:{http}:interface=127.0.0.1"]
[admin]
listen = ["tcp:{admin}:interface=127.0.0.1"]
"""

ACCOUNT = """
[[accounts]]
id = "{name}"
name = "{name}"
signature = "示范医院"
category = "notice"
"""
CREDENTIAL = """
[[credentials]]
app_id = "load-{name}"
account = "{name}"
bearer_hash = "{hashed}"
scopes = ["send", "query"]
"""


@attrs.define(eq=False)
class Gateways:
    """
    Gateways beside one simulated carrier; C{stage} has the objects, C{accounts} are
    who may send.
    """

    stage: Stage
    cluster: ValkeyCluster
    names: tuple[str, ...] = ("one", "two")
    shards: int = 3
    accounts: tuple[str, ...] = ("his", "lis")
    ports: dict[str, int] = attrs.field(factory=dict)
    nodes: dict[str, subprocess.Popen[bytes]] = attrs.field(factory=dict)

    def build(self, connections: int = 3) -> None:
        """
        Files of all nodes, and the objects in their common record; C{connections} are
        those of China Mobile's channel.
        """
        stage = self.stage
        stage.build()
        path = stage.folder / "objects.toml"
        text = path.read_text("utf-8").replace("most = 10\n", "most = 1000000\n")
        text = text.replace("connections = 2", f"connections = {connections}", 1)
        for name in self.accounts:
            hashed = hashlib.sha256(self.key(name).encode()).hexdigest()
            known = f'[[accounts]]\nid = "{name}"\n' in text
            text += "" if known else ACCOUNT.format(name=name)
            text += CREDENTIAL.format(name=name, hashed=hashed)
        path.write_text(text, "utf-8")
        ports = free_ports(2 * len(self.names))
        for name in self.names:
            self.ports[name] = ports.pop()
            config = CONFIG.format(
                name=name,
                shards=self.shards,
                nodes=self.cluster.nodes,
                replicas=min(1, len(self.cluster.replicas)),
                record=f"sqlite:///{stage.folder / 'record.sqlite'}",
                http=self.ports[name],
                admin=ports.pop(),
            )
            self.config(name).write_text(config, "utf-8")
        stage.command("apply", "-c", str(self.config(self.names[0])), str(path))

    def key(self, account: str) -> str:
        """
        What an account signs in with.
        """
        return f"{self.stage.key}-{account}"

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

    def settled(self) -> bool:
        """
        All shards are held, and each node has its part.
        """
        held = [self.ours(name) for name in self.names]
        most = -(-self.shards // len(self.names))
        together = sorted(one for some in held for one in some)
        fair = all(0 < len(some) <= most for some in held)
        return fair and together == list(range(self.shards))

    def ready(self, name: str) -> bool:
        """
        It answers and says that it is.
        """
        return self.get(name, "/v1/ready")[0] == 200

    def get(self, name: str, path: str, account: str = "his") -> tuple[int, Any]:
        """
        One question to a node.
        """
        key = self.key(account)
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
