"""
The wheel hands over what fell due, together, never early.
"""

from twisted.internet.task import Clock

from smsgw.simulator.wheel import Wheel


def test_items_come_together_and_in_order() -> None:
    """
    One hand-over per turn, one timer for all.
    """
    clock, runs = Clock(), []
    wheel: Wheel[str] = Wheel(clock, runs.append, 0.01)
    for due, item in [(1.0, "c"), (0.05, "a"), (0.051, "b"), (1.001, "d")]:
        wheel.add(due, item)
    assert (1, 4) == (len(clock.getDelayedCalls()), len(wheel))

    clock.advance(0.049)
    assert [] == runs
    clock.advance(0.02)
    assert [["a", "b"]] == runs
    clock.advance(1.0)
    assert [["a", "b"], ["c", "d"]] == runs
    assert [] == clock.getDelayedCalls()


def test_what_is_added_while_running_comes_later() -> None:
    """
    An item may add another.
    """
    clock, runs = Clock(), []

    def run(items: list[int]) -> None:
        runs.append(items)
        if items[0] < 3:
            wheel.add(clock.seconds(), items[0] + 1)

    wheel: Wheel[int] = Wheel(clock, run, 0.01)
    wheel.add(0.0, 1)
    for _ in range(10):
        clock.advance(0.01)

    assert [[1], [2], [3]] == runs


def test_a_stopped_wheel_is_still() -> None:
    """
    No timer is left, none is made.
    """
    clock, runs = Clock(), []
    wheel: Wheel[int] = Wheel(clock, runs.append)
    wheel.add(0.1, 1)
    wheel.stop()
    wheel.add(0.05, 2)

    assert [] == clock.getDelayedCalls()
