"""
Room on the data's disk: doors refuse before it is full, so that what was accepted
can still be settled, and a ballast file makes room when others fill it.
"""

import contextlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

import attrs
from twisted.logger import Logger

from smsgw.errors import Unavailable

__all__ = ["CRITICAL", "MEBIBYTE", "Disk", "Measured"]

MEBIBYTE = 1024 * 1024
AGAIN = 30.0  # seconds after which a refused sender may try again
EASE = 1.1  # so much above a mark it is over
LEAST = {"low": 0.05, "critical": 0.01}  # of the disk, for each level
CRITICAL = "critical"  # a level, and the lane that is taken to the last


class Measured(Protocol):
    """
    What is needed of C{os.statvfs}' result.
    """

    @property
    def f_frsize(self) -> int: ...
    @property
    def f_blocks(self) -> int: ...
    @property
    def f_bavail(self) -> int: ...


@attrs.define(eq=False)
class Disk:
    """
    Judges the room in C{folder} at each L{look}.

    C{level} is '' while there is enough; C{low} below 5 % or C{least} octets,
    whichever is less: only the critical lane is taken; C{critical} below 1 % or a
    fifth of C{least}: nothing is, and the ballast is let go.
    """

    folder: Path
    least: int
    ballast: int
    statvfs: Callable[[Path], Measured] = os.statvfs
    level: str = attrs.field(default="", init=False)
    free: int = attrs.field(default=0, init=False)

    log = Logger()

    @property
    def ballast_file(self) -> Path:
        """
        Holds room that nobody else can take.
        """
        return self.folder / "ballast"

    def look(self) -> None:
        """
        Measure again.
        """
        found = self.statvfs(self.folder)
        free, total = found.f_bavail * found.f_frsize, found.f_blocks * found.f_frsize
        self.free, level = free, self._level_of(free, total)
        if level != self.level:
            self._tell(level, free)
        self.level = level
        if level == CRITICAL:
            self.release()
        elif not level and free - self.ballast > EASE * self._mark("low", total):
            self._hold()

    def check(self, lanes: Iterable[str]) -> None:
        """
        L{Unavailable} when there is no room for these lanes.
        """
        if not self.level:
            return
        if self.level == CRITICAL or any(lane != CRITICAL for lane in lanes):
            raise Unavailable(f"room on the disk is {self.level}", AGAIN)

    def release(self) -> None:
        """
        Let the ballast go.
        """
        with contextlib.suppress(OSError):
            self.ballast_file.unlink(missing_ok=True)

    def _mark(self, level: str, total: int) -> float:
        least = self.least if level == "low" else self.least / 5
        return min(LEAST[level] * total, least)

    def _level_of(self, free: int, total: int) -> str:
        """
        A level ends only well above its mark, else it would come and go.
        """
        ease = dict.fromkeys(LEAST, 1.0)
        if self.level:
            ease["low"] = EASE
        if self.level == CRITICAL:
            ease[CRITICAL] = EASE
        for level in (CRITICAL, "low"):
            if free < ease[level] * self._mark(level, total):
                return level
        return ""

    def _tell(self, level: str, free: int) -> None:
        room = free // MEBIBYTE
        if not level:
            self.log.info("room on the disk again, {room} MiB", room=room)
        elif level == CRITICAL:
            self.log.critical(
                "{room} MiB free in {folder}: nothing is accepted; make room",
                room=room,
                folder=self.folder,
            )
        else:
            self.log.error(
                "{room} MiB free in {folder}: only the critical lane is accepted;"
                " make room",
                room=room,
                folder=self.folder,
            )

    def _hold(self) -> None:
        """
        Take the ballast, unless we have it.
        """
        if not self.ballast or self.ballast_file.exists():
            return
        flags = os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC
        with (
            contextlib.suppress(OSError),
            open(
                self.ballast_file,
                "wb",
                opener=lambda path, _: os.open(path, flags, 0o600),
            ) as file,
        ):
            os.posix_fallocate(file.fileno(), 0, self.ballast)
