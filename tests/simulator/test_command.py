"""
The command as a process.
"""

import argparse
import json
import re
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from smsgw.simulator.command import Options, add_arguments, options

SCENARIO = '[[accounts]]\nlogin = "900001"\nsecret = "888888"\n'
ANY = "tcp:0:interface=127.0.0.1"


def test_options_change_the_scenario(tmp_path: Path) -> None:
    """
    What is given on the command line wins.
    """
    path = tmp_path / "simulator.toml"
    path.write_text(SCENARIO)
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    chosen = options(parser.parse_args([str(path), "--listen", ANY, "--seed", "5"]))

    assert Options(path, ANY, seed=5) == chosen
    scene = chosen.read()
    (carrier,) = scene.carriers
    assert ((ANY,), 5) == (carrier.listen, carrier.seed)
    assert ("tcp:7891:interface=127.0.0.1",) == scene.control


@pytest.mark.real
def test_a_process_says_where_it_listens_and_ends(tmp_path: Path) -> None:
    """
    One line when ready, answers over HTTP, ends by SIGTERM.
    """
    path = tmp_path / "simulator.toml"
    path.write_text(SCENARIO)
    command = [sys.executable, "-m", "smsgw.simulator.command", str(path)]
    with subprocess.Popen(
        [*command, "--listen", ANY, "--control", ANY],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        port = re.search(r"http \[(\d+)\]", line)
        assert port is not None
        with urllib.request.urlopen(f"http://127.0.0.1:{port[1]}/totals") as page:
            totals = json.load(page)
        process.terminate()

    assert 0 == totals["accounts"]["900001"]["connections"]


@pytest.mark.real
def test_a_bad_file_is_told(tmp_path: Path) -> None:
    """
    Status 1 and the mistakes, no traceback.
    """
    path = tmp_path / "simulator.toml"
    path.write_text("accounts = []\nnonsense = 1\n")
    ended = subprocess.run(
        [sys.executable, "-m", "smsgw.simulator.command", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert 1 == ended.returncode
    assert "nonsense" in ended.stderr
    assert "Traceback" not in ended.stderr
