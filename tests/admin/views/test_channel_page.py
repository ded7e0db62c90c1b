"""
A channel's own page.
"""

from smsgw.channels.seats import Line
from tests.support.console import House
from tests.support.record import NOW


def test_connections_in_words(house: House) -> None:
    """
    Each with its state, since when, its window, and what went wrong.
    """
    house.lines = [
        Line(
            "cmcc", 1, "bound", NOW - 90, "900001", "10.0.0.1:7890", 16, 3, 1200, 1197,
            0.012, NOW - 5, trouble="lost", trouble_at=NOW - 100, node="node1",
        ),
        Line(
            "cmcc", 2, "waiting", NOW - 3, "900001", retry_at=NOW + 12,
            trouble="login_refused", trouble_at=NOW - 3, code=3, node="node2",
        ),
        Line("cmcc", 0, "draining", 0.0, peer="10.0.0.9:4000", window=16),
        Line("other", 1, "bound", NOW),
    ]  # fmt: skip
    house.login()
    page = house.get("/monitor/cmcc").text
    for words in (
        "已登录", "90.0 s", "10.0.0.1:7890", "3 / 16", "1,200 / 1,197", "12 ms",
        "连接中断", "等待下一次重连", "还有 12 秒", "登录被拒绝", "向运营商核对登录名",
        "node2", "对方连入", "收尾中",
    ):  # fmt: skip
        assert words in page, words
    assert page.count("<tr>") == 4
    english = house.get("/monitor/cmcc?lang=en").text
    assert "waits for its next try" in english
    assert "12 s left" in english
    assert "the login was refused" in english


def test_without_connections(house: House) -> None:
    """
    Words for it; a channel that is not there is no page; without right, nothing.
    """
    house.login()
    assert "这里没有连接" in house.get("/monitor/cmcc").text
    assert 404 == house.get("/monitor/none").status
    house.connected = 0
    house.wall.at += 5
    assert "未连接" in house.get("/monitor/cmcc").text
    house.down = True
    assert 200 == house.get("/monitor/cmcc").status
    house.login("zhang")
    assert 403 == house.get("/monitor/cmcc").status


def test_switching_from_here(house: House) -> None:
    """
    The order is taken, and the page is shown again.
    """
    house.login()
    form = {"what": "pause", "reason": "检修", "from": "page"}
    answer = house.post("/monitor/cmcc", **form)
    assert answer.where.startswith("/monitor/cmcc?")
    assert "检修" in house.get("/monitor/cmcc").text
