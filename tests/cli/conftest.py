"""
A configuration of a test's own, and commands that need no reactor to run.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.record import now_or_never

OBJECTS = """\
[[departments]]
id = "main"
name = "示范医院"

[[accounts]]
id = "his"
name = "门诊预约系统"
department = "main"
signature = "示范医院"

[[credentials]]
app_id = "his"
account = "his"
secret_files = ["his.secret"]
"""


@pytest.fixture(autouse=True)
def no_reactor(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A reactor that ran to its end runs no other test: real commands are processes.
    """

    def react(*_: object) -> None:
        pytest.fail("this command needs at_once, or a process of its own")

    monkeypatch.setattr("smsgw.cli.stores.react", react)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """
    A configuration file whose data goes beside it.
    """
    path = tmp_path / "smsgw.toml"
    path.write_text('data_dir = "data"\n', "utf-8")
    return path


@pytest.fixture
def objects(tmp_path: Path) -> Path:
    """
    A file of business objects with its secret.
    """
    (tmp_path / "his.secret").write_text("a made-up secret\n", "utf-8")
    path = tmp_path / "objects.toml"
    path.write_text(OBJECTS, "utf-8")
    return path


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Commands on the record run without a reactor: it runs in their own thread.
    """

    def run(work: Callable[[Any], Awaitable[object]]) -> object:
        async def whole() -> object:
            return await work(None)

        return now_or_never(whole())

    names = (
        "apply blacklist channels check codes credit demo_data dump numbers passwd"
        " review routes schedules trace versions words"
    )
    for name in names.split():
        monkeypatch.setattr(f"smsgw.cli.{name}.in_reactor", run)
