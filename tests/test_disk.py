"""
Tests for L{smsgw.disk}.
"""

import errno
import os
from pathlib import Path

import attrs
import pytest
from twisted.logger import capturedLogs, formatEvent

from smsgw.disk import MEBIBYTE, Disk
from smsgw.errors import Unavailable

GIBIBYTE = 1024 * MEBIBYTE


@attrs.define(eq=False)
class Room:
    """
    A disk of the test's: what C{os.statvfs} tells of it.
    """

    f_blocks: int = 1000 * 1024
    f_bavail: int = 500 * 1024
    f_frsize: int = MEBIBYTE

    def measure(self, _: Path) -> "Room":
        """
        As it is now.
        """
        return self


@pytest.fixture
def room() -> Room:
    """
    1,000 GiB, half of them free.
    """
    return Room()


@pytest.fixture
def disk(tmp_path: Path, room: Room) -> Disk:
    """
    With a small ballast.
    """
    made = Disk(tmp_path, 2 * GIBIBYTE, MEBIBYTE, room.measure)
    made.look()
    return made


def taken(disk: Disk, *lanes: str) -> bool:
    """
    Whether a submission in these lanes may come.
    """
    try:
        disk.check(lanes)
    except Unavailable:
        return False
    return True


@pytest.mark.parametrize(
    ("total", "free", "level"),
    [
        (1000 * 1024, 2048, ""),
        (1000 * 1024, 2047, "low"),
        (1000 * 1024, 410, "low"),
        (1000 * 1024, 409, "critical"),
        (10 * 1024, 512, ""),
        (10 * 1024, 511, "low"),
        (10 * 1024, 103, "low"),
        (10 * 1024, 102, "critical"),
    ],
)
def test_levels(disk: Disk, room: Room, total: int, free: int, level: str) -> None:
    """
    5 % or 2 GiB, and 1 % or a fifth of that, whichever is less.
    """
    room.f_blocks, room.f_bavail = total, free
    disk.look()

    assert level == disk.level


def test_doors_refuse(disk: Disk, room: Room) -> None:
    """
    First all but the critical lane, then everything.
    """
    assert taken(disk, "bulk", "code")
    room.f_bavail = 1024
    disk.look()
    assert not taken(disk, "notice")
    assert not taken(disk, "critical", "notice")
    assert taken(disk, "critical")
    assert taken(disk)
    room.f_bavail = 100
    disk.look()
    with pytest.raises(Unavailable) as refusal:
        disk.check(["critical"])
    assert 30.0 == refusal.value.retry_after


def test_it_does_not_come_and_go(disk: Disk, room: Room) -> None:
    """
    A level ends a tenth above its mark; each change is one line.
    """
    levels = []
    with capturedLogs() as events:
        for free in (2000, 2100, 2200, 2300, 300, 420, 500, 2100, 9000):
            room.f_bavail = free
            disk.look()
            levels.append(disk.level)

    low, critical = "low", "critical"
    assert [low, low, low, "", critical, critical, low, low, ""] == levels
    told = [formatEvent(event) for event in events]
    assert 5 == len(told)
    assert "2000 MiB free" in told[0]
    assert "only the critical lane" in told[0]
    assert "nothing is accepted" in told[2]
    assert "room on the disk again, 9000 MiB" == told[4]


def test_the_ballast_is_let_go(disk: Disk, room: Room) -> None:
    """
    When nothing else helps; it is taken again when there is plenty.
    """
    assert MEBIBYTE == disk.ballast_file.stat().st_size
    for free, held in ((1000, True), (300, False), (1000, False), (9000, True)):
        room.f_bavail = free
        disk.look()
        assert held is disk.ballast_file.exists()
    disk.release()
    disk.release()
    assert not disk.ballast_file.exists()


def test_no_ballast(tmp_path: Path, room: Room) -> None:
    """
    None is asked for, or the disk does not give it: no matter.
    """
    Disk(tmp_path, GIBIBYTE, 0, room.measure).look()
    assert [] == list(tmp_path.iterdir())


def test_a_ballast_that_does_not_fit(
    tmp_path: Path, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Is as large as it could be.
    """

    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("smsgw.disk.os.posix_fallocate", fail)
    disk = Disk(tmp_path, GIBIBYTE, MEBIBYTE, room.measure)
    disk.look()

    assert "" == disk.level
    assert disk.ballast_file.exists()


def test_a_real_disk(tmp_path: Path) -> None:
    """
    C{os.statvfs} fits.
    """
    disk = Disk(tmp_path, 1, 0)
    disk.look()

    assert disk.statvfs is os.statvfs
    assert "" == disk.level
