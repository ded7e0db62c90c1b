"""
Routes tried before they are published, and put back.
"""

from smsgw.storage.directory_store import load_directory
from smsgw.storage.route_versions import versions
from tests.support.console import House, filled
from tests.support.record import IDS, NOW, chunk, now_or_never, record


def test_explained(house: House) -> None:
    """
    Nothing is sent; a bad number is told.
    """
    house.login()
    page = house.get("/routing?account=his&to=13800138000&text=您好").text
    assert "cmcc" in page
    assert "all" in page
    assert [] == house.shelf.kept
    assert "号码" in house.get("/routing?account=his&to=12&text=x").text
    assert 200 == house.get("/routing").status


def test_rehearsed(house: House) -> None:
    """
    A rule that is not saved, over what was sent.
    """
    record(house.database, chunk(IDS[:3]), directory=house.directory)
    house.wall.at = NOW + 60
    house.login()
    form = filled(house.get("/rules/all").text)
    page = house.post("/try/rules/all", **form).text
    assert "没有短信会改变走法" in page
    changed = {**form, "account": "ward"}
    assert "会改走别的组" in house.post("/try/rules/all", **changed).text
    kept = now_or_never(house.database.read(load_directory))
    assert "" == kept.rules[0].account
    assert 422 == house.post("/try/rules/all", **{**form, "group": ""}).status
    assert 404 == house.post("/try/people", **form).status


def test_versions(house: House) -> None:
    """
    Back to one that was.
    """
    house.login()
    form = filled(house.get("/rules/all").text)
    house.post("/rules/all", **{**form, "account": "ward"})
    told = now_or_never(house.database.read(versions))
    assert 2 == len(told)
    assert "恢复到此" in house.get("/routing").text
    assert 303 == house.post(f"/routing/{told[1].id}/back").status
    kept = now_or_never(house.database.read(load_directory))
    assert "" == kept.rules[0].account
    assert 404 == house.post("/routing/x/back").status
