"""
A master of the queue's cluster dies under load, and its replica takes over.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from smsgw.cli.stage import Stage
from tests.crash.test_nodes import Sender, compare, end, wait_for
from tests.support.nodes import Gateways
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
    What was accepted is with the replica, and so is what was sent: nothing is lost,
    and what is doubled is marked. Then the next master dies.
    """
    cluster = alone.cluster
    sender = Sender(alone, "his", "one")
    sender.start()
    for number in (0, 1):
        time.sleep(1.5)
        cluster.masters[number].kill()
        replica = cluster.replicas[number]
        wait_for(lambda replica=replica: cluster.leads(replica), 20, "taken over")
        cluster.masters[number].start()
    time.sleep(2.0)
    end([sender])
    compare(alone, [sender], "one")
    told = alone.stage.command("balance", "--deep", "-c", str(alone.config("one")))
    assert "balanced" in told
