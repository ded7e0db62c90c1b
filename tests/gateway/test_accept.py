"""
One way in: all or nothing, and never twice.
"""

import pytest

from smsgw.errors import Refused, Unavailable
from smsgw.message import Accepted, Item, Submission
from smsgw.queues.memory import MemoryQueue
from tests.support.shards import World, run


def send(world: World, *items: Item, **more: object) -> Accepted:
    """
    One submission of the account.
    """
    account = world.objects.accounts["his"]
    submission = Submission(items, **more)  # type: ignore[arg-type]
    return run(world.shard.gateway.accept(account, submission, world.clock.now()))


def test_the_same_key_and_body_is_answered_alike() -> None:
    """A repeat gets the stored answer and sends nothing."""
    world = World()
    more = {"text": "好", "idempotency_key": "k", "body_hash": b"1"}
    first = send(world, Item("13800138000"), **more)
    again = send(world, Item("13800138000"), **more)

    assert again.replayed
    assert first.items == again.items
    assert {"accepted": 1, "waiting": 1} == world.counts()


def test_the_same_key_with_another_body() -> None:
    """Another request under a used key is refused."""
    world = World()
    send(world, Item("13800138000"), text="好", idempotency_key="k", body_hash=b"1")
    with pytest.raises(Refused) as refusal:
        send(world, Item("13800138000"), text="坏", idempotency_key="k", body_hash=b"2")

    assert 7002 == refusal.value.code


def test_a_known_reference_is_the_known_message() -> None:
    """The same reference and content answers with the message of before."""
    world = World()
    first = send(world, Item("13800138000", client_ref="r"), text="好")
    again = send(world, Item("13800138000", client_ref="r"), text="好")

    assert first.items[0].id == again.items[0].id
    assert again.items[0].duplicate
    assert {"accepted": 1, "waiting": 1} == world.counts()


def test_a_known_reference_with_other_content() -> None:
    """Refused as a whole; in a batch, only that item."""
    world = World()
    send(world, Item("13800138000", client_ref="r"), text="好")
    with pytest.raises(Refused) as refusal:
        send(world, Item("13800138000", client_ref="r"), text="坏")
    answer = send(
        world,
        Item("13800138000", "坏", "r"),
        Item("13800138001", "好", "s"),
        batch=True,
    )

    assert 7001 == refusal.value.code
    assert [7001, 0] == [item.code for item in answer.items]
    assert {"accepted": 2, "waiting": 2} == world.counts()


def test_a_nonce_twice() -> None:
    """A replayed request is refused."""
    world = World()
    send(world, Item("13800138000"), text="好", nonce="n")
    with pytest.raises(Refused) as refusal:
        send(world, Item("13800138000"), text="好", nonce="n")

    assert 1004 == refusal.value.code


def test_above_the_mark() -> None:
    """A queue above its mark takes nothing and says when to come back."""
    world = World(queue=MemoryQueue(high_water=1))
    send(world, Item("13800138000"), text="好")
    with pytest.raises(Unavailable) as trouble:
        send(world, Item("13800138001"), text="好")

    assert 5.0 == trouble.value.retry_after
