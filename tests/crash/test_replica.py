"""
A master of the queue's cluster dies under load, and its replica takes over.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from smsgw.cli.stage import Stage
from smsgw.queues.cluster import slot_of
from tests.crash.test_nodes import Sender, compare, end, wait_for
from tests.support.nodes import Gateways
from tests.support.valkey import ask
from tests.support.valkey_cluster import valkey_cluster


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Gateways]:
    """
    One node with three shards over three masters with a replica each; what a replica
    does not have is not accepted.
    """
    with ExitStack() as stack:
        cluster = stack.enter_context(valkey_cluster(3, "always", 3))
        stage = Stage(tmp_path / "stage", Path("etc"), usual=False)
        made = Gateways(stage, cluster, names=("one",))
        made.build()
        stack.callback(made.stop)
        made.stage.start_carrier()
        made.start("one")
        wait_for(lambda: made.ready("one"), 60, "ready")
        yield made


@pytest.mark.real
def test_a_replica_takes_over(alone: Gateways) -> None:
    """
    It heard nothing of its master's last half second: what was written then was
    neither accepted nor sent. Nothing is lost, and what is doubled is marked. Then the
    replica dies in its turn.
    """
    cluster = alone.cluster
    number = cluster.home(slot_of("{s0}"))  # where the account's messages are
    master, other = cluster.masters[number], cluster.replicas[number]
    sender = Sender(alone, "his", "one")
    sender.start()
    for _ in range(2):
        time.sleep(1.5)
        other.pause()
        ask(master.socket, "CLIENT", "KILL", "TYPE", "REPLICA")
        time.sleep(0.4)
        master.kill()
        other.resume()
        wait_for(lambda heir=other: cluster.leads(heir), 20, "taken over")
        master.start()
        wait_for(lambda heir=master: cluster.follows(heir), 20, "following")
        master, other = other, master
    time.sleep(2.0)
    end([sender])
    compare(alone, [sender], "one")
    told = alone.stage.command("balance", "--deep", "-c", str(alone.config("one")))
    assert "balanced" in told
