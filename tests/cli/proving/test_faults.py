"""
Tests for L{smsgw.cli.proving.faults}: the blows against stand-ins; the crash test
strikes a real gateway with all of them.
"""

import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from smsgw.cli.proving import faults
from smsgw.cli.proving.faults import KINDS, Blows, valkey_pid
from smsgw.cli.proving.small_disk import SmallDisk
from smsgw.cli.stage import Stage


@pytest.mark.real
def test_a_stopped_process_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    It is there afterwards, and was stopped in between.
    """
    stage = Stage(tmp_path, Path("etc"))
    words = [sys.executable, "-c", "import time; time.sleep(60)"]
    with subprocess.Popen(words) as process:
        stage.processes["gateway"] = process
        seen: list[str] = []

        def nap(_: float) -> None:
            time.sleep(0.1)
            state = Path(f"/proc/{process.pid}/stat").read_text().split()[2]
            seen.append(state)

        monkeypatch.setattr(faults, "time", type("T", (), {"sleep": staticmethod(nap)}))
        assert Blows(stage, random.Random(1)).strike("gateway stopped") == 0
        assert seen == ["T"]
        assert process.poll() is None
        process.send_signal(signal.SIGKILL)


def test_the_database_is_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Nobody else writes meanwhile, everybody afterwards.
    """
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "record.sqlite"
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    other.execute("CREATE TABLE t (a)")
    refused: list[str] = []

    def nap(_: float) -> None:
        try:
            other.execute("INSERT INTO t VALUES (1)")
        except sqlite3.OperationalError as error:
            refused.append(str(error))

    monkeypatch.setattr(faults, "time", type("T", (), {"sleep": staticmethod(nap)}))
    Blows(Stage(tmp_path, Path("etc")), random.Random(1)).strike("database held")
    assert refused == ["database is locked"]
    other.execute("INSERT INTO t VALUES (1)")
    other.close()
    assert threading.active_count() >= 1


def test_the_recorder_is_killed_before_a_held_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    It is gone while nobody else may write; that counts as one kill.
    """
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "record.sqlite"
    other = sqlite3.connect(path, timeout=0, isolation_level=None)
    other.execute("CREATE TABLE t (a)")
    words = [sys.executable, "-c", "input()"]
    with subprocess.Popen(words, stdin=subprocess.PIPE) as process:
        seen: list[object] = []

        def nap(_: float) -> None:
            seen.append(process.wait(5))
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("INSERT INTO t VALUES (1)")

        clock = type("T", (), {"sleep": staticmethod(nap)})
        monkeypatch.setattr(faults, "time", clock)
        monkeypatch.setattr(Blows, "recorder_pid", lambda _: process.pid)
        blows = Blows(Stage(tmp_path, Path("etc")), random.Random(1))
        assert 1 == blows.strike("recorder, held")
    assert [-signal.SIGKILL] == seen
    other.execute("INSERT INTO t VALUES (1)")
    other.close()


def test_links_are_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Each carrier is told to break off some writes.
    """
    stage = Stage(tmp_path, Path("etc"), ports={"control": 1})
    asked: list[tuple[str, object]] = []

    def call(
        _port: int, _key: str, _method: str, path: str, body: object = None
    ) -> tuple[int, object]:
        asked.append((path, body))
        return 200, ["cmcc", "cucc"] if path == "/carriers" else {}

    monkeypatch.setattr(faults, "call", call)
    monkeypatch.setattr(
        faults, "time", type("T", (), {"sleep": staticmethod(lambda _: None)})
    )
    assert 0 == Blows(stage, random.Random(1)).strike("links cut")
    assert [
        ("/carriers", None),
        ("/carriers/cmcc/faults", {"cut": 3}),
        ("/carriers/cucc/faults", {"cut": 3}),
    ] == asked


def test_the_clock_is_stepped_and_set_right_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    Twice it is off by less than a code is valid for.
    """
    stage = Stage(tmp_path, Path("etc"))
    off: list[float] = []

    def nap(_: float) -> None:
        off.append(float(stage.steps.read_text("utf-8")))

    monkeypatch.setattr(faults, "time", type("T", (), {"sleep": staticmethod(nap)}))
    assert 0 == Blows(stage, random.Random(1)).strike("clock stepped")
    assert 3 == len(off)
    assert 0.0 == off[-1]
    assert all(60 <= abs(one) <= 120 for one in off[:2])


def test_only_a_small_disk_is_filled(tmp_path: Path) -> None:
    """
    The machine's own never is.
    """

    class Disk(SmallDisk):
        """
        One that only notes.
        """

        filled = 0.0

        def fill(self, seconds: float) -> None:
            """
            For how long.
            """
            self.filled = seconds

    stage, disk = Stage(tmp_path, Path("etc")), Disk(tmp_path, 1)
    assert "disk full" not in Blows(stage, random.Random(1)).kinds
    blows = Blows(stage, random.Random(1), disk)
    assert "disk full" in blows.kinds
    assert 0 == blows.strike("disk full")
    assert 2.0 <= disk.filled <= 4.0


def test_who_is_not_there_is_not_killed(tmp_path: Path) -> None:
    """
    Neither recorder nor queue server.
    """
    stage = Stage(tmp_path, Path("etc"))
    (tmp_path / "data").mkdir()
    assert Blows(stage, random.Random(1)).strike("recorder") == 0
    assert valkey_pid(stage) == 0
    assert len(set(KINDS)) == 13
