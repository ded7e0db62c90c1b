"""
A channel tried from its form, as it is there.
"""

import msgspec

from smsgw.channels.trial import Trial
from tests.support.console import House

FORM = {
    "id": "new",
    "name": "新通道",
    "carrier": "mobile",
    "protocol": "cmpp",
    "version": "3.0",
    "endpoint": "tcp:10.0.0.9:7890",
    "login": "900001",
    "secret": "from-the-form",
    "access_number": "10690000",
    "connections": "1",
    "window": "16",
    "active": "1",
}


def test_a_new_channel(house: House) -> None:
    """
    With what the form says; nothing is saved, the secret is not shown.
    """
    house.login()
    assert 'formaction="/try/channels"' in house.get("/channels/new").text
    page = house.post("/try/channels", **FORM)
    assert 200 == page.status
    assert "登录成功" in page.text
    assert "from-the-form" not in page.text
    assert ["from-the-form"] == [one.secret for one in house.tries]
    assert "new" not in house.desk.directory.channels


def test_a_stored_channel(house: House) -> None:
    """
    An empty secret means the one that is kept; the outcome tells what to do.
    """
    house.login()
    house.trial = Trial(
        "login", ("登录被拒绝", "refused"), ("核对密码", "check the secret"), 0.2, 3
    )
    known = house.desk.directory.channels["cmcc"]
    form = {
        name: str(value)
        for name, value in msgspec.to_builtins(known).items()
        if isinstance(value, str | int | float) and name != "secret"
    }
    assert 'formaction="/try/channels/cmcc"' in house.get("/channels/cmcc").text
    was = house.get("/channels/cmcc").text.split('name="_was" value="')[1].split('"')[0]
    page = house.post("/try/channels/cmcc", **form, _was=was)
    for told in ("登录被拒绝", "核对密码", "代码 3", "200 ms", "未通过"):
        assert told in page.text
    assert [known.secret] == [one.secret for one in house.tries]


def test_mistakes_come_first(house: House) -> None:
    """
    What cannot be a channel is not tried.
    """
    house.login()
    page = house.post("/try/channels", **{**FORM, "protocol": "cmpp", "id": ""})
    assert 422 == page.status
    assert "请先改正" in page.text
    assert [] == house.tries
