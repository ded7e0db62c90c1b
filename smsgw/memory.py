"""
Memory that is used, against marks: near one it is told, above it doors refuse, so
that what was accepted can still be settled.
"""

import os
import resource
from pathlib import Path

import attrs
from twisted.logger import Logger

from smsgw.errors import Unavailable

__all__ = ["CRITICAL", "LOW", "Memory", "machine_memory", "own_memory"]

MEBIBYTE = 1024 * 1024
AGAIN = 10.0  # seconds after which a refused sender may try again
NEAR = 0.8  # of a mark: told
EASE = 0.95  # of a level's begin: its end
LOW, CRITICAL = "low", "critical"


def own_memory(status: Path = Path("/proc/self/statm")) -> int:
    """
    Octets that this process has in memory now; the most it ever had, where the
    kernel does not tell.
    """
    try:
        pages = int(status.read_text("ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return pages * os.sysconf("SC_PAGE_SIZE")


def machine_memory() -> int:
    """
    Octets of the whole machine.
    """
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


@attrs.define(eq=False)
class Memory:
    """
    Judges what is used of each part's C{marks} (octets, 0 for none) at each L{look}.
    """

    marks: dict[str, int]
    used: dict[str, int] = attrs.field(factory=dict, init=False)
    levels: dict[str, str] = attrs.field(factory=dict, init=False)

    log = Logger()

    def look(self, part: str, used: int, most: int = 0) -> None:
        """
        Judge anew; C{most} is what the part itself says it may have at most.
        """
        self.used[part] = used
        marks = [one for one in (self.marks.get(part, 0), most) if one]
        before = self.levels.get(part, "")
        level = _level(used, min(marks), before) if marks else ""
        self.levels[part] = level
        if level != before:
            self._tell(part, level, used, min(marks, default=0))

    @property
    def critical(self) -> bool:
        """
        Whether nothing is accepted.
        """
        return CRITICAL in self.levels.values()

    def check(self) -> None:
        """
        L{Unavailable} above a mark.
        """
        if self.critical:
            full = [part for part, level in self.levels.items() if level == CRITICAL]
            raise Unavailable(f"memory of {', '.join(full)} is full", AGAIN)

    def _tell(self, part: str, level: str, used: int, mark: int) -> None:
        told = {"part": part, "used": used // MEBIBYTE, "mark": mark // MEBIBYTE}
        if level == CRITICAL:
            self.log.critical(
                "memory of {part}: {used} of {mark} MiB: nothing is accepted", **told
            )
        elif level:
            self.log.error(
                "memory of {part}: {used} of {mark} MiB: close to the mark", **told
            )
        else:
            self.log.info("memory of {part} again: {used} of {mark} MiB", **told)


def _level(used: int, mark: int, before: str) -> str:
    """
    A level ends only well below its begin, else it would come and go.
    """
    if used >= mark * (EASE if before == CRITICAL else 1.0):
        return CRITICAL
    if used >= mark * NEAR * (EASE if before else 1.0):
        return LOW
    return ""
