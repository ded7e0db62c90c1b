"""
The sending form: what may be chosen, and what was.
"""

import attrs
import pytest

from smsgw.admin.composing import Draft, Wish
from smsgw.admin.page import Upload, Visit
from smsgw.admin.rights import Visitor
from smsgw.admin.send_form import (
    accounts_for,
    contacts_in,
    form_values,
    read_wish,
    sheet_in,
    template_of,
    written_wish,
)
from smsgw.errors import Refused
from tests.support.console import HOSPITAL, House
from tests.support.record import now_or_never


def visit_of(house: House, person: str, **form: str) -> Visit:
    """
    A form of theirs.
    """
    found = HOSPITAL.people[person]
    visitor = Visitor(found, HOSPITAL.roles[found.role])
    return Visit(house.desk, visitor, "zh", house.wall.now(), form=form)


def read(visit: Visit) -> Wish:
    """
    What was filled in.
    """
    wish = written_wish(visit)
    read_wish(visit, wish)
    return wish


def test_accounts_and_templates(house: House) -> None:
    """
    One's own first, and none that is not one's.
    """
    liu, zhang = visit_of(house, "liu"), visit_of(house, "zhang")
    assert ["his", "ward"] == [one.id for one in accounts_for(liu)]
    assert ["ward"] == [one.id for one in accounts_for(zhang)]
    values = now_or_never(form_values(liu, Wish("his", template="visit")))
    assert ["姓名", "时间"] == values["names"]
    assert [] == now_or_never(form_values(zhang, Wish("ward")))["templates"]
    assert [] == now_or_never(form_values(zhang, Wish("none")))["templates"]
    with pytest.raises(Refused):
        template_of(zhang, Wish("ward", template="visit"))


def test_what_was_filled_in(house: House) -> None:
    """
    Times as here, periods in minutes; the next year at most.
    """
    form = {
        "account": "his",
        "text": " 您好\r\n再见 ",
        "send_at": "2026-09-30T08:00",
        "spread": "30",
        "trial": "5",
        "vars.姓名": " 张 ",
    }
    wish = read(visit_of(house, "liu", **form))
    assert ("您好\n再见", 1_790_726_400.0, 1800.0, 5, {"姓名": "张"}) == (
        wish.text,
        wish.send_at,
        wish.spread,
        wish.trial,
        wish.vars,
    )
    soon = read(visit_of(house, "liu", send_at="2026-09-21T22:12"))
    assert 0.0 == soon.send_at
    for bad in ({"send_at": "2028-01-01T00:00"}, {"spread": "x"}, {"account": "no"}):
        with pytest.raises(Refused):
            read(visit_of(house, "liu", **bad))


def test_the_file_of_before(house: House) -> None:
    """
    Stays until another is brought or it is not wanted.
    """
    visit = visit_of(house, "liu")
    known = Draft(Wish(), [], [], file="a.csv", columns=["手机"], table=[(2, {})])
    assert ("", None) == sheet_in(visit, None)
    assert "a.csv" == sheet_in(visit, known)[0]
    assert ("", None) == sheet_in(visit_of(house, "liu", no_file="1"), known)
    brought = {"file": Upload("b.csv", "手机\n1\n".encode())}
    name, sheet = sheet_in(attrs.evolve(visit, files=brought), known)
    assert "b.csv" == name
    assert sheet is not None


def test_no_contacts_without_the_permission(house: House) -> None:
    """
    Whatever the form says.
    """
    visit = visit_of(house, "wang")
    assert [] == now_or_never(contacts_in(visit, Wish(groups=["shared/a"])))
