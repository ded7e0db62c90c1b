"""
Tests for L{smsgw.cli.backup}, with L{smsgw.cli.restore}: a gateway with waiting
messages is backed up while it runs, restored elsewhere, and sends them.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from smsgw.cli import main
from smsgw.cli.proving.campaign import end_valkey
from smsgw.cli.proving.load import call
from smsgw.cli.stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """
    A gateway and its carriers.
    """
    made = Stage(tmp_path / "stage", Path("etc"), usual=False)
    made.build()
    try:
        made.start()
        yield made
    finally:
        made.stop()
        end_valkey(made)


def until(what: Callable[[], Any], seconds: float = 60.0) -> Any:
    """
    Poll until it is true.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := what():
                return found
        except OSError:
            pass
        time.sleep(0.1)
    raise AssertionError("not in time")


@pytest.mark.real
def test_backed_up_and_restored(stage: Stage, tmp_path: Path) -> None:
    """
    Channels are paused; what waited is there, and goes when they are resumed.
    """
    port, key = stage.ports["http"], stage.key

    def ask(method: str, path: str, body: Any = None) -> Any:
        return call(port, key, method, path, body)

    until(lambda: ask("GET", "/v1/ready")[0] == 200)
    for name in ("cmcc", "cucc", "ctcc"):
        stage.command(
            "channels", "pause", name, "--reason", "test", "-c", str(stage.config)
        )
    time.sleep(3)
    body = {"to": ["13800138000"], "text": "备份前的短信"}
    _, answer = ask("POST", "/v1/messages", body)
    sent = f"/v1/messages/{answer['items'][0]['id']}"
    until(lambda: ask("GET", sent)[0] == 200)
    out = tmp_path / "backup.tar"
    assert 0 == main(["backup", str(out), "-c", str(stage.config), "--with-keys"])
    assert 1 == main(["backup", str(out), "-c", str(stage.config)])
    stage.processes["gateway"].kill()
    stage.processes["gateway"].wait()
    end_valkey(stage)
    time.sleep(0.5)
    lost = stage.folder / "data"
    lost.rename(stage.folder / "lost")
    told = stage.command("restore", str(out), "--into", str(lost))
    assert "channels paused: cmcc, ctcc, cucc" in told
    stage.start_gateway()
    until(lambda: ask("GET", "/v1/ready")[0] == 200)
    until(lambda: ask("GET", sent)[1].get("text") == "备份前的短信")
    for name in ("cmcc", "cucc", "ctcc"):
        stage.command("channels", "resume", name, "-c", str(stage.config))
    until(lambda: ask("GET", sent)[1]["state"] == "delivered")
    assert "balanced" in stage.command("balance", "-c", str(stage.config))


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('[database]\nurl = "postgresql://smsgw@127.0.0.1/x"\n', "pg_dump"),
        ('[queue]\nkind = "redis"\nurl = "redis://127.0.0.1:1/0"\n', "append-only"),
    ],
)
def test_servers_of_ones_own(
    tmp_path: Path, settings: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Have backups of their own, and the words say how.
    """
    path = tmp_path / "smsgw.toml"
    path.write_text(f'data_dir = "data"\n{settings}', "utf-8")
    assert 1 == main(["backup", str(tmp_path / "b.tar"), "-c", str(path)])
    assert told in capsys.readouterr().err
