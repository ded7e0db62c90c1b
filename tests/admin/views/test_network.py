"""
Channels switched by hand, and codes explained.
"""

from smsgw.storage.channel_orders import channel_orders_of
from smsgw.storage.codes import overrides_of
from tests.support.console import House
from tests.support.record import now_or_never


def test_switching(house: House) -> None:
    """
    With a reason; the order stands and can be taken back.
    """
    house.login()
    page = house.get("/monitor").text
    assert "移动一" in page
    assert "3 / 16" in page
    assert 422 == house.post("/monitor/cmcc", what="pause").status
    assert 303 == house.post("/monitor/cmcc", what="pause", reason="检修").status
    orders = now_or_never(house.database.read(channel_orders_of))
    assert ("paused", "检修", "liu") == (
        orders["cmcc"].state,
        orders["cmcc"].reason,
        orders["cmcc"].who,
    )
    assert "检修" in house.get("/monitor").text
    assert 303 == house.post("/monitor/cmcc", what="resume").status
    orders = now_or_never(house.database.read(channel_orders_of))
    assert "" == orders["cmcc"].state
    assert 404 == house.post("/monitor/none", what="pause", reason="x").status
    assert 404 == house.post("/monitor/cmcc", what="burn", reason="x").status


def test_codes(house: House) -> None:
    """
    Every protocol has its tables; a channel may have meanings of its own.
    """
    house.login()
    for protocol in ("cmpp", "sgip", "smgp", "smpp", "nonsense"):
        assert "责任方" in house.get(f"/codes?protocol={protocol}").text
    assert "没有符合的码" in house.get("/codes?q=zzzzzz").text
    form = {"channel": "cmcc", "code": "XX:1", "class": "blacklist", "zh": "拒收"}
    assert 303 == house.post("/codes", **form).status
    kept, _ = now_or_never(house.database.read(overrides_of))
    assert ["XX:1"] == [one.code for one in kept]
    assert 422 == house.post("/codes", **{**form, "class": "nonsense"}).status
    assert 422 == house.post("/codes", **{**form, "channel": "none"}).status
    assert 303 == house.post("/codes", **form, what="remove").status
    assert () == now_or_never(house.database.read(overrides_of))[0]
