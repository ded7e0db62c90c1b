"""
Two nodes on one cluster of three masters: one dies under load, the other takes over.
"""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from smsgw.cli.proving.load import Load
from smsgw.cli.stage import Stage
from smsgw.simulator.journal import digest
from tests.support.nodes import Gateways
from tests.support.valkey import ask
from tests.support.valkey_cluster import valkey_cluster

SIGNED = "【示范医院】"
ENDED = ("delivered", "undelivered", "unknown")
ACCOUNTS = ("his", "lis")  # of three shards the first and the second
TAKE_OVER = 10.0


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
def pair(tmp_path: Path) -> Iterator[Gateways]:
    """
    Both nodes and all they need, of this test's own.
    """
    with ExitStack() as stack:
        cluster = stack.enter_context(valkey_cluster(3, "always"))
        made = Gateways(Stage(tmp_path / "stage", Path("etc"), usual=False), cluster)
        made.build()
        stack.callback(made.stop)
        made.stage.start_carrier()
        made.start("one")
        made.start("two")
        for name in ("one", "two"):
            wait_for(lambda name=name: made.ready(name), 60, f"{name} ready")
        yield made


class Sender(Load):
    """
    A business system that knows both nodes and goes on at the other one.
    """

    def __init__(self, pair: Gateways, account: str, *names: str) -> None:
        super().__init__(pair.ports[names[0]], pair.key(account), 20)
        self.account = account
        self.words = f"{account} 验证码"
        self.others = [pair.ports[name] for name in names]

    def _send(self, texts: list[str]) -> None:
        self.others.append(self.others.pop(0))
        self.port = self.others[-1]
        super()._send(texts)


def recorded(pair: Gateways, name: str, sender: Sender) -> dict[str, Any]:
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


def compare(pair: Gateways, senders: list[Sender], name: str) -> None:
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


def noted(pair: Gateways) -> set[str]:
    """
    Nodes that told the queue store how their connections are.
    """
    masters = pair.cluster.masters
    told = [ask(one.socket, "HKEYS", "{s0}:board") for one in masters]
    return {word.decode() for answer in told for word in answer.split(b"\r\n")}


def begin(pair: Gateways) -> list[Sender]:
    """
    Shards on both nodes, and load on both for a while.
    """
    wait_for(pair.settled, 60, "shards on each node")
    wait_for(lambda: {"one", "two"} <= noted(pair), 10, "each tells of its lines")
    senders = [Sender(pair, account, "one", "two") for account in ACCOUNTS]
    for sender in senders:
        sender.start()
    time.sleep(3)
    return senders


def only(pair: Gateways, senders: list[Sender], *names: str) -> None:
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
def test_killed(pair: Gateways) -> None:
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
def test_stopped_and_woken_and_restarted(pair: Gateways) -> None:
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
    wait_for(lambda: pair.lines("one", "another node has it"), 30, "noticed")
    wait_for(pair.settled, 60, "shared again")
    for name, other in (("one", "two"), ("two", "one")):
        only(pair, senders, other)
        pair.nodes[name].terminate()
        pair.nodes[name].wait(60)
        wait_for(lambda other=other: len(pair.ours(other)) == 3, 30, "handed over")
        pair.start(name)
        wait_for(lambda name=name: pair.ready(name), 60, f"{name} ready")
        only(pair, senders, "one", "two")
        wait_for(pair.settled, 60, "shared again")
    end(senders)
    compare(pair, senders, "two")
    told = pair.stage.command("balance", "--deep", "-c", str(pair.config("one")))
    assert "balanced" in told
