"""
Tests for L{smsgw.cli.lots}.
"""

from typing import Any

import attrs
import pytest

from smsgw.cli.lots import LOT, Lots
from smsgw.client import GatewayClient
from smsgw.errors import Refused, Unavailable
from tests.support.record import now_or_never


@attrs.define(eq=False)
class Door:
    """
    Keeps what it is sent; C{moods} are raised first, one a call.
    """

    moods: list[Exception] = attrs.field(factory=list)
    asked: list[tuple[str, Any]] = attrs.field(factory=list)

    async def send_batch(self, body: Any, key: str = "") -> dict[str, Any]:
        """
        The answer to a lot.
        """
        self.asked.append((key, body))
        if self.moods:
            raise self.moods.pop(0)
        return {"accepted": len(body["items"]), "rejected": 0, "items": []}


@attrs.define(eq=False)
class Watch:
    """
    A clock whose sleeps take no time; C{slept} tells of them.
    """

    slept: list[float] = attrs.field(factory=list)

    def now(self) -> float:
        """
        Nobody asks.
        """
        raise AssertionError

    def monotonic(self) -> float:
        """
        What was slept.
        """
        return sum(self.slept)

    async def sleep(self, seconds: float) -> None:
        """
        At once.
        """
        self.slept.append(seconds)


def rows(count: int) -> list[dict[str, str]]:
    """
    Items.
    """
    return [{"to": str(one), "text": "x"} for one in range(count)]


def send(lots: Lots, items: list[dict[str, str]]) -> list[int]:
    """
    Where each lot began.
    """

    async def all_of() -> list[int]:
        return [start async for start, _ in lots.send(items)]

    return now_or_never(all_of())


def test_lots() -> None:
    """
    Items go in lots of a size that a door takes, in their order, each under a key
    of its own.
    """
    door, items = Door(), rows(LOT + 1)
    lots = Lots(door, Watch(), "report", name="n")

    assert [0, LOT] == send(lots, items)
    assert [LOT, 1] == [len(body["items"]) for _, body in door.asked]
    assert items[LOT:] == door.asked[1][1]["items"]
    assert "report" == door.asked[1][1]["category"]
    assert ["n-0", "n-1000"] == [key for key, _ in door.asked]


def test_a_busy_door_is_asked_again() -> None:
    """
    After longer and longer waits, never less than it wants; the same body under
    the same key.
    """
    door, watch, told = Door(), Watch(), list[str]()
    door.moods = [
        Unavailable("no answer"),
        Refused(3001, "too fast", "", 7.0),
        Unavailable("queue full", 1.0),
    ]
    lots = Lots(door, watch, told=told.append)

    assert [0] == send(lots, rows(2))
    assert [1.0, 7.0, 4.0] == watch.slept
    assert 1 == len({key for key, _ in door.asked})
    assert 4 == len(door.asked)
    assert all(body == door.asked[0][1] for _, body in door.asked)
    assert ["no answer; again in 1 s", "too fast; again in 7 s"] == told[:2]


def test_what_time_does_not_heal() -> None:
    """
    Is raised at once.
    """
    door = Door([Refused(1001, "who are you")])
    with pytest.raises(Refused):
        send(Lots(door, Watch()), rows(1))

    assert 1 == len(door.asked)


def test_patience_ends() -> None:
    """
    With what the door said last; waits were never longer than half a minute.
    """
    door, watch = Door([Unavailable("away")] * 100), Watch()
    with pytest.raises(Unavailable, match="away"):
        send(Lots(door, watch, patience=120.0), rows(1))

    assert [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0] == watch.slept


def test_names() -> None:
    """
    Each run has its own, which fits an Idempotency-Key.
    """
    one, other = Lots(Door(), Watch()), Lots(Door(), Watch())

    assert one.name != other.name
    assert one.name.isalnum()


def test_a_client_is_such_a_door() -> None:
    """
    The double of these tests has what the client has.
    """
    assert callable(GatewayClient.send_batch)
