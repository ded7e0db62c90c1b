"""
Tests for L{smsgw.cli.send}.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from smsgw.cli import main
from smsgw.client import GatewayClient
from tests.support.doors import SECRET, Front

CSV = "姓名,手机号,科室\n张三,13800138000,心内科\n李四,13900139000,检验科\n"
TEMPLATE = "{姓名}您好，请到{科室}候诊。"


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    """
    Writes a CSV file.
    """

    def write(text: str = CSV, coding: str = "utf-8") -> Path:
        path = tmp_path / "rows.csv"
        path.write_bytes(text.encode(coding))
        return path

    return write


@attrs.define(eq=False)
class Caller:
    """
    The command against a door in memory.
    """

    front: Front
    words: list[str]

    def run(self, *more: str) -> int:
        """
        Its status.
        """
        return main([*self.words, *more])


@pytest.fixture
def caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Caller:
    """
    A command that needs no reactor and reaches a door in memory.
    """
    front, told = Front(), list[Any]()
    secret = tmp_path / "his.secret"
    secret.write_text(f"{SECRET}\n", "utf-8")
    numbers = iter(range(1_000))

    def over(_: object, base: str, app_id: str, key: str) -> GatewayClient:
        return GatewayClient(
            front.outgoing(), base, app_id, key, front.wall.now,
            lambda: f"nonce-{next(numbers):04d}",
        )  # fmt: skip

    def run(work: Callable[[Any], Awaitable[Any]]) -> Any:
        from twisted.internet.defer import Deferred

        async def whole() -> Any:
            return await work(None)

        told.clear()
        done = Deferred.fromCoroutine(whole()).addBoth(told.append)
        while not told:
            front.flush()
        assert done.called
        if hasattr(told[0], "raiseException"):
            told[0].raiseException()
        return told[0]

    monkeypatch.setattr("smsgw.cli.send.GatewayClient.over", over)
    monkeypatch.setattr("smsgw.cli.send.in_reactor", run)
    return Caller(front, ["send", "--app-id", "his", "--secret-file", str(secret)])


def test_one_message(caller: Caller, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Id, number, state; status 0.
    """
    status = caller.run("--to", "13800138000", "--text", "您好", "--category", "otp")

    assert 0 == status
    words = capsys.readouterr().out.split()
    assert ["13800138000", "accepted"] == words[1:]
    assert 1 == len(caller.front.shelf.kept)


def test_a_refused_number(caller: Caller, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Why, in the place of the state; status 1, though the other was taken.
    """
    numbers = ("--to", "13800138000", "--to", "12")

    assert 1 == caller.run(*numbers, "--text", "您好")
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("13800138000 accepted")
    assert second.startswith("- 12 2006 ")


def test_a_table(
    caller: Caller, table: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Every row is a message; refused ones are told by their line; status 1.
    """
    path = str(table(CSV + "王五,12,内科\n"))
    words = ("--csv", path, "--template", TEMPLATE, "--ref-column", "姓名")

    assert 1 == caller.run(*words)
    told = capsys.readouterr()
    assert told.out.endswith("3/3 accepted 2, refused 1\n")
    assert told.err.startswith("line 4: 2006 ")


def test_a_table_with_broken_rows(
    caller: Caller, table: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """
    All of them are listed by their lines, nothing is sent; status 2.
    """
    path = str(table(CSV + "赵六,2\n一,13700137000,内科,2\n"))

    assert 2 == caller.run("--csv", path, "--template", TEMPLATE)
    told = capsys.readouterr().err.splitlines()
    assert ["  line 4 has not 3 cells", "  line 5 has not 3 cells"] == told[1:]
    assert [] == caller.front.shelf.kept


def test_a_run_goes_on_where_it_ended(
    caller: Caller, table: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A door that stays away ends it with status 3 and the words to go on with; what
    was taken is not taken twice.
    """
    path = str(table())
    words = ("--csv", path, "--template", TEMPLATE, "--patience", "0")
    caller.front.shelf.down = True

    assert 3 == caller.run(*words)
    told = capsys.readouterr()
    assert told.out.endswith(" accepted 0, refused 0\n")
    first, _ = told.err.splitlines()
    run = first.rpartition(" ")[2]
    caller.front.shelf.down = False
    assert 0 == caller.run(*words, "--run", run)
    assert 0 == caller.run(*words, "--run", run)
    assert 1 == len(caller.front.shelf.kept)


def test_a_template_in_a_file(
    caller: Caller, table: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    """
    C{@FILE}, with a BOM as editors write it; status 0.
    """
    path = table()
    file = path.with_name("template.txt")
    file.write_text(TEMPLATE + "\n", "utf-8-sig")

    assert 0 == caller.run("--csv", str(path), "--template", f"@{file}")
    assert capsys.readouterr().out.endswith("2/2 accepted 2, refused 0\n")


def test_a_refusal_ends_in_words(
    caller: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    The door refuses the whole: its code and field; status 1.
    """
    assert 1 == caller.run("--to", "13800138000")
    assert "(text)" in capsys.readouterr().err


def test_a_store_that_is_down(
    caller: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Try again, status 3.
    """
    caller.front.shelf.down = True

    assert 3 == caller.run("--to", "13800138000", "--text", "您好")
    assert "try again" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--to", "13800138000", "--csv", "x.csv"),
        ("--csv", "x.csv"),
    ],
)
def test_either_number_or_table(
    caller: Caller, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    """
    One of the two, and a table with its template; status 1.
    """
    assert 1 == caller.run(*words)
    assert "refused 2003" in capsys.readouterr().err


def test_files_that_are_not_there(
    caller: Caller, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    A file that cannot be read is named; status 2.
    """
    missing = str(tmp_path / "none.csv")

    assert 2 == caller.run("--csv", missing, "--template", "x")
    assert missing in capsys.readouterr().err
