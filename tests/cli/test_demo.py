"""
Tests for L{smsgw.cli.demo}: the product does its main job.
"""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from smsgw.queues.valkey_files import ValkeyFiles

ROOT = Path(__file__).parents[2]
WITHIN = 90.0


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """
    The demonstration's folder; whatever still runs in it ends with the test.
    """
    path = tmp_path / "demo"
    yield path
    for pid in running(path):
        os.kill(pid, signal.SIGKILL)


def running(folder: Path) -> list[int]:
    """
    The processes of a demonstration: those that name its folder, and its store.
    """
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if os.fsencode(folder) in words:
                found.add(int(entry.name))
    if (folder / "data").exists():
        files = ValkeyFiles.prepare(folder / "data")
        if files.server_lives():
            found.update(files.holders())
    return sorted(found)


def demo(folder: Path, *more: str) -> subprocess.Popen[str]:
    """
    The command as C{make run} starts it.
    """
    return subprocess.Popen(
        [sys.executable, "-m", "smsgw", "demo", "--folder", str(folder), *more],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )


@pytest.mark.real
def test_it_delivers_everything_and_ends(folder: Path) -> None:
    """
    Status 0 in time: all delivered, the long text whole, replies linked, balanced.
    """
    with demo(folder, "--once") as process:
        try:
            told, _ = process.communicate(timeout=WITHIN)
        finally:
            process.kill()

    assert 0 == process.returncode, told
    assert "一字不差 exactly as sent" in told
    assert "发送 sent 1002, 送达 delivered 1002" in told
    assert "balanced 平衡" in told
    replies = re.search(r"回复 replies: (\d+), 已关联 linked (\d+)", told)
    assert replies is not None
    assert replies[1] == replies[2] != "0"
    assert len(told.splitlines()) < 150
    assert [] == running(folder)


@pytest.mark.real
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_stays_until_it_is_ended(folder: Path, sign: signal.Signals) -> None:
    """
    It says where it is and how to try it; ended, it leaves no process behind.
    """
    with demo(folder) as process:
        try:
            assert process.stdout is not None
            lines = []
            for line in process.stdout:
                lines.append(line)
                if "/v1/ready" in line:
                    break
            time.sleep(0.2)
            process.send_signal(sign)
            process.communicate(timeout=30)
        finally:
            process.kill()

    told = "".join(lines)
    assert "Authorization: Bearer" in told
    assert 0 == process.returncode, told
    assert [] == running(folder)


@pytest.mark.real
def test_it_may_be_ended_at_any_time(folder: Path) -> None:
    """
    Even while it starts: what was started ends with it.
    """
    with demo(folder) as process:
        try:
            until = time.monotonic() + 30
            while not (folder / "gateway.log").exists():
                assert time.monotonic() < until
                time.sleep(0.05)
            process.terminate()
            process.communicate(timeout=90)
        finally:
            process.kill()

    assert 130 == process.returncode
    assert [] == running(folder)


@pytest.mark.real
def test_a_folder_in_use_is_not_taken_away(folder: Path) -> None:
    """
    A folder that holds anything else: words and a status, nothing lost.
    """
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work", "utf-8")
    with demo(folder, "--once") as process:
        told, _ = process.communicate(timeout=30)

    assert 3 == process.returncode
    assert "is not empty" in told
    assert ["thesis.txt"] == [path.name for path in folder.iterdir()]
