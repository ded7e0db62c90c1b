"""
Tests for L{smsgw.cli.routes}.
"""

from pathlib import Path

import pytest

from smsgw.cli import main
from smsgw.cli.stores import fields_of
from smsgw.config import load
from smsgw.storage.database import Database
from tests.support.record import IDS, PHONE, chunk, record

OBJECTS = """\
[[accounts]]
id = "his"
name = "门诊预约系统"
signature = "市一医院"

[[channels]]
id = "cmcc"
name = "移动"
carrier = "mobile"
protocol = "cmpp"
endpoint = "tcp:127.0.0.1:7890"
login = "900001"
secret = "made up"

[[groups]]
id = "first"
primaries = [{ channel = "cmcc" }]

[[groups]]
id = "second"
primaries = [{ channel = "cmcc", cap = 5 }]

[[rules]]
id = "r1"
order = 1
group = "first"
"""
DRAFT = """\
[[rules]]
id = "n1"
order = 1
group = "second"
text = "报告"
carrier = "mobile"

[[rules]]
id = "n2"
order = 2
group = "first"
category = "otp"
"""

pytestmark = pytest.mark.usefixtures("at_once")


@pytest.fixture
def draft(config: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """
    A draft of rules beside a record with ten messages and the rules as they are.
    """
    path = config.with_name("draft.toml")
    path.write_text(DRAFT, "utf-8")
    objects = config.with_name("objects.toml")
    objects.write_text(OBJECTS, "utf-8")
    assert 0 == main(["apply", "-c", str(config), str(objects)])
    settings = load(config)
    database = Database.open(settings.database_url)
    try:
        record(database, chunk(IDS[:10]), fields=fields_of(settings))
    finally:
        database.close()
    capsys.readouterr()
    return path


def test_a_dry_run(
    config: Path, draft: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    Counts per group, what moves, and ids as examples; no number and no text.
    """
    words = ["routes", "dry-run", "-c", str(config), str(draft)]
    assert 0 == main([*words, "--limit", "8"])
    out = capsys.readouterr().out
    lines = out.splitlines()

    assert lines[0].startswith("8 messages 条, 8 would go another way 改变路由, ")
    assert f"{8:>10} {0:>10} {-8:>+10}  first" in lines
    assert f"{0:>10} {8:>10} {8:>+10}  second" in lines
    assert f"{8:>10}  his  mobile  notice  first -> second" in lines
    assert lines[-2].endswith(f"e.g. 例 {IDS[9]} {IDS[8]} {IDS[7]}")
    assert lines[-1].startswith("second: 8 messages 条 on 20")
    assert lines[-1].endswith("at most a day 日上限: cmcc 5")
    assert PHONE[:7] not in out
    assert "报告" not in out

    assert 0 == main([*words, "--since", "2036-09-21T08:00"])
    assert capsys.readouterr().out.startswith("0 messages 条, 0 would go")


def test_mistakes_in_a_draft(
    config: Path, draft: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    In words, with status 2.
    """
    draft.write_text(DRAFT.replace("报告", "(报告").replace("otp", "opt"), "utf-8")

    assert 2 == main(["routes", "dry-run", "-c", str(config), str(draft)])
    told = capsys.readouterr().err
    assert "text 不是可用的表达式" in told
    assert "category 'opt' 未知 / unknown @ $.rules[1] (n2)" in told


def test_explain(config: Path, draft: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    Every rule that was tried, and the one that decides.
    """
    words = ["routes", "explain", "-c", str(config), "--account", "his", "--to", PHONE]
    assert 0 == main([*words, "--text", "您好"])
    assert [
        "138****8000  mobile  unknown  normal",
        "his  notice  市一医院",
        "  = r1 -> first: cmcc",
    ] == capsys.readouterr().out.splitlines()

    assert 0 == main([*words, "--text", "您好", "--file", str(draft)])
    assert [
        "  - n1: text does not have 报告",
        "  - n2: category notice is not otp",
        "no rule matches 无匹配规则",
    ] == capsys.readouterr().out.splitlines()[2:]

    assert 0 == main([*words, "--category", "otp", "--file", str(draft)])
    assert "  = n2 -> first: cmcc" == capsys.readouterr().out.splitlines()[-1]

    assert 0 == main([*words, "--text", "报告", "--file", str(draft)])
    assert [
        "  = n1 -> second: cmcc",
        "    cmcc at most 5 a day 日上限 5 条",
    ] == capsys.readouterr().out.splitlines()[-2:]


def test_explaining_what_is_not_there(
    config: Path, draft: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    An account or a template that nobody has is named.
    """
    words = ["routes", "explain", "-c", str(config), "--to", PHONE, "--account"]
    assert 1 == main([*words, "gone"])
    assert "refused 7404 (account): gone" in capsys.readouterr().err
    assert 1 == main([*words, "his", "--template", "gone"])
    assert "refused 7404 (template): gone" in capsys.readouterr().err
