"""
Tests for L{smsgw.logs}.
"""

import errno
import io
import json
import os
from pathlib import Path
from typing import Any

import attrs
import pytest
from twisted.logger import Logger, LogLevel, LogPublisher
from twisted.python.failure import Failure

from smsgw.config import Log
from smsgw.logs import LogFiles, log_observer, masked

NOON = 1_790_049_600.0
DAY = 86_400.0


@attrs.define(eq=False)
class Watch:
    """
    A clock of the test's.
    """

    at: float = NOON

    def now(self) -> float:
        """
        Epoch seconds.
        """
        return self.at


def files(folder: Path, watch: Watch, **changes: Any) -> LogFiles:
    """
    Log files in a folder.
    """
    wanted: dict[str, Any] = {"keep": 30, "most": 1_000, **changes}
    total = wanted.get("total", 2**40)
    return LogFiles(folder, "smsgw", wanted["keep"], wanted["most"], watch.now, total)


def names(folder: Path) -> list[str]:
    """
    What is there.
    """
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("to 13800138000.", "to 138****8000."),
        ("+8613800138000 8613800138000", "+86138****8000 86138****8000"),
        ("008613800138000,19912345678", "0086138****8000,199****5678"),
        ("at 1790049600000, id 1HCQMR8000000", "at 1790049600000, id 1HCQMR8000000"),
        ("12800138000 138001380001", "12800138000 138001380001"),
    ],
)
def test_phones_are_masked(text: str, told: str) -> None:
    """
    Mobile numbers, not whatever has digits.
    """
    assert told == masked(text)


def test_a_new_day_is_a_new_file(tmp_path: Path) -> None:
    """
    Yesterday's lines are in a file named by their day.
    """
    watch = Watch()
    log = files(tmp_path / "log", watch)
    log.write("one\n")
    watch.at += DAY
    log.write("two\n")
    log.close()

    old, new = names(tmp_path / "log")
    assert ("smsgw.2026-09-22.log", "smsgw.log") == (old, new)
    assert "one\n" == (tmp_path / "log" / old).read_text("utf-8")
    assert "two\n" == (tmp_path / "log" / new).read_text("utf-8")
    assert 0o640 & (tmp_path / "log" / new).stat().st_mode == (
        0o777 & (tmp_path / "log" / new).stat().st_mode
    )


def test_a_large_file_makes_room(tmp_path: Path) -> None:
    """
    Above its size it is put aside, as often as need be.
    """
    log = files(tmp_path, Watch(), most=10)
    for line in ("0123456789\n", "a\n", "0123456789\n", "b\n", "c\n"):
        log.write(line)
    log.close()

    assert ["smsgw.2026-09-22.2.log", "smsgw.2026-09-22.log", "smsgw.log"] == (
        names(tmp_path)
    )
    assert "b\nc\n" == log.path.read_text("utf-8")


def test_a_restart_goes_on(tmp_path: Path) -> None:
    """
    Today's file is added to; one of an earlier day is put aside first.
    """
    watch = Watch()
    for line in ("one\n", "two\n"):
        log = files(tmp_path, watch)
        log.write(line)
        log.close()
        os.utime(log.path, (watch.at, watch.at))
    assert "one\ntwo\n" == log.path.read_text("utf-8")
    watch.at += 3 * DAY
    log = files(tmp_path, watch)
    log.write("three\n")
    log.close()

    assert ["smsgw.2026-09-22.log", "smsgw.log"] == names(tmp_path)


def test_old_files_go(tmp_path: Path) -> None:
    """
    After so many days, and nobody else's.
    """
    others = ["recorder.2020-01-01.log", "smsgw.txt", "smsgw.log.gz"]
    for name in ("smsgw.2026-08-01.log", "smsgw.2026-09-21.2.log", *others):
        (tmp_path / name).touch()
    watch = Watch()
    log = files(tmp_path, watch, keep=2)
    log.write("one\n")
    watch.at += DAY
    log.write("two\n")
    log.close()

    left = {"smsgw.2026-09-21.2.log", "smsgw.2026-09-22.log", "smsgw.log", *others}
    assert left == set(names(tmp_path))


