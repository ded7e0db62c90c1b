"""
From words and recipients to what each would get.
"""

import pytest

from smsgw.admin.composing import Line, Wish, lay_out
from smsgw.admin.recipients import Gathered, Recipient
from smsgw.errors import Refused
from smsgw.rules.templates import CompiledTemplate
from tests.support.console import HOSPITAL
from tests.support.record import PHONE

VISIT = CompiledTemplate.of(HOSPITAL.templates["visit"])
PEOPLE = Gathered(
    [
        Recipient(PHONE, {"姓名": "张三", "床": "1"}, "f / f", 2),
        Recipient("13800138001", {"姓名": "", "床": "2"}, "f / f", 3),
    ]
)


def test_one_text_for_all() -> None:
    """
    Lines say nothing for themselves.
    """
    draft = lay_out(Wish(text="停诊"), None, PEOPLE)
    assert (False, [Line(PHONE), Line("13800138001")]) == (draft.personal, draft.lines)
    assert [] == draft.bad


def test_a_text_of_ones_own() -> None:
    """
    Who lacks a value gets nothing, and it is said why.
    """
    draft = lay_out(Wish(text="{姓名}好"), None, PEOPLE)
    assert (True, [Line(PHONE, "张三好")]) == (draft.personal, draft.lines)
    assert {"缺少姓名 / lacks 姓名": 1} == draft.reasons()


def test_a_template() -> None:
    """
    What was filled in is everybody's, the rest comes from columns.
    """
    wish = Wish(template="visit", vars={"时间": "周一", "姓名": ""})
    draft = lay_out(wish, VISIT, PEOPLE)
    assert [Line(PHONE, None, {"姓名": "张三"})] == draft.lines
    wish = Wish(template="visit", vars={"时间": "周一", "姓名": "患者"})
    draft = lay_out(wish, VISIT, PEOPLE)
    assert (False, 2) == (draft.personal, len(draft.lines))


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (Wish(), "text"),
        (Wish(text=" "), "text"),
        (Wish(text="{没有}"), "text"),
        (Wish(template="visit"), "vars"),
    ],
)
def test_slips(wish: Wish, field: str) -> None:
    """
    Nothing to say, and names that nobody has a value for.
    """
    with pytest.raises(Refused) as refused:
        lay_out(wish, VISIT if wish.template else None, PEOPLE)
    assert field == refused.value.field
