"""
Tests for L{smsgw.cli.simulate}.
"""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest

from smsgw.cli import main

ANY = "tcp:0:interface=127.0.0.1"
SCENARIO = '[[accounts]]\nlogin = "900001"\nsecret = "888888"\naccess = "10690000"\n'


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    """
    A carrier with one account.
    """
    path = tmp_path / "simulator.toml"
    path.write_text(SCENARIO, "utf-8")
    return path


def test_mistakes_are_told_before_it_starts(
    scenario: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    All of them, status 2.
    """
    scenario.write_text(SCENARIO + "windw = 1\n[latency]\nresponse = 'x'\n", "utf-8")

    assert 2 == main(["simulate", str(scenario)])
    told = capsys.readouterr().err
    assert "unknown key 'windw' (did you mean 'window'?)" in told
    assert "@ $.latency.response" in told


@pytest.mark.real
def test_it_is_a_carrier_until_it_is_ended(scenario: Path) -> None:
    """
    One line when it listens; SIGTERM ends it without a traceback.
    """
    words = ["simulate", str(scenario), "--listen", ANY, "--control", ANY]
    with subprocess.Popen(
        [sys.executable, "-m", "smsgw", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            port = re.search(r"http \[(\d+)\]", line)
            assert port is not None, line
            with urlopen(f"http://127.0.0.1:{port[1]}/totals") as page:
                assert 200 == page.status
            process.send_signal(signal.SIGTERM)
            _, told = process.communicate(timeout=30)
        finally:
            process.kill()

    assert "模拟运营商已就绪 simulated carrier ready" in line
    assert process.returncode in (0, 130)
    assert "" == told


@pytest.mark.real
def test_a_taken_port_is_told(scenario: Path) -> None:
    """
    Words and a status.
    """
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"tcp:{taken.getsockname()[1]}:interface=127.0.0.1"
        words = ["simulate", str(scenario), "--listen", place, "--control", ANY]
        done = subprocess.run(
            [sys.executable, "-m", "smsgw", *words],
            check=False,
            capture_output=True,
            text=True,
            timeout=30,
        )

    assert 3 == done.returncode
    assert "Address already in use" in done.stderr
    assert "Traceback" not in done.stderr
