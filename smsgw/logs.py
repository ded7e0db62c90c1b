"""
The log: lines of text or JSON on standard output or in files by day, with the
numbers of phones masked whoever wrote them.
"""

import contextlib
import os
import re
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import attrs
import msgspec
from twisted.logger import (
    FilteringLogObserver,
    ILogObserver,
    LogLevel,
    LogLevelFilterPredicate,
    eventAsText,
    formatEventAsClassicLogText,
)
from zope.interface import implementer

from smsgw.config import Log
from smsgw.numbering.masks import mask

__all__ = ["LogFiles", "Output", "log_observer", "masked"]

MEBIBYTE = 1024 * 1024
_PHONE = re.compile(r"(?<![0-9A-Za-z])(?:\+|00)?(?:86)?1[3-9]\d{9}(?!\d)")
_json = msgspec.json.Encoder().encode
Event = dict[str, Any]


class Output(Protocol):
    """
    Where lines go.
    """

    def write(self, text: str, /) -> object: ...
    def flush(self) -> object: ...


def masked(text: str) -> str:
    """
    Without whole mobile numbers.
    """
    return _PHONE.sub(lambda found: mask(found[0]), text)


@attrs.define(eq=False)
class LogFiles:
    """
    C{NAME.log} in a folder. At a new day, or above C{most} octets, it becomes
    C{NAME.2026-11-23.log} (or C{.2.log} ...), those older than C{keep} days go, and
    so do the oldest as long as all together have more than C{total} octets.

    A disk that takes no lines stops nobody: how many were lost is told as soon as
    it takes them again.
    """

    folder: Path
    name: str
    keep: int
    most: int
    now: Callable[[], float]
    total: int = sys.maxsize
    lost: int = attrs.field(default=0, init=False)
    _file: int | None = attrs.field(default=None, init=False)
    _day: str = attrs.field(default="", init=False)
    _size: int = attrs.field(default=0, init=False)

    @property
    def path(self) -> Path:
        """
        Where lines go now.
        """
        return self.folder / f"{self.name}.log"

    def write(self, text: str) -> None:
        try:
            self._turn()
            if self.lost:
                self._put(f"{self.lost} lines could not be written\n")
                self.lost = 0
            self._put(text)
        except OSError:
            self.lost += 1
            self.close()

    def _put(self, text: str) -> None:
        octets = text.encode("utf-8", "replace")
        while octets and self._file is not None:
            written = os.write(self._file, octets)
            self._size += written
            octets = octets[written:]

    def flush(self) -> None:
        """
        Every line is flushed already.
        """

    def close(self) -> None:
        """
        Until the next line.
        """
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                os.close(file)

    def _turn(self) -> None:
        """
        The right file is open after this.
        """
        today = _day_of(self.now())
        if self._file is None:
            self._open()
            self._clean()
        if self._size and (self._day != today or self._size >= self.most):
            self.close()
            self.path.rename(self._free_name(self._day))
            self._open()
            self._clean()
        self._day = today

    def _open(self) -> None:
        self.folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
        self._file = os.open(self.path, flags, mode=0o640)
        found = os.fstat(self._file)
        self._size = found.st_size
        self._day = _day_of(found.st_mtime if found.st_size else self.now())

    def _free_name(self, day: str) -> Path:
        number = max((one for of, one, _ in self._turned() if of == day), default=0)
        tail = f".{number + 1}" if number else ""
        return self.folder / f"{self.name}.{day}{tail}.log"

    def _clean(self) -> None:
        """
        Old ones, and the oldest of too many; what is written to now may become as
        large as a file may be.
        """
        oldest = _day_of(self.now() - timedelta(days=self.keep).total_seconds())
        room = self.total - self.most
        for day, _, path in sorted(self._turned(), reverse=True):
            with contextlib.suppress(FileNotFoundError):
                room -= path.stat().st_size
            if day < oldest or room < 0:
                path.unlink(missing_ok=True)

    def _turned(self) -> Iterable[tuple[str, int, Path]]:
        """
        Those that are not written to any more: day, number, path.
        """
        for path in self.folder.glob(f"{self.name}.????-??-??*.log"):
            day, _, number = path.name[len(self.name) + 1 : -4].partition(".")
            yield day, int(number) if number.isdigit() else 1, path


def _day_of(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC).astimezone():%Y-%m-%d}"


@implementer(ILogObserver)
@attrs.define(eq=False)
class Lines:
    """
    Writes each event as masked text.
    """

    out: Output
    form: Callable[[Event], str | None]

    def __call__(self, event: Event) -> None:
        text = self.form(event)
        if text:
            self.out.write(masked(text))
            self.out.flush()


def _as_json(event: Event) -> str | None:
    text = eventAsText(event, includeTimestamp=False, includeSystem=False)
    level = event.get("log_level")
    told = {
        "time": datetime.fromtimestamp(event["log_time"], UTC).astimezone().isoformat(),
        "level": level.name if level is not None else "info",
        "from": event.get("log_namespace", "-"),
        "text": text,
    }
    return _json(told).decode() + "\n"


def log_observer(
    log: Log, name: str, standard: Output, now: Callable[[], float]
) -> ILogObserver:
    """
    What the settings ask for: files named so, or C{standard} without a folder.
    """
    out = standard
    if log.dir is not None:
        most, total = log.max_mib * MEBIBYTE, log.total_mib * MEBIBYTE
        out = LogFiles(log.dir, name, log.retention_days, most, now, total)
    form = _as_json if log.format == "json" else formatEventAsClassicLogText
    least = LogLevel.levelWithName(log.level)
    wanted: ILogObserver = FilteringLogObserver(
        Lines(out, form), [LogLevelFilterPredicate(least)]
    )
    return wanted
