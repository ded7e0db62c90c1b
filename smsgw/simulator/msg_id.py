"""
The carrier's message ids and times (CMPP 3.0; cmpp.md sections 6.6 and 7).
"""

import time

import attrs

__all__ = ["MsgIds", "run_of", "stamp"]

CHINA = 8 * 3600
SEQUENCE = 0xFFFF
GATEWAY = 0x3FFFFF


def stamp(now: float) -> str:
    """
    YYMMDDHHMM in China, as in Submit_time and Done_time.
    """
    return time.strftime("%y%m%d%H%M", time.gmtime(now + CHINA))


def run_of(first: int, count: int) -> list[int]:
    """
    The ids of a bulk submit: only the sequence part wraps.
    """
    base, start = first & ~SEQUENCE, first & SEQUENCE
    return [base | start + i & SEQUENCE for i in range(count)]


@attrs.define(eq=False)
class MsgIds:
    """
    Ids that never repeat: a second that needs more than 65,536 goes on under
    the next gateway code, and time does not run backwards.
    """

    gateway: int = 1001
    _second: int = attrs.field(default=-1, init=False)
    _base: int = attrs.field(default=0, init=False)
    _used: int = attrs.field(default=0, init=False)
    _sequence: int = attrs.field(default=0, init=False)

    def take(self, now: float, count: int = 1) -> int:
        """
        The first of C{count} ids.
        """
        if now >= self._second + 1:
            self._begin(int(now), self.gateway)
        elif self._used + count > SEQUENCE + 1:
            self._begin(self._second, (self._base >> 16) + 1 & GATEWAY)
        first = self._base | self._sequence
        self._used += count
        self._sequence = self._sequence + count & SEQUENCE
        return first

    def _begin(self, second: int, gateway: int) -> None:
        at = time.gmtime(second + CHINA)
        clock = at.tm_mon << 60 | at.tm_mday << 55 | at.tm_hour << 50
        clock |= at.tm_min << 44 | at.tm_sec << 38
        self._second, self._used = second, 0
        self._base = clock | gateway << 16
