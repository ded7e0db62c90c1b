"""
What leaves in a second, and how soon after a restart; memory with a long queue.
"""

import time
from typing import Any

from bench.staging import asked_for, staged
from smsgw.cli.proving.processes import Cost
from smsgw.cli.proving.rates import TEXT, body, sending
from smsgw.cli.proving.source import Source, bearer
from smsgw.cli.proving.venue import numbers, start_ready
from smsgw.cli.stage import Stage

__all__ = ["backlog", "restart", "send"]


def send(
    *protocols: str, messages: int = 120_000, connections: int = 4
) -> dict[str, Any]:
    """
    Accept, submit, response, receipt, record, until the last is recorded.
    """
    mobile = "smpp" if "smpp" in protocols else "cmpp"
    with staged(True, connections, 128, mobile) as stage:
        return sending(stage, protocols, messages)


def backlog() -> dict[str, Any]:
    """
    A million queued (SMSGW_BACKLOG_MESSAGES): memory, and restart to the first send.
    """
    return restart(round(asked_for("BACKLOG_MESSAGES", 1_000_000)))


def restart(messages: int = 200_000) -> dict[str, Any]:
    """
    Queue so many without a carrier, restart, and see the first one leave.
    """
    with staged(carrier=False) as stage:
        cost, began = Cost.of(stage), time.monotonic()
        fill(stage, messages)
        seconds = time.monotonic() - began
        time.sleep(3.0)
        per_message, full = cost.per_message(messages), cost.memory()
        gateway = stage.processes["gateway"]
        gateway.terminate()
        gateway.wait(60)
        stage.start_carrier()
        time.sleep(2.0)
        first, ready = _first(stage)
        time.sleep(3.0)
        memory = Cost.of(stage).memory()
        return {
            "figure": round(first, 2),
            "unit": "s to the first send",
            "messages": messages,
            "ready_seconds": round(ready, 2),
            "queued_seconds": round(seconds, 1),
            "gateway_mb": max(full["gateway"], memory["gateway"]),
            "queued_memory_mb": full,
            "cpu_us_per_message": per_message,
            "memory_mb": memory,
        }


def fill(stage: Stage, messages: int, protocol: str = "cmpp", start: int = 0) -> None:
    """
    Queue so many, 10,000 of one text at a time.
    """
    source = Source(stage.ports["http"], bearer(stage.key, "/v1/messages"), [], 1)
    for first in range(start, start + messages, 10_000):
        many = min(10_000, start + messages - first)
        to = numbers(many, first, (protocol,))
        source.bodies = [body({"to": to, "text": TEXT.format(first)})]
        source.once()


def _first(stage: Stage) -> tuple[float, float]:
    """
    Seconds from the gateway's start to the first message at the carrier, and to the
    first answer of its door.
    """
    journal = stage.folder / "journal"
    began = time.monotonic()
    ready = start_ready(stage)
    while not (journal.exists() and journal.stat().st_size):
        time.sleep(0.01)
        stage.check()
    return time.monotonic() - began, ready
