"""
A record in memory's reach for tests: run at once, with a fixed key.
"""

from collections.abc import Coroutine
from typing import Any, TypeVar

__all__ = ["now_or_never"]

T = TypeVar("T")


def now_or_never(work: Coroutine[Any, Any, T]) -> T:
    """
    The result of a coroutine that waits for nothing.
    """
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    work.close()
    raise AssertionError("the coroutine waits for something")
