"""
What a message costs on a Valkey Cluster, by how many shards and nodes there are.
"""

import json
import sqlite3
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from smsgw.cli.proving.children import children
from smsgw.cli.proving.processes import Cost
from smsgw.cli.proving.source import Source, bearer
from smsgw.cli.stage import Stage
from smsgw.errors import Unavailable
from smsgw.sharding import shard_of
from tests.support.nodes import Gateways
from tests.support.valkey_cluster import valkey_cluster

__all__ = ["cluster"]

SHAPES = ((1, 1), (1, 3), (2, 2), (2, 4))
LOT = 500
TEXT = "您好，您预约的门诊时间为12月3日14:10，请提前15分钟候诊，序号{}号。"


def cluster(messages: int = 12_000) -> dict[str, Any]:
    """
    The same messages through each shape; the slope of the model is that no part's
    cost grows with shards and nodes.
    """
    shapes = [_shape(nodes, shards, messages) for nodes, shards in SHAPES]
    totals = [sum(shape["cpu_us_per_message"].values()) for shape in shapes]
    return {
        "figure": round(max(totals) / totals[0], 2),
        "unit": "times the CPU of one node and one shard, at most",
        "messages": messages,
        "cpu_us_per_message": shapes[0]["cpu_us_per_message"],
        "memory_mb": {},
        "shapes": shapes,
    }


def _accounts(shards: int) -> tuple[str, ...]:
    """
    Two for each shard.
    """
    wanted = [n % shards for n in range(2 * shards)]
    found: list[str] = []
    number = 0
    while wanted:
        name = f"b{number}"
        number += 1
        if shard_of(name, shards) in wanted:
            wanted.remove(shard_of(name, shards))
            found.append(name)
    return tuple(found)


def _shape(nodes: int, shards: int, messages: int) -> dict[str, Any]:
    names, accounts = ("one", "two")[:nodes], _accounts(shards)
    with ExitStack() as stack:
        servers = stack.enter_context(valkey_cluster(3, "always"))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stage = Stage(folder / "stage", Path("etc"), usual=False)
        made = Gateways(stage, servers, names, shards, accounts)
        made.build(connections=4)
        stack.callback(made.stop)
        stage.start_carrier()
        for name in names:
            made.start(name)
        _until(lambda: made.settled(), 60)
        pids = {"simulator": stage.processes["simulator"].pid}
        for name, node in made.nodes.items():
            pids[f"gateway {name}"] = node.pid
            for place, pid in enumerate(children(node.pid)):
                pids[f"recorder {name} {place}"] = pid
        for place, server in enumerate(servers.masters):
            pids[f"valkey {place}"] = server.pid
        cost, began = Cost.over(pids), time.monotonic()
        _load(made, accounts, messages)
        record = folder / "stage" / "record.sqlite"
        _until(lambda: _ended(record) >= messages, 180)
        seconds = time.monotonic() - began
        return {
            "nodes": nodes,
            "shards": shards,
            "messages_per_second": round(messages / seconds),
            "cpu_us_per_message": _grouped(cost.per_message(messages)),
        }


def _load(made: Gateways, accounts: tuple[str, ...], messages: int) -> None:
    each = messages // len(accounts)
    threads = [
        threading.Thread(target=_send, args=(made, place, account, each))
        for place, account in enumerate(accounts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _send(made: Gateways, place: int, account: str, each: int) -> None:
    head = bearer(made.key(account), "/v1/messages/batch")
    port = made.ports[made.names[place % len(made.names)]]
    for start in range(0, each, LOT):
        items = [
            {
                "to": f"139{place:02d}{n:06d}",
                "text": TEXT.format(place * each + n),
            }
            for n in range(start, min(start + LOT, each))
        ]
        body = json.dumps({"items": items}, ensure_ascii=False).encode()
        _insist(Source(port, head, [body], 1))


def _insist(source: Source) -> None:
    """
    As a business system does: what was not taken comes again.
    """
    for _ in range(100):
        try:
            source.once()
        except ConnectionError:
            time.sleep(0.2)
        else:
            return
    raise Unavailable("nothing is taken")


def _ended(record: Path) -> int:
    with sqlite3.connect(f"file:{record}?mode=ro", uri=True, timeout=10) as database:
        query = "SELECT count(*) FROM messages WHERE state = 'delivered'"
        return int(database.execute(query).fetchone()[0])


def _until(what: Any, seconds: float) -> None:
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            raise Unavailable("it took too long")
        time.sleep(0.25)


def _grouped(costs: dict[str, float]) -> dict[str, float]:
    """
    All processes of a kind together, without the simulated carrier.
    """
    found = {"gateway": 0.0, "recorder": 0.0, "valkey": 0.0}
    for name, microseconds in costs.items():
        kind = name.partition(" ")[0]
        if kind in found:
            found[kind] += microseconds
    return {kind: round(value, 1) for kind, value in found.items()}
