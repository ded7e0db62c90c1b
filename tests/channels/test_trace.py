"""
A trace's two files.
"""

from pathlib import Path

import msgspec
import pytest

from smsgw.channels.trace import Trace
from smsgw.protocols.cmpp import V30, ActiveTest
from smsgw.protocols.cmpp_rules import CMPP
from smsgw.protocols.pcap import FILE_HEADER
from tests.support.sessions import submit
from tests.support.worlds import NOW

ENDS = ("127.0.0.1", 40000, "127.0.0.1", 7890)
FRAMES = [CMPP.encode(submit(b"secret"), V30, 7), CMPP.encode(ActiveTest(), V30, 8)]


def trace(folder: Path, **more: object) -> Trace:
    """
    A trace of a CMPP channel.
    """
    return Trace(folder / "cm1", CMPP, lambda: NOW, **more)  # type: ignore[arg-type]


def lines(folder: Path) -> list[tuple[list[str], dict[str, object]]]:
    """
    Time, connection, direction; then what was said.
    """
    found = []
    for line in (folder / "cm1.log").read_text("utf-8").splitlines():
        *words, told = line.split(" ", 3)
        found.append((words, msgspec.json.decode(told)))
    return found


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_frames_are_found_in_any_pieces(tmp_path: Path, size: int) -> None:
    """
    A line a PDU, in China's time, without the text and the whole number.
    """
    one = trace(tmp_path)
    tap = one.tap("cm1#1", lambda: V30, ENDS)
    whole = b"".join(FRAMES)
    for at in range(0, len(whole), size):
        tap(True, whole[at : at + size])
    one.close()
    (first, told), (_, test) = lines(tmp_path)
    assert ["2026-09-21T22:13:20.000+08:00", "cm1#1", ">"] == first
    assert ("CMPP_SUBMIT", ["138******00"]) == (
        told["command"],
        told["Dest_terminal_Id"],
    )
    assert "******" == told["text"]
    assert "CMPP_ACTIVE_TEST" == test["command"]
    kept = (tmp_path / "cm1.pcap").read_bytes()
    assert kept.startswith(FILE_HEADER)
    assert b"secret" not in kept
    assert b"13800138000" not in kept
    assert kept.endswith(FRAMES[1])


def test_plain(tmp_path: Path) -> None:
    """
    Whoever may see it asks for it; the files are his alone.
    """
    one = trace(tmp_path, plain=True)
    one.tap("cm1#1", lambda: V30, ENDS)(False, FRAMES[0])
    one.close()
    ((words, told),) = lines(tmp_path)
    assert ("<", "secret") == (words[2], told["text"])
    modes = {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert {0o600} == modes


def test_garbage(tmp_path: Path) -> None:
    """
    Octets that are no frame are counted and not shown.
    """
    one = trace(tmp_path)
    tap = one.tap("cm1#1", lambda: V30, ENDS)
    tap(False, b"\xff" * 20 + b"13800138000")
    one.close()
    ((_, told),) = lines(tmp_path)
    assert 31 == told["octets"]
    assert b"13800138000" not in (tmp_path / "cm1.pcap").read_bytes()


def test_it_ends_when_it_is_full(tmp_path: Path) -> None:
    """
    A trace that was forgotten does not fill the disk.
    """
    one = trace(tmp_path, most=100)
    tap = one.tap("cm1#1", lambda: V30, ENDS)
    for _ in range(5):
        tap(True, FRAMES[1])
    one.close()
    assert one.full
    assert len(lines(tmp_path)) < 5
