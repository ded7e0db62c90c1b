"""
A throw-away Valkey Cluster on loopback, for tests and benches.
"""

import contextlib
import shutil
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

from tests.support.valkey import ValkeyServer, ask

__all__ = ["ValkeyCluster", "free_ports", "valkey_cluster"]

SLOTS = 16_384


@attrs.define(eq=False)
class ValkeyCluster:
    """
    Masters that share the slots evenly; each may be killed and started again. The
    first of them have a replica each, as many as there are.
    """

    masters: list[ValkeyServer]
    ports: list[int]
    buses: list[int]
    replicas: list[ValkeyServer] = attrs.field(factory=list)

    @property
    def places(self) -> list[tuple[str, int]]:
        """
        Where its masters listen.
        """
        return [("127.0.0.1", port) for port in self.ports[: len(self.masters)]]

    @property
    def nodes(self) -> list[str]:
        """
        The same as the settings name them.
        """
        return [f"redis://{host}:{port}" for host, port in self.places]

    def home(self, slot: int) -> int:
        """
        Which master has a slot at first.
        """
        return min(slot * len(self.masters) // SLOTS, len(self.masters) - 1)

    def empty(self) -> None:
        """
        Forget all keys.
        """
        for server in self.masters:
            ask(server.socket, "FLUSHALL")

    def name_of(self, number: int) -> str:
        """
        A master's name in the cluster.
        """
        return _text(ask(self.masters[number].socket, "CLUSTER", "MYID"))

    def form(self) -> None:
        """
        Make one cluster of servers that have just started.
        """
        count = len(self.masters)
        bounds = [-(-SLOTS * n // count) for n in range(count + 1)]
        for number, server in enumerate(self.masters):
            first, last = str(bounds[number]), str(bounds[number + 1] - 1)
            ask(server.socket, "CLUSTER", "ADDSLOTSRANGE", first, last)
            ask(server.socket, "CLUSTER", "SET-CONFIG-EPOCH", str(number + 1))
        for port, bus in zip(self.ports[1:], self.buses[1:], strict=True):
            place = ("127.0.0.1", str(port), str(bus))
            ask(self.masters[0].socket, "CLUSTER", "MEET", *place)
        everybody = self.masters + self.replicas
        self.wait(lambda: all(self._sees_all(one) for one in everybody))
        for number, server in enumerate(self.replicas):
            ask(server.socket, "CLUSTER", "REPLICATE", self.name_of(number))
        self.wait(lambda: all(self.follows(one) for one in self.replicas))

    def follows(self, server: ValkeyServer) -> bool:
        """
        Whether a server is a replica that has what its master has.
        """
        return b"master_link_status:up" in ask(server.socket, "INFO", "replication")

    def leads(self, server: ValkeyServer) -> bool:
        """
        Whether a server is a master now.
        """
        return b"role:master" in ask(server.socket, "INFO", "replication")

    def _sees_all(self, server: ValkeyServer) -> bool:
        told = ask(server.socket, "CLUSTER", "INFO")
        known = b"cluster_known_nodes:%d\r" % len(self.ports)
        return b"cluster_state:ok" in told and known in told

    def wait(self, seen: Callable[[], bool]) -> None:
        """
        Until something is so, a while.
        """
        for _ in range(500):
            if seen():
                return
            time.sleep(0.02)
        raise RuntimeError("the cluster did not settle")

    def move(self, slot: int, target: int) -> None:
        """
        Give an empty slot to another master; all learn of it at once.
        """
        name = self.name_of(target)
        for server in (self.masters[target], *self.masters):
            ask(server.socket, "CLUSTER", "SETSLOT", str(slot), "NODE", name)

    def begin_move(self, slot: int, source: int, target: int) -> None:
        """
        The slot is under way: what is not at its source any more gets ASK.
        """
        here, there = self.masters[source].socket, self.masters[target].socket
        words = ("CLUSTER", "SETSLOT", str(slot))
        ask(there, *words, "IMPORTING", self.name_of(source))
        ask(here, *words, "MIGRATING", self.name_of(target))

    def carry(self, slot: int, source: int, target: int) -> int:
        """
        Carry the keys of a slot that is under way, and end it; how many there were.
        """
        here, moved = self.masters[source].socket, 0
        while keys := _words(ask(here, "CLUSTER", "GETKEYSINSLOT", str(slot), "100")):
            place = ("127.0.0.1", str(self.ports[target]))
            ask(here, "MIGRATE", *place, "", "0", "5000", "KEYS", *keys)
            moved += len(keys)
        self.move(slot, target)
        return moved


def _text(reply: bytes) -> str:
    return reply.split(b"\r\n")[1].decode()


def _words(reply: bytes) -> list[str]:
    return [word.decode() for word in reply.split(b"\r\n")[2::2]]


def free_ports(count: int) -> list[int]:
    """
    Ports of loopback that nobody listens at just now.
    """
    with contextlib.ExitStack() as stack:
        plugs = [stack.enter_context(socket.socket()) for _ in range(count)]
        for plug in plugs:
            plug.bind(("127.0.0.1", 0))
        return [plug.getsockname()[1] for plug in plugs]


@contextlib.contextmanager
def valkey_cluster(
    count: int = 3, fsync: str = "no", replicas: int = 0
) -> Iterator[ValkeyCluster]:
    """
    A running cluster in a folder of its own; both are gone afterwards.
    """
    folder, every = Path(tempfile.mkdtemp(prefix="vc-")), count + replicas
    ports = free_ports(2 * every)
    servers = []
    for number in range(every):
        (folder / str(number)).mkdir()
        settings = (
            f"--port {ports[number]} --bind 127.0.0.1 --cluster-enabled yes"
            f" --cluster-port {ports[every + number]} --cluster-node-timeout 1000"
            " --cluster-require-full-coverage no --cluster-config-file nodes.conf"
        )
        place = folder / str(number)
        servers.append(ValkeyServer(place, fsync, tuple(settings.split())))
    masters, others = servers[:count], servers[count:]
    cluster = ValkeyCluster(masters, ports[:every], ports[every:], others)
    try:
        for server in servers:
            server.start()
        cluster.form()
        yield cluster
    finally:
        for server in servers:
            server.kill()
        shutil.rmtree(folder, ignore_errors=True)
