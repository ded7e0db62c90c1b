"""
Tests for L{smsgw.cli.send}.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import attrs
import pytest

from smsgw.cli import main
from smsgw.cli.send import LOT, read_rows, send_rows
from smsgw.client import GatewayClient
from smsgw.errors import Refused
from tests.support.doors import SECRET, Front
from tests.support.record import now_or_never

CSV = "姓名,手机号,科室\n张三,13800138000,心内科\n李四,13900139000,检验科\n"
TEMPLATE = "{姓名}您好，请到{科室}候诊。"
TEXTS = ["张三您好，请到心内科候诊。", "李四您好，请到检验科候诊。"]


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


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "gbk"])
def test_rows_of_any_coding(table: Callable[..., Path], coding: str) -> None:
    """
    UTF-8 with and without BOM, and what Excel writes in China.
    """
    rows = list(read_rows(table(CSV, coding), TEMPLATE, None))

    assert TEXTS == [row["text"] for row in rows]
    assert ["13800138000", "13900139000"] == [row["to"] for row in rows]
    assert {"to", "text"} == rows[0].keys()


def test_a_row_s_own_reference(table: Callable[..., Path]) -> None:
    """
    A column that is unique per row becomes the reference.
    """
    rows = list(read_rows(table(), TEMPLATE, "姓名"))

    assert ["张三", "李四"] == [row["client_ref"] for row in rows]


def test_cells_as_they_are(table: Callable[..., Path]) -> None:
    """
    Quotes, commas, line ends and odd names of columns do no harm.
    """
    text = '电话,费用[元].x\r\n13800138000,"一,""二""\n三"\r\n'
    (row,) = read_rows(table(text), "共{费用[元].x}", None)

    assert '共一,"二"\n三' == row["text"]


@pytest.mark.parametrize(
    ("text", "template", "ref", "field", "words"),
    [
        (CSV, "{姓名}{医生}", None, "template", "'医生'"),
        (CSV, "{}", None, "template", "no column"),
        (CSV, "{姓名", None, "template", "expected '}'"),
        (CSV, "x", "序号", "ref-column", "'序号'"),
        ("姓名,号码\n张三,1\n", "x", None, "csv", "手机号"),
        ("", "x", None, "csv", "手机号"),
        (CSV + "王五,13700137000\n", "x", None, "csv", "row 3"),
        (CSV + "王五,13700137000,内科,2\n", "x", None, "csv", "row 3"),
    ],
)
def test_what_does_not_fit(
    table: Callable[..., Path],
    text: str,
    template: str,
    ref: str | None,
    field: str,
    words: str,
) -> None:
    """
    A missing column, a broken template, a short or long row: named, nothing sent.
    """
    with pytest.raises(Refused) as caught:
        list(read_rows(table(text), template, ref))

    assert field == caught.value.field
    assert words in caught.value.detail


@attrs.define(eq=False)
class Counter:
    """
    A door that keeps what it is sent.
    """

    bodies: list[Any] = attrs.field(factory=list)

    async def send_batch(self, body: Any) -> Any:
        """
        The answer to a lot.
        """
        self.bodies.append(body)
        return {"accepted": len(body["items"]), "rejected": 0, "items": []}


async def all_of(client: Any, rows: list[dict[str, str]], category: str) -> list[int]:
    """
    How far it was after each lot.
    """
    return [done async for done, _ in send_rows(client, rows, category)]


def test_lots() -> None:
    """
    Rows go in lots of a size that a door takes, in their order.
    """
    door, rows = Counter(), [{"to": str(n), "text": "x"} for n in range(LOT + 1)]

    assert [LOT, LOT + 1] == now_or_never(all_of(door, rows, "report"))
    assert [LOT, 1] == [len(body["items"]) for body in door.bodies]
    assert rows[LOT:] == door.bodies[1]["items"]
    assert "report" == door.bodies[1]["category"]


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
    Every row is a message; refused ones are told by their row; status 1.
    """
    path = str(table(CSV + "王五,12,内科\n"))
    words = ("--csv", path, "--template", TEMPLATE, "--ref-column", "姓名")

    assert 1 == caller.run(*words)
    told = capsys.readouterr()
    assert told.out.endswith("3/3 accepted 2, refused 1\n")
    assert told.err.startswith("row 3: 2006 ")


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
