"""
The timetable, and hands on it.
"""

import attrs

from smsgw.policies import Schedule
from smsgw.storage.schedules import schedule_states_of
from tests.support.console import House
from tests.support.record import now_or_never


def plan(house: House) -> None:
    """
    One every day at nine, one for another department, one not in use.
    """
    accounts = list(house.directory.accounts)
    schedules = (
        Schedule("daily", accounts[0], "0 9 * * *", "请复诊", to=("13800138000",)),
        Schedule("off", accounts[0], "0 9 * * *", "x", active=False),
    )
    house.desk.gateway.directory = attrs.evolve(
        house.directory, schedules={one.id: one for one in schedules}
    )


def test_next_and_last(house: House) -> None:
    """
    Three times to come; nothing yet of what was.
    """
    house.login()
    assert "还没有定时任务" in house.get("/timetable").text
    plan(house)
    page = house.get("/timetable").text
    assert 3 == page.count("09:00:00")
    assert "未启用" in page
    assert 'href="/timetable"' in house.get("/schedules").text


def test_pause_resume_fire(house: House) -> None:
    """
    Each is an order that the gateway finds in the record.
    """
    house.login()
    plan(house)
    for what, words in (("pause", "已暂停"), ("resume", "等待"), ("fire", "即将执行")):
        assert 303 == house.post("/timetable/daily", what=what).status
        assert words in house.get("/timetable").text
    state = now_or_never(house.database.read(schedule_states_of))["daily"]
    assert (False, house.wall.at) == (state.paused, state.asked)
    assert 404 == house.post("/timetable/none", what="fire").status
    assert 404 == house.post("/timetable/daily", what="burn").status


def test_others_schedules(house: House) -> None:
    """
    Who sees one department neither sees nor orders those of others.
    """
    plan(house)
    role = attrs.evolve(house.directory.roles["sender"], permissions=("schedules",))
    house.desk.gateway.directory = attrs.evolve(
        house.desk.directory, roles={**house.directory.roles, "sender": role}
    )
    house.login("zhang")
    assert "daily" not in house.get("/timetable").text
    assert 404 == house.post("/timetable/daily", what="fire").status
