"""
What doors ask the gateway besides accept.
"""

import pytest

from smsgw.errors import Refused
from smsgw.message import Item, Submission
from tests.support.worlds import World, run


def test_preview_stores_nothing_and_explains() -> None:
    """The final text, segments and route, with the rule that chose it."""
    world = World()
    items = [Item("138 0013 8000"), Item("nonsense")]
    good, bad = run(
        world.shard.gateway.preview(
            world.objects.accounts["his"], Submission(items, "好" * 70), 1.0
        )
    )

    assert "【示范医院】" + "好" * 70 == good.text
    assert (2, "13800138000", ["cm1"]) == (good.segments, good.to, good.channels)
    assert ["r1 -> all"] == good.explanation
    assert 2006 == bad.code
    assert {} == run(world.queue.counts())


def test_pending_is_told_by_the_id() -> None:
    """What is newer than the record is pending; nonsense is not found."""
    world = World()
    (message_id,) = world.accept("您好")
    assert world.shard.gateway.pending(message_id)
    world.clock.at += 60
    assert not world.shard.gateway.pending(message_id)
    with pytest.raises(Refused) as refusal:
        world.shard.gateway.pending("nonsense")

    assert 7404 == refusal.value.code