def test_all_together_are_bounded(tmp_path: Path) -> None:
    """
    The oldest go first, by day and then by number; others' stay.
    """
    (tmp_path / "recorder.2020-01-01.log").write_bytes(b"x" * 500)
    log = files(tmp_path, Watch(), most=10, total=40)
    for line in range(14):
        log.write(f"line {line:4}\n")
    log.close()
    mine = [path for path in tmp_path.iterdir() if path.name.startswith("smsgw")]

    assert sum(path.stat().st_size for path in mine) <= 40
    assert [
        "recorder.2020-01-01.log",
        "smsgw.2026-09-22.11.log",
        "smsgw.2026-09-22.12.log",
        "smsgw.2026-09-22.13.log",
        "smsgw.log",
    ] == names(tmp_path)
    assert "line   13\n" == log.path.read_text("utf-8")


def test_what_is_too_much_goes_at_the_start(tmp_path: Path) -> None:
    """
    A lower bound, or fewer days, hold at once.
    """
    for number in range(2, 12):
        (tmp_path / f"smsgw.2026-09-21.{number}.log").write_bytes(b"x" * 10)
    (tmp_path / "smsgw.2026-01-01.log").touch()
    log = files(tmp_path, Watch(), most=10, total=30)
    log.write("one\n")
    log.close()

    assert ["smsgw.2026-09-21.10.log", "smsgw.2026-09-21.11.log", "smsgw.log"] == (
        names(tmp_path)
    )


def test_a_full_disk_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Lines are lost, and told by number when there is room again.
    """

    def fail(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    log = files(tmp_path, Watch())
    log.write("one\n")
    log.close()
    os.utime(log.path, (NOON, NOON))
    with monkeypatch.context() as patch:
        patch.setattr("smsgw.logs.os.open", fail)
        log.write("two\n")
        log.write("three\n")
    log.write("four\n")
    log.close()

    assert "one\n2 lines could not be written\nfour\n" == log.path.read_text("utf-8")


def logged(log: Log, folder: Path) -> tuple[str, Logger]:
    """
    What is written to standard output, and a logger that writes there.
    """
    out = io.StringIO()
    publisher = LogPublisher(log_observer(log, "smsgw", out, lambda: NOON))
    logger = Logger("smsgw.test", observer=publisher)
    logger.debug("a detail")
    logger.info("to {number}", number="13800138000")
    try:
        raise ValueError("for 13900139000")
    except ValueError:
        logger.failure("oh", Failure(), LogLevel.error)
    return out.getvalue(), logger


def test_lines_of_text(tmp_path: Path) -> None:
    """
    From the level that is wanted, masked to the last line of a traceback.
    """
    told, _ = logged(Log(), tmp_path)

    first, *rest = told.splitlines()
    assert first.endswith("[smsgw.test#info] to 138****8000")
    assert any("ValueError: for 139****9000" in line for line in rest)
    assert "a detail" not in told
    assert "13900139000" not in told


def test_lines_of_json(tmp_path: Path) -> None:
    """
    One object a line, a traceback in it.
    """
    told, _ = logged(Log(level="debug", format="json"), tmp_path)

    rows = [json.loads(line) for line in told.splitlines()]
    assert ["debug", "info", "error"] == [row["level"] for row in rows]
    assert ["smsgw.test"] * 3 == [row["from"] for row in rows]
    assert "to 138****8000" == rows[1]["text"]
    assert "Traceback" in rows[2]["text"]
    assert rows[0]["time"][:2] == "20"


def test_a_folder(tmp_path: Path) -> None:
    """
    Instead of standard output.
    """
    told, _ = logged(Log(dir=tmp_path / "log", level="error"), tmp_path)

    assert "" == told
    (name,) = names(tmp_path / "log")
    text = (tmp_path / "log" / name).read_text("utf-8")
    assert "smsgw.log" == name
    assert "139****9000" in text
    assert "13800138000" not in text
