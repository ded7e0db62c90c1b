"""
Tests for L{smsgw.observing}.
"""

from typing import Any

import attrs

from smsgw.ids import IdSource
from smsgw.message import Fact
from smsgw.metrics import Metrics
from smsgw.observing import Observer, timed
from smsgw.ports import Dispatched, Down, Put, Up
from tests.support.record import now_or_never

NOW = 1_790_000_000.0


@attrs.define(eq=False)
class Ticking:
    """
    A clock that goes on by a quarter of a second at each look.
    """

    at: float = 0.0

    def monotonic(self) -> float:
        """
        Steady seconds.
        """
        self.at += 0.25
        return self.at


@attrs.define(eq=False)
class Taking:
    """
    A queue of the test's.
    """

    epoch: int = 7

    async def exchange(self, _up: Up, _now: float) -> Down:
        """
        Nothing comes down.
        """
        return Down(promoted=3)

    async def dispatch(self, epoch: int, _done: Any, _now: float) -> None:
        """
        Only as the one that has claimed it.
        """
        assert self.epoch == epoch


def lines(metrics: Metrics) -> list[str]:
    """
    What monitoring reads.
    """
    return metrics.render().decode().splitlines()


def test_facts_are_counted_by_kind() -> None:
    """
    What matters of each kind is its label; the rest is not told.
    """
    metrics = Metrics()
    name = IdSource(0).take(1, NOW - 4.0)[0]
    clock: Any = Ticking()
    Observer(metrics, clock).heard(
        [
            Fact("again", name, NOW, "queued", "a"),
            Fact("again", name, NOW, "queued", "a"),
            Fact("inbound", "x", NOW, "", "b"),
            Fact("orphan", "", NOW, "", "b"),
            Fact("uncertain", name, NOW, "", "a"),
            Fact("refused", name, NOW, "", "a", code="8"),
            Fact("answered", name, NOW, "", "a"),
            Fact("submitted", name, NOW - 3.0, "submitted", "a"),
            Fact("final", name, NOW, "delivered", "a"),
            Fact("rejected", name, NOW, "rejected"),
            Fact("cancel", name, NOW, "canceled"),
        ]
    )
    found = lines(metrics)
    for line in (
        'smsgw_retries_total{channel="a"} 2.0',
        'smsgw_inbound_total{channel="b"} 1.0',
        'smsgw_orphans_total{channel="b"} 1.0',
        'smsgw_uncertain_total{channel="a"} 1.0',
        'smsgw_refusals_total{channel="a",code="8"} 1.0',
        'smsgw_ended_total{state="delivered"} 1.0',
        'smsgw_ended_total{state="rejected"} 1.0',
        'smsgw_ended_total{state="canceled"} 1.0',
        "smsgw_submit_seconds_sum 1.0",
        "smsgw_final_seconds_sum 4.0",
    ):
        assert line in found


def test_one_message_speaks_for_an_exchange() -> None:
    """
    Ten messages are one duration.
    """
    metrics, clock = Metrics(), Ticking()
    watch: Any = clock
    names = IdSource(0).take(10, NOW)
    facts = [Fact("final", one, NOW + 1.0, "delivered") for one in names]
    Observer(metrics, watch).heard(facts)

    assert "smsgw_final_seconds_count 1.0" in lines(metrics)
    assert 'smsgw_ended_total{state="delivered"} 10.0' in lines(metrics)


def test_calls_are_timed() -> None:
    """
    The answers are the queue's own, and so is everything else.
    """
    metrics = Metrics()
    taking, clock = Taking(), Ticking()
    under: Any = taking
    watch: Any = clock
    queue: Any = timed(under, metrics, watch)
    done = [Dispatched("c", "code", [Put("s:code", [b"", b""])], ended=1)]

    assert 7 == queue.epoch
    assert 3 == now_or_never(queue.exchange(Up(7, 1), NOW)).promoted
    now_or_never(queue.dispatch(7, done, NOW))
    found = lines(metrics)
    for line in (
        "smsgw_exchange_seconds_sum 0.25",
        "smsgw_dispatch_seconds_sum 0.25",
        'smsgw_dispatched_total{lane="code"} 2.0',
        'smsgw_ended_total{state="rejected"} 1.0',
    ):
        assert line in found
