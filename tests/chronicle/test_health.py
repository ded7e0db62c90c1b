"""
How channels were, from what happened.
"""

from smsgw.chronicle.health import Health
from smsgw.message import Fact, encode
from tests.support.console import HOSPITAL

BEGIN = 1_790_000_100.0 - 1_790_000_100.0 % 1800


def test_half_hours() -> None:
    """
    Answers, refusals and receipts by channel; what is no fact of a channel is left.
    """
    health = Health(HOSPITAL)
    facts = [
        Fact("answered", "1", BEGIN + 1, channel="cmcc"),
        Fact("answered", "2", BEGIN + 2, channel="cmcc"),
        Fact("refused", "3", BEGIN + 3, channel="cmcc", code="8"),
        Fact("receipt", "1", BEGIN + 4, channel="cmcc", note="delivered"),
        Fact("receipt", "2", BEGIN + 5, channel="cmcc", note="undelivered"),
        Fact("final", "1", BEGIN + 6, "delivered", channel="cmcc"),
        Fact("answered", "4", BEGIN + 1800, channel="gone"),
    ]
    health.heard([("chunk", b""), ("facts", encode(facts))])
    first, second = health.lines()
    assert (BEGIN, "cmcc", 2, 1, 1, 1) == (
        first.at, first.channel, first.taken, first.refused, first.delivered,
        first.failed,
    )  # fmt: skip
    assert 0 < first.median < first.slow
    assert ("gone", 1, 1) == (second.channel, second.taken, second.links)
