"""
The requests of one connection that wait for their answer, and those given up.

All wait equally long, so the order of insertion is the order of falling due.
"""

from collections.abc import Iterator
from typing import Any

import attrs

__all__ = ["Pending", "Request"]

LATE_KEPT = 300.0
LATE_MOST = 10_000


@attrs.define(eq=False)
class Request:
    """
    A request sent and not answered yet; C{frame} is kept to send it again.
    """

    token: Any
    command: int
    frame: bytes
    due: float
    tries: int = 1


@attrs.define(eq=False)
class Pending:
    """
    Requests by sequence; C{missed} counts those given up since the last answer.
    """

    missed: int = 0
    _waiting: dict[int, Request] = attrs.field(factory=dict)
    _late: dict[int, Request] = attrs.field(factory=dict)

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, sequence: int) -> bool:
        return sequence in self._waiting

    def unused(self, sequence: int, last: int) -> int:
        """
        The next number, from 1 to C{last} and round again, that nobody waits for.
        """
        while True:
            sequence = sequence + 1 if sequence < last else 1
            if sequence not in self._waiting:
                return sequence

    def add(self, sequence: int, request: Request) -> None:
        """
        Wait for an answer.
        """
        self._waiting[sequence] = request

    def due(self) -> float | None:
        """
        When the oldest request falls due.
        """
        if not self._waiting:
            return None
        return next(iter(self._waiting.values())).due

    def take(self, sequence: int, command: int) -> tuple[Request, bool] | None:
        """
        The request an answer belongs to, and whether it had been given up.

        C{command} 0 fits any request: it answers what could not be read.
        """
        request = self._waiting.get(sequence)
        if request is not None and command in (request.command, 0):
            del self._waiting[sequence]
            self.missed = 0
            return request, False
        request = self._late.get(sequence)
        if request is not None and command in (request.command, 0):
            del self._late[sequence]
            self.missed = 0
            return request, True
        return None

    def overdue(self, now: float) -> Iterator[tuple[int, Request]]:
        """
        Take out what is due: add it again, or give it up.
        """
        while self._waiting:
            sequence, request = next(iter(self._waiting.items()))
            if request.due > now:
                return
            del self._waiting[sequence]
            yield sequence, request

    def give_up(self, sequence: int, request: Request, now: float) -> None:
        """
        Keep it aside for a while: a late answer still tells its fate.
        """
        request.due = now + LATE_KEPT
        self._late[sequence] = request
        self.missed += 1

    def forget(self, now: float) -> None:
        """
        Drop what was given up long ago.
        """
        while self._late:
            sequence, request = next(iter(self._late.items()))
            if request.due > now and len(self._late) <= LATE_MOST:
                return
            del self._late[sequence]

    def clear(self) -> list[Any]:
        """
        Wait no more; the tokens of what was waiting.
        """
        tokens = [request.token for request in self._waiting.values()]
        self._waiting.clear()
        return tokens
