"""
What the HTTP door takes in a second, durably.
"""

from typing import Any

from bench.staging import staged
from smsgw.cli.proving.rates import BATCH, TEXT, accepting, body, personal
from smsgw.cli.proving.source import Head, Source, bearer, signed
from smsgw.cli.proving.venue import numbers
from smsgw.cli.stage import Stage
from smsgw.config import read_secret

__all__ = ["accept_batch", "accept_same", "accept_single"]

WARM, RUN, RUNS = 2.0, 2.4, 5
SINGLE = "/v1/messages"


def _measure(
    stage: Stage, head: Head, bodies: list[bytes], each: int, connections: int
) -> dict[str, Any]:
    source = Source(stage.ports["http"], head, bodies, connections)
    return accepting(stage, source, each, WARM, RUN, RUNS)


def accept_batch() -> dict[str, Any]:
    """
    Personalised, 1,000 per request, 16 connections.
    """
    bodies = [personal(1000, 1000 * turn) for turn in range(16)]
    with staged(carrier=False) as stage:
        return _measure(stage, bearer(stage.key, BATCH), bodies, 1000, 16)


def accept_same() -> dict[str, Any]:
    """
    One text, 5,000 numbers per request.
    """
    bodies = [
        body({"to": numbers(5000, 5000 * turn), "text": TEXT.format(turn)})
        for turn in range(8)
    ]
    with staged(carrier=False) as stage:
        return _measure(stage, bearer(stage.key, SINGLE), bodies, 5000, 8)


def accept_single() -> dict[str, Any]:
    """
    One message per request, 64 connections, signed.
    """
    bodies = [
        body({"to": [number], "text": TEXT.format(place)})
        for place, number in enumerate(numbers(1000))
    ]
    with staged(carrier=False) as stage:
        secret = read_secret(stage.folder / "his.secret")
        return _measure(stage, signed("his", secret, SINGLE), bodies, 1, 64)
