"""
The scenarios; each prints one JSON line.
"""

import json
import shutil
import socket
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from bench.cluster import cluster
from bench.processes import Cost
from bench.rules import lay_down
from bench.source import Source, bearer, signed
from smsgw.cli.stage import Stage
from smsgw.config import read_secret
from smsgw.errors import Unavailable
from smsgw.queues.valkey_files import ValkeyFiles

__all__ = ["SCENARIOS"]

WARM, RUN, RUNS = 2.0, 6.0, 5
TEXT = (
    "您好，您预约的心内科门诊时间为12月3日14:10，"
    "请提前15分钟到门诊楼3层候诊，序号{}号。"
)
_CARRIER = """\
[[carriers]]
name = "{name}"
protocol = "{protocol}"
listen = ["tcp:{port}:interface=127.0.0.1"]
deliver_window = 256
[carriers.latency]
response = 0.02
response_jitter = 0.01
receipt = 0.2
receipt_jitter = 0.1
[[carriers.accounts]]
login = "{login}"
secret_file = "{secret}.secret"
access = "{access}"
window = 256
connections = 10
"""
# What is accepted in a run stays queued: the usual mark is reached in 14 s.
_LIMITS = "\n[limits]\nqueue_messages = 50000000\n"
_SMPP = 'protocol = "smpp"\nversion = "3.4"'
_PREFIXES = {"cmpp": 139, "sgip": 186, "smgp": 189, "smpp": 139}


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
    carrier: bool, connections: int = 2, window: int = 16, mobile: str = "cmpp"
) -> Iterator[Stage]:
    """
    A gateway on a folder of its own; without a carrier everything queues up.
    C{mobile} is the protocol of the first carrier.
    """
    folder = Path(tempfile.mkdtemp(prefix="smsgw-bench-"))
    stage = Stage(folder / "stage", Path("etc"), usual=False)
    try:
        stage.build()
        _widen(stage, connections, window, mobile)
        with stage.config.open("a", encoding="utf-8") as settings:
            settings.write(_LIMITS)
        if carrier:
            stage.start_carrier()
        objects = str(stage.folder / "objects.toml")
        stage.command("apply", "-c", str(stage.config), objects)
        if _house.full:
            lay_down(stage)
        stage.start_gateway()
        _wait_ready(stage)
        yield stage
    finally:
        stage.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _widen(stage: Stage, connections: int, window: int, mobile: str) -> None:
    objects = stage.folder / "objects.toml"
    text = objects.read_text("utf-8")
    text = text.replace("connections = 2", f"connections = {connections}")
    if mobile == "smpp":
        text = text.replace('protocol = "cmpp"\nversion = "3.0"', _SMPP, 1)
        (stage.folder / "cmcc.secret").write_text("12345678\n", "utf-8")
    objects.write_text(text.replace("window = 16", f"window = {window}"), "utf-8")
    ports = stage.ports
    carriers = [
        ("mobile", mobile, ports["cmpp"], "900001", "cmcc", "10690000"),
        ("unicom", "sgip", ports["sgip"], "900002", "cucc", "10655000"),
        ("telecom", "smgp", ports["smgp"], "900003", "ctcc", "10659000"),
    ]
    names = ("name", "protocol", "port", "login", "secret", "access")
    text = f'control = ["tcp:{ports["control"]}:interface=127.0.0.1"]\n'
    for one in carriers:
        text += _CARRIER.format(**dict(zip(names, one, strict=True)))
        if one[1] == "sgip":
            back = f"tcp:127.0.0.1:{ports['back']}"
            text += f'report_mode = "reverse"\nreverse = ["{back}"]\n'
    (stage.folder / "simulator.toml").write_text(text, "utf-8")


def _get(port: int, path: str) -> Any:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as page:
        return json.loads(page.read())


def _wait_ready(stage: Stage) -> None:
    for _ in range(600):
        try:
            _get(stage.ports["http"], "/v1/ready")
        except OSError:
            stage.check()
            time.sleep(0.1)
        else:
            return
    raise Unavailable("the gateway is not ready")


def _numbers(
    count: int, start: int = 0, protocols: Sequence[str] = ("cmpp",)
) -> list[str]:
    """
    Made-up numbers, of the protocols' carriers in turn.
    """
    prefixes = [_PREFIXES[one] for one in protocols]
    return [
        f"{prefixes[n % len(prefixes)]}{(start + n) % 100_000_000:08d}"
        for n in range(count)
    ]


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
                    for place, number in enumerate(_numbers(1000, 1000 * turn))
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
        _json({"to": _numbers(5000, 5000 * turn), "text": TEXT.format(turn)})
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
        for place, number in enumerate(_numbers(1000))
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
                for n, number in enumerate(_numbers(lot, start, protocols))
            ]
            source.bodies = [_json({"items": items, "category": "appointment"})]
            source.once()
        accepted = time.monotonic() - began
        while (ended := _ended(stage)) < messages:
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
            body = _json({"to": _numbers(10_000, start), "text": TEXT.format(start)})
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


def _ended(stage: Stage) -> int:
    """
    Messages in a final state, from the queue's own counters.
    """
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(str(ValkeyFiles.prepare(stage.folder / "data").socket))
        link.sendall(b"HGETALL {s0}:counts\r\n")
        data = b""
        while not data.endswith(b"\r\n"):
            data += link.recv(65536)
    words = data.split(b"\r\n")
    places = [n for n, word in enumerate(words) if word.endswith(b"|ended")]
    return sum(int(words[n + 2]) for n in places)


SCENARIOS: dict[str, Callable[[], dict[str, Any]]] = {
    "accept-batch": accept_batch,
    "accept-same": accept_same,
    "accept-single": accept_single,
    "send": partial(send, "cmpp", "sgip", "smgp", connections=2),
    **{f"send-{one}": partial(send, one) for one in _PREFIXES},
    "restart": restart,
    "cluster": cluster,
}
SCENARIOS |= {
    f"{name}-rules": partial(ruled, SCENARIOS[name])
    for name in ("accept-batch", "accept-same", "accept-single", "send")
}
