"""
The stage of every scenario, and what may be on it: a full house of rules, protected
fields.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import attrs

from bench.rules import lay_down
from smsgw.cli.proving.venue import Venue, opened
from smsgw.cli.stage import Stage

__all__ = ["ALL", "Scenario", "asked_for", "on", "ruled", "sealed", "staged"]

Scenario = Callable[[], dict[str, Any]]
ETC = Path("etc")
ALL = ("cmpp", "sgip", "smgp")


@attrs.define
class _House:
    """
    What is on every stage of the scenario that runs.
    """

    full: bool = False
    sealed: bool = False


_house = _House()


def ruled(scenario: Scenario) -> dict[str, Any]:
    """
    A scenario with the rules of L{bench.rules}.
    """
    _house.full = True
    try:
        return scenario()
    finally:
        _house.full = False


def sealed(scenario: Scenario) -> dict[str, Any]:
    """
    A scenario with phones, texts and patient ids protected.
    """
    _house.sealed = True
    try:
        return scenario()
    finally:
        _house.sealed = False


def staged(
    carrier: bool, connections: int = 2, window: int = 16, mobile: str = "cmpp"
) -> Any:
    """
    A gateway on a folder of its own; without a carrier everything queues up.
    C{mobile} is the protocol of the first carrier.
    """
    return on(Venue(connections, window, mobile), carrier)


@contextmanager
def on(
    venue: Venue, carrier: bool = True, before: Callable[[Stage], None] | None = None
) -> Iterator[Stage]:
    """
    Likewise, in every respect as the venue says; C{before} comes before the gateway
    starts.
    """

    def furnish(stage: Stage) -> None:
        if _house.full:
            lay_down(stage)
        if before is not None:
            before(stage)

    venue = attrs.evolve(venue, sealed=_house.sealed)
    with opened(venue, carrier, ETC, furnish) as stage:
        yield stage


def asked_for(name: str, usual: float) -> float:
    """
    A size from the environment: C{SMSGW_BURST_SECONDS=5} runs a shorter burst.
    """
    return float(os.environ.get(f"SMSGW_{name}") or usual)
