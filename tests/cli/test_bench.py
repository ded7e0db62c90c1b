"""
Tests for L{smsgw.cli.bench}.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from smsgw.cli import bench, main
from tests.cli.proving.test_certificate import GOOD


def test_the_certificate_is_printed_and_kept(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Status 0 when it passed; the stage is stopped whatever happens.
    """
    stopped: list[str] = []

    class Stage:
        """
        One that only stops.
        """

        folder = tmp_path
        stop = staticmethod(lambda: stopped.append("stage"))

    class Disk:
        """
        One that nobody may mount.
        """

        def __init__(self, *_: Any) -> None:
            pass

        mount = staticmethod(lambda: False)
        unmount = staticmethod(lambda: stopped.append("disk"))

    class Campaign:
        """
        One that passed.
        """

        def __init__(self, *_: Any) -> None:
            pass

        run = staticmethod(lambda: GOOD)

    monkeypatch.setattr(bench, "prepared", lambda *_: Stage)
    monkeypatch.setattr(bench, "Campaign", Campaign)
    monkeypatch.setattr(bench, "SmallDisk", Disk)
    monkeypatch.setattr(bench, "end_valkey", lambda _: stopped.append("valkey"))
    out = tmp_path / "kept" / "campaign"
    assert 0 == main(["bench", "kill", "--blows", "2", "--out", str(out)])
    assert "通过 passed" in capsys.readouterr().out
    assert out.with_suffix(".md").read_text("utf-8") == GOOD.text()
    assert out.with_suffix(".json").exists()
    assert stopped == ["stage", "valkey", "disk"]


@pytest.mark.real
def test_this_server_is_assessed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Without the repository's files; each row is told, long messages are whole, and
    every message that was taken has been sent.
    """
    out = tmp_path / "kept" / "acceptance"
    monkeypatch.chdir(tmp_path)
    status = main(["bench", "certify", "--quick", "--out", str(out)])
    told = json.loads(out.with_suffix(".json").read_text("utf-8"))
    assert status == (0 if told["passed"] else 1)
    assert out.with_suffix(".md").read_text("utf-8") in capsys.readouterr().out
    assert {"T15", "T22", "T23", "T24", "T25", "T26"} == {
        one["row"] for one in told["lines"]
    }
    figures = told["figures"]
    assert figures["whole"]["right"]
    assert figures["send"]["messages"] == figures["send"]["ended"]
    assert figures["steady"]["messages"] == figures["steady"]["posted"]
    assert [] == figures["peak"]["faults"]
