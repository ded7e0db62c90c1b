"""
Tests for L{smsgw.cli.codes}.
"""

from collections import Counter
from pathlib import Path

import pytest

from smsgw.cli import main
from smsgw.config import load
from smsgw.directory import Channel, Directory
from smsgw.storage.codes import keep_unknown
from smsgw.storage.database import Database
from smsgw.storage.directory_store import apply_directory
from tests.support.record import now_or_never


def test_a_code(capsys: pytest.CaptureFixture[str]) -> None:
    """
    All there is to say of it, in each protocol that knows it.
    """
    assert 0 == main(["codes", "MI:0008"])
    told = capsys.readouterr().out
    assert "cmpp  状态报告 receipt  MI:0008\n" in told
    assert "不在服务区" in told
    assert "手机终端 handset" in told
    assert "不计入 no" in told
    assert "稍后重发 send again later" in told
    assert 0 == main(["codes", "9", "--protocol", "cmpp"])
    told = capsys.readouterr().out
    assert told.startswith("cmpp  提交应答 answer to a submit  9\n")
    assert "sgip" not in told


def test_all_codes(capsys: pytest.CaptureFixture[str]) -> None:
    """
    The tables, a line for each row.
    """
    assert 0 == main(["codes", "--protocol", "smpp"])
    told = capsys.readouterr().out
    assert "# smpp status\n" in told
    assert "流量控制" in told
    assert "cmpp" not in told
    assert 0 == main(["codes"])
    assert 400 < len(capsys.readouterr().out.splitlines())


def test_no_such_code(capsys: pytest.CaptureFixture[str]) -> None:
    """
    Status 1 says so.
    """
    assert 1 == main(["codes", "NOTHING", "--protocol", "sgip"])
    assert "no such code 没有此状态码\n" == capsys.readouterr().out
    assert 1 == main(["codes", "9", "--class", "quota"])
    assert "refused 2003 (channel)" in capsys.readouterr().err


@pytest.mark.usefixtures("at_once")
def test_on_a_channel(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """
    What nobody knows is listed, told once, and then known on that channel.
    """
    words = ["codes", "-c", str(config)]
    assert 0 == main([*words, "--unknown"])
    assert "every code is known 没有未知状态码\n" == capsys.readouterr().out
    database = Database.open(load(config).database_url)
    channel = Channel("web", "短信平台", "mobile", "http", "http://h", "u", "")
    objects = Directory(channels={"web": channel})
    now_or_never(database.write(apply_directory, objects, "ops", 1.0))
    found = Counter({("web", "E7", "receipt"): 3})
    now_or_never(database.write(keep_unknown, found, 1_790_000_000_000))
    assert 0 == main([*words, "--unknown"])
    assert "web  E7  receipt  3 次 times  2026-09-21" in capsys.readouterr().out
    assert 1 == main([*words, "E7", "--channel", "web"])
    capsys.readouterr()
    more = ["--class", "carrier_fault", "--zh", "上游拥塞", "--en", "congestion"]
    assert 0 == main([*words, "E7", "--channel", "web", *more])
    told = capsys.readouterr().out
    assert "上游拥塞 congestion  (通道自定义 set for this channel)" in told
    assert "运营商 carrier" in told
    assert 0 == main([*words, "--channel", "web"])
    assert capsys.readouterr().out.startswith("E7 ")
    assert 0 == main([*words, "--unknown", "--channel", "web"])
    assert "every code is known 没有未知状态码\n" == capsys.readouterr().out
    assert 1 == main([*words, "E7", "--channel", "web", "--forget"])
    assert "no such code 没有此状态码\n" == capsys.readouterr().out
    assert 1 == main([*words, "E7", "--channel", "none"])
    assert "refused 7404 (channel): none" in capsys.readouterr().err
    database.close()
