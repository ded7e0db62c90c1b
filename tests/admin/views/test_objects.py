"""
Objects: seen, made, changed and taken away as C{smsgw apply} would.
"""

import attrs
import pytest

from smsgw.admin.kinds import KINDS, Kind
from smsgw.admin.views.objects import objects_of
from smsgw.directory import Directory
from smsgw.storage.directory_store import load_directory
from tests.support.console import House, filled
from tests.support.record import now_or_never

TEMPLATE = {
    "id": "fasting",
    "name": "空腹提醒",
    "text": "{姓名}您好，明早请空腹。",
    "variables": "姓名,name,10",
    "category": "appointment",
    "account": "his",
    "approved": "1",
    "active": "1",
}


def kept(house: House) -> Directory:
    """
    What the record holds; the gateway follows it.
    """
    found = now_or_never(house.database.read(load_directory))
    house.desk.gateway.directory = found
    return found


def test_made_changed_and_gone(house: House) -> None:
    """
    A template from its form to its end, all of it in the change log.
    """
    house.login()
    assert "/templates" == house.post("/templates/new", **TEMPLATE).where.split("?")[0]
    made = kept(house).templates["fasting"]
    assert ("姓名", "name", 10) == attrs.astuple(made.variables[0])
    assert made.approved
    page = house.get("/templates/fasting").text
    was = page.split('name="_was" value="')[1].split('"')[0]
    changed = {**TEMPLATE, "text": "{姓名}您好，后天请空腹。", "_was": was}
    del changed["approved"]
    assert 303 == house.post("/templates/fasting", **changed).status
    assert not kept(house).templates["fasting"].approved
    assert "别人刚刚改过" in house.post("/templates/fasting", **changed).text
    assert 303 == house.post("/templates/fasting/delete").status
    assert "fasting" not in kept(house).templates


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"id": ""}, "请填写"),
        ({"id": "a b"}, "只用字母"),
        ({"id": "visit"}, "已经有了"),
        ({"variables": "姓名,nonsense"}, "nonsense"),
        ({"variables": "姓名,name,x"}, "名称,类型,最长"),
        ({"text": "{姓"}, "未保存|没有保存"),
        ({"account": "nobody"}, "nobody"),
        ({"category": "nonsense"}, "nonsense"),
    ],
)
def test_mistakes_are_told_and_nothing_is_kept(
    house: House, changes: dict[str, str], told: str
) -> None:
    """
    With what was filled in still there.
    """
    house.login()
    answer = house.post("/templates/new", **{**TEMPLATE, **changes})
    assert 422 == answer.status
    assert any(one in answer.text for one in told.split("|"))
    assert "空腹提醒" in answer.text
    assert set(house.directory.templates) == set(kept(house).templates)


def test_what_is_in_use_stays(house: House) -> None:
    """
    An account that people and templates refer to.
    """
    house.login()
    answer = house.post("/accounts/his/delete")
    assert 422 == answer.status
    assert "people liu" in answer.text
    assert "还被用着" in answer.text


def test_secrets_are_never_shown(house: House) -> None:
    """
    Left empty they stay; the change log has them masked.
    """
    house.login()
    page = house.get("/channels/cmcc").text
    was = page.split('name="_was" value="')[1].split('"')[0]
    form = {
        "id": "cmcc", "name": "移动二", "carrier": "mobile", "protocol": "cmpp",
        "version": "3.0", "endpoint": "tcp:127.0.0.1:7890", "login": "900001",
        "secret": "", "connections": "2", "window": "16", "speed": "50",
        "settings": "", "active": "1", "_was": was,
    }  # fmt: skip
    assert 303 == house.post("/channels/cmcc", **form).status
    channel = kept(house).channels["cmcc"]
    assert ("x", "移动二", 50.0, 2) == (
        channel.secret,
        channel.name,
        channel.speed,
        channel.connections,
    )


def test_scope(house: House) -> None:
    """
    Who sees a department does not see or change what others own.
    """
    roles = dict(house.directory.roles)
    roles["sender"] = attrs.evolve(roles["sender"], permissions=("templates",))
    house.desk.gateway.directory = attrs.evolve(house.directory, roles=roles)
    house.login("zhang")
    assert "就诊提醒" not in house.get("/templates").text
    assert 404 == house.get("/templates/visit").status
    assert 404 == house.post("/templates/visit/delete").status
    assert "不在您的数据范围内" in house.post("/templates/new", **TEMPLATE).text
    mine = {**TEMPLATE, "account": "ward"}
    assert 303 == house.post("/templates/new", **mine).status


@pytest.mark.parametrize("kind", KINDS, ids=lambda one: one.place)
def test_every_kind_saves_unchanged(house: House, kind: Kind) -> None:
    """
    A form that comes back as it was shown changes nothing.
    """
    house.login()
    assert 200 == house.get(f"{kind.path}/new").status
    assert 200 == house.get(f"{kind.path}?q=zz").status
    before = kept(house)
    for one in objects_of(before, kind)[:1]:
        name = getattr(one, kind.key)
        page = house.get(f"{kind.path}/{name}")
        assert 200 == page.status
        answer = house.post(f"{kind.path}/{name}", **filled(page.text))
        assert 303 == answer.status, answer.text
        assert objects_of(before, kind) == objects_of(kept(house), kind)
