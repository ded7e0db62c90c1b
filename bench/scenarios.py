"""
The scenarios; each prints one JSON line.
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bench.cluster import cluster
from bench.rules import lay_down
from smsgw.cli.proving.processes import Cost
from smsgw.cli.proving.source import Source, bearer, signed
from smsgw.cli.proving.venue import PREFIXES, Venue, counts, numbers, opened
from smsgw.cli.stage import Stage
from smsgw.config import read_secret
from smsgw.errors import Unavailable

__all__ = ["SCENARIOS"]

WARM, RUN, RUNS = 2.0, 6.0, 5
TEXT = (
    "您好，您预约的心内科门诊时间为12月3日14:10，"
    "请提前15分钟到门诊楼3层候诊，序号{}号。"
)
ETC = Path("etc")


class _House:
    """
    Whether scenarios run with a full house of rules.
    """

    full = False


_house = _House()


def ruled(scenario: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """
    A scenario with the rules of L{bench.rules}.
    """
    _house.full = True
    try:
        return scenario()
    finally:
        _house.full = False


@contextmanager
def staged(
    carrier: bool,
    connections: int = 2,
    window: int = 16,
    mobile: str = "cmpp",
    sealed: bool = False,
) -> Iterator[Stage]:
    """
    A gateway on a folder of its own; without a carrier everything queues up.
    C{mobile} is the protocol of the first carrier.
    """
    venue = Venue(connections, window, mobile, sealed=sealed)
    rules = lay_down if _house.full else _nothing
    with opened(venue, carrier, ETC, rules) as stage:
        yield stage


def _nothing(_: Stage) -> None:
    pass


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _measure(
    stage: Stage, path: str, bodies: list[bytes], each: int, connections: int, key: bool
) -> dict[str, Any]:
    secret = read_secret(stage.folder / "his.secret")
    head = bearer(stage.key, path) if key else signed("his", secret, path)
    Source(stage.ports["http"], head, bodies, connections).run(WARM)
    rates, cost, messages = [], Cost.of(stage), 0
    p99 = []
    for _ in range(RUNS):
        source = Source(stage.ports["http"], head, bodies, connections)
        seconds = source.run(RUN / RUNS * 2)
        rates.append(source.answered * each / seconds)
        messages += source.answered * each
        p99.append(source.percentile(0.99))
        if source.refused:
            raise Unavailable(f"refused: {source.refused[0]!r}")
    return {
        "figure": round(sorted(rates)[len(rates) // 2]),
        "unit": "messages/s",
        "runs": [round(rate) for rate in rates],
        "p99_ms": sorted(p99)[len(p99) // 2],
        "cpu_us_per_message": cost.per_message(messages),
        "memory_mb": cost.memory(),
    }


def accept_batch() -> dict[str, Any]:
    """
    Personalised, 1,000 per request, 16 connections.
    """
    bodies = [
        _json(
            {
                "items": [
                    {"to": number, "text": TEXT.format(place)}
                    for place, number in enumerate(numbers(1000, 1000 * turn))
                ],
                "category": "appointment",
            }
        )
        for turn in range(16)
    ]
    with staged(carrier=False) as stage:
        return _measure(stage, "/v1/messages/batch", bodies, 1000, 16, True)


def accept_same() -> dict[str, Any]:
    """
    One text, 5,000 numbers per request.
    """
    bodies = [
        _json({"to": numbers(5000, 5000 * turn), "text": TEXT.format(turn)})
        for turn in range(8)
    ]
    with staged(carrier=False) as stage:
        return _measure(stage, "/v1/messages", bodies, 5000, 8, True)


def accept_single() -> dict[str, Any]:
    """
    One message per request, 64 connections, signed.
    """
    bodies = [
        _json({"to": [number], "text": TEXT.format(place)})
        for place, number in enumerate(numbers(1000))
    ]
    with staged(carrier=False) as stage:
        return _measure(stage, "/v1/messages", bodies, 1, 64, False)


def send(
    *protocols: str, messages: int = 60_000, connections: int = 4
) -> dict[str, Any]:
    """
    Accept, submit, response, receipt, record; a backlog drained to the end.
    """
    lot, mobile = 1000, "smpp" if "smpp" in protocols else "cmpp"
    with staged(True, connections, 128, mobile) as stage:
        head = bearer(stage.key, "/v1/messages/batch")
        cost, began = Cost.of(stage), time.monotonic()
        source = Source(stage.ports["http"], head, [], 1)
        for start in range(0, messages, lot):
            items = [
                {"to": number, "text": TEXT.format(start + n)}
                for n, number in enumerate(numbers(lot, start, protocols))
            ]
            source.bodies = [_json({"items": items, "category": "appointment"})]
            source.once()
        accepted = time.monotonic() - began
        while (ended := counts(stage).get("ended", 0)) < messages:
            time.sleep(0.25)
            if time.monotonic() - began > 300:
                break
        seconds = time.monotonic() - began
        return {
            "figure": round(ended / seconds),
            "unit": "messages/s",
            "messages": messages,
            "ended": ended,
            "accept_seconds": round(accepted, 2),
            "seconds": round(seconds, 2),
            "cpu_us_per_message": cost.per_message(messages),
            "memory_mb": cost.memory(),
        }


def restart(messages: int = 200_000) -> dict[str, Any]:
    """
    Queue so many without a carrier, restart, and see the first one leave.
    """
    with staged(carrier=False) as stage:
        head = bearer(stage.key, "/v1/messages")
        for start in range(0, messages, 10_000):
            body = _json({"to": numbers(10_000, start), "text": TEXT.format(start)})
            Source(stage.ports["http"], head, [body], 1).once()
        gateway = stage.processes["gateway"]
        gateway.terminate()
        gateway.wait(60)
        stage.start_carrier()
        time.sleep(2.0)
        began = time.monotonic()
        stage.start_gateway()
        journal = stage.folder / "journal"
        while not (journal.exists() and journal.stat().st_size):
            time.sleep(0.01)
            stage.check()
        first = time.monotonic() - began
        time.sleep(3.0)
        cost = Cost.of(stage)
        return {
            "figure": round(first, 2),
            "unit": "s to the first send",
            "messages": messages,
            "cpu_us_per_message": {},
            "memory_mb": cost.memory(),
        }


SCENARIOS: dict[str, Callable[[], dict[str, Any]]] = {
    "accept-batch": accept_batch,
    "accept-same": accept_same,
    "accept-single": accept_single,
    "send": partial(send, "cmpp", "sgip", "smgp", connections=2),
    **{f"send-{one}": partial(send, one) for one in PREFIXES},
    "restart": restart,
    "cluster": cluster,
}
SCENARIOS |= {
    f"{name}-rules": partial(ruled, SCENARIOS[name])
    for name in ("accept-batch", "accept-same", "accept-single", "send")
}
