"""
Refusals in either language.
"""

import attrs
import pytest

from smsgw.admin.page import Visit
from smsgw.admin.reasons import half, reason, refusal
from smsgw.admin.rights import Visitor
from smsgw.errors import Refused
from tests.support.console import HOSPITAL, House


@pytest.fixture
def visit(house: House) -> Visit:
    """
    Somebody asks.
    """
    person = HOSPITAL.people["zhang"]
    visitor = Visitor(person, HOSPITAL.roles["sender"])
    return Visit(house.desk, visitor, "zh", house.wall.now())


def test_either_language(visit: Visit) -> None:
    """
    Words that have but one are the same in both.
    """
    english = attrs.evolve(visit, language="en")
    assert "号码位数不对" == half(visit, "号码位数不对 / wrong number of digits")
    assert "wrong number" == half(english, "号码位数不对 / wrong number")
    assert "姓名" == half(english, "姓名")


def test_a_code_its_particulars_and_its_variable(visit: Visit) -> None:
    """
    The variable is named where the words do not name it.
    """
    told = refusal(visit, Refused(4003, "", "items[0].vars.姓名"))
    assert "{姓名}" in told
    assert "号码位数不对" in reason(visit, 2006, "号码位数不对 / wrong number", "to[3]")
