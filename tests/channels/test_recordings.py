"""
Traces asked for from the console, and read as they grow.
"""

from pathlib import Path

from smsgw.channels.recordings import Recordings
from smsgw.channels.traces import Traces
from tests.channels.test_trace import ENDS, FRAMES, V30
from tests.channels.test_traces import Heard
from tests.support.worlds import NOW, Still


def test_a_recording(tmp_path: Path) -> None:
    """
    Asked for, read bit by bit, ended by its count of frames, taken away.
    """
    folder, clock, channel = tmp_path / "trace", Still(), Heard()
    recordings = Recordings(folder)
    assert None is recordings.wanted("cm1", NOW)
    assert [] == recordings.of("cm1")
    stem = recordings.start("cm1", 60.0, 3, False, NOW)
    assert "cm1-20260921T141320Z-masked" == stem
    assert [] == recordings.frames(stem, 0, 10)
    wanted = recordings.wanted("cm1", NOW)
    assert wanted is not None
    assert 3 == wanted.frames
    traces = Traces(folder, clock)
    traces.look({"cm1": channel})
    assert channel.trace is not None
    tap = channel.trace.tap("cm1#1", lambda: V30, ENDS)
    tap(True, FRAMES[0])
    [first] = recordings.frames(stem, 0, 10)
    assert ("22:13:20.000", "cm1#1", True) == (first.at, first.line, first.outgoing)
    assert "CMPP_SUBMIT" == first.command
    assert first.sequence
    assert b"13800138000".hex() not in first.octets
    tap(False, FRAMES[1] * 5)
    assert 2 == len(recordings.frames(stem, first.place, 10))
    assert 1 == len(recordings.frames(stem, first.place, 1))
    traces.look({"cm1": channel})
    assert None is recordings.wanted("cm1", NOW)
    assert None is channel.trace
    [one] = recordings.of("cm1")
    assert (stem, False, NOW) == (one.stem, one.plain, one.at)
    assert one.octets == len(recordings.file(stem, "log"))
    assert recordings.file(stem, "pcap")
    recordings.remove(stem)
    assert [] == recordings.of("cm1")


def test_stopped_by_hand(tmp_path: Path) -> None:
    """
    The wish is taken back; a channel of a like name has recordings of its own.
    """
    recordings = Recordings(tmp_path / "trace")
    stem = recordings.start("cm1-2", 60.0, 0, True, NOW)
    (recordings.folder / f"{stem}.log").write_bytes(b"")
    recordings.stop("cm1-2")
    assert None is recordings.wanted("cm1-2", NOW)
    assert [] == recordings.of("cm1")
    assert [True] == [one.plain for one in recordings.of("cm1-2")]
    recordings.start("cm1-2", 60.0, 0, True, NOW + 31 * 86_400)
    assert [] == recordings.of("cm1-2")


def test_what_is_no_frame(tmp_path: Path) -> None:
    """
    It is told as such; half a line waits for its rest.
    """
    recordings = Recordings(tmp_path)
    line = b'2026-09-21T22:13:20.000+08:00 cm1#1 < {"error":"short","octets":3}\n'
    (tmp_path / "x.log").write_bytes(line + line[:9])
    [one] = recordings.frames("x", 0, 10)
    assert ("", {"error": "short"}, "") == (one.command, one.fields, one.octets)
    assert "" == one.sequence
