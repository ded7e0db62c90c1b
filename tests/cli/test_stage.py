"""
Tests for L{smsgw.cli.stage}.
"""

import re
import socket
import stat
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from smsgw.cli.stage import Stage
from smsgw.config import load
from smsgw.errors import Unavailable
from smsgw.objects import load_directory
from smsgw.simulator.scenario import load as load_scenario

ETC = Path(__file__).parents[2] / "etc"


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """
    A stage whose processes end with the test.
    """
    made = Stage(tmp_path / "stage", ETC)
    yield made
    made.stop()


def test_its_files_are_private(stage: Stage) -> None:
    """
    Every file is for its owner alone, secrets are there and all different.
    """
    stage.build()
    files = sorted(stage.folder.iterdir())
    secrets = {path.read_text("utf-8") for path in files if path.suffix == ".secret"}

    assert {0o600} == {stat.S_IMODE(path.stat().st_mode) for path in files}
    assert 0o700 == stat.S_IMODE(stage.folder.stat().st_mode)
    assert 7 == len(secrets)
    assert {17} == {len(secret) for secret in secrets}


def test_its_ports_are_in_its_files(stage: Stage) -> None:
    """
    Gateway, carrier and channel meet at the ports that were free.
    """
    stage.build()
    ports = stage.ports
    settings = load(stage.config)
    objects = load_directory(stage.folder / "objects.toml")
    scene = load_scenario(stage.folder / "simulator.toml")
    mobile, unicom, telecom = scene.carriers

    assert 8 == len(set(ports.values()))
    http = f"tcp:{ports['http']}:interface=127.0.0.1:backlog=1024"
    assert (http,) == settings.http.listen
    admin = f"tcp:{ports['admin']}:interface=127.0.0.1:backlog=1024"
    assert (admin,) == settings.admin.listen
    for channel, one, name in (
        ("cmcc", mobile, "cmpp"),
        ("cucc", unicom, "sgip"),
        ("ctcc", telecom, "smgp"),
    ):
        assert f"tcp:127.0.0.1:{ports[name]}" == objects.channels[channel].endpoint
        assert (f"tcp:{ports[name]}:interface=127.0.0.1",) == one.listen
    back = objects.channels["cucc"].settings["listen"]
    assert f"tcp:{ports['back']}:interface=127.0.0.1" == back
    assert (f"tcp:127.0.0.1:{ports['back']}",) == unicom.accounts[0].reverse
    assert (f"tcp:{ports['control']}:interface=127.0.0.1",) == scene.control
    (server,) = settings.servers
    assert (f"tcp:{ports['door']}:interface=127.0.0.1",) == server.listen
    assert f"http://127.0.0.1:{ports['http']}" == stage.url


def test_both_sides_share_the_secret(stage: Stage) -> None:
    """
    What the channel logs in with is what the carrier expects; the key fits its
    hash.
    """
    stage.build()
    objects = load_directory(stage.folder / "objects.toml")
    carriers = load_scenario(stage.folder / "simulator.toml").carriers

    for channel, one in zip(("cmcc", "cucc", "ctcc"), carriers, strict=True):
        assert objects.channels[channel].secret == one.accounts[0].secret
    hashed = sha256(stage.key.encode()).hexdigest()
    assert hashed == objects.credentials["his"].bearer_hash
    assert stage.key not in repr(stage)


def test_a_taken_port_is_passed_by(stage: Stage) -> None:
    """
    Another one is chosen when the usual one is in use.
    """
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 8080))
        except OSError:
            pass
        else:
            taken.listen()
        stage.build()

    assert 8080 != stage.ports["http"]


def test_made_anew(stage: Stage) -> None:
    """
    Nothing of an earlier demonstration stays, its key is another.
    """
    stage.build()
    key, old = stage.key, stage.folder / "data"
    old.mkdir()
    stage.build()

    assert not old.exists()
    assert key != stage.key


def test_a_foreign_folder_is_left_alone(stage: Stage) -> None:
    """
    A folder that is not a stage's is not taken away.
    """
    stage.folder.mkdir()
    kept = stage.folder / "thesis.txt"
    kept.write_text("years of work", "utf-8")

    with pytest.raises(Unavailable, match="not empty"):
        stage.build()
    assert kept.exists()


def test_a_command_that_fails_is_told(stage: Stage) -> None:
    """
    What it printed is in the words.
    """
    with pytest.raises(Unavailable, match=re.escape("none.toml")):
        stage.command("check", "-c", str(stage.folder / "none.toml"))


@pytest.mark.real
def test_processes_are_watched_and_ended(stage: Stage) -> None:
    """
    A process that ended is named with the end of its log; the others end by stop.
    """
    stage.build()
    stage._spawn("sleeper", "-c", "import time; print('here'); time.sleep(600)")
    stage.check()
    stage._spawn("broken", "-c", "import sys; sys.exit('cannot listen')")
    stage.processes["broken"].wait(30)

    with pytest.raises(Unavailable, match="the broken ended:\ncannot listen"):
        stage.check()
    sleeper = stage.processes["sleeper"]
    stage.stop()
    assert sleeper.returncode is not None
    assert {} == stage.processes


def test_the_configuration_is_toml(stage: Stage) -> None:
    """
    Its data goes beside it.
    """
    stage.build()
    told = subprocess.run(
        [
            *(sys.executable, "-m", "smsgw", "check", "-c", str(stage.config)),
            "--files-only",
        ],
        check=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )

    assert "node demo" in told.stdout
    assert "data" == tomllib.loads(stage.config.read_text("utf-8"))["data_dir"]
