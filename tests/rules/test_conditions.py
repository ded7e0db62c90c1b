"""
Tests of L{smsgw.rules.conditions}.
"""

from typing import Any

import pytest

from smsgw.directory import Account, Department, Directory, Group, Rule, Signature
from smsgw.rules.conditions import (
    LONGEST,
    Conditions,
    Facts,
    mistakes_of,
    searcher_of,
    upward,
    within,
)

DEPARTMENTS = {
    "hospital": Department("hospital", "示范医院"),
    "clinic": Department("clinic", "门诊", "hospital"),
    "eyes": Department("eyes", "眼科", "clinic"),
    "coast": Department("coast", "滨海院区"),
    "a": Department("a", "A", "b"),
    "b": Department("b", "B", "a"),
}
DIRECTORY = Directory(
    departments=DEPARTMENTS,
    accounts={
        "top": Account("top", "院办", "hospital"),
        "eye": Account("eye", "眼科", "eyes"),
        "sea": Account("sea", "滨海", "coast"),
        "none": Account("none", "无科室"),
    },
    groups={"all": Group("all", ())},
    signatures={"s1": Signature("s1", "示范医院")},
)
NOON = 1_789_963_200.0  # Monday 21 September 2026, 12:00 in China


def rule(**fields: Any) -> Rule:
    """
    A rule of group C{all}.
    """
    return Rule(**{"id": "r", "order": 1, "group": "all", **fields})


def obstacle(facts: Facts, **fields: Any) -> str:
    """
    What keeps a rule from choosing a message.
    """
    return Conditions.of(rule(**fields), DIRECTORY).obstacle(facts)


def test_the_way_up() -> None:
    """
    The campus is last; a circle and what is not there end it.
    """
    assert ("eyes", "clinic", "hospital") == upward(DEPARTMENTS, "eyes")
    assert ("a", "b") == upward(DEPARTMENTS, "a")
    assert () == upward(DEPARTMENTS, "gone")


@pytest.mark.parametrize(
    ("fields", "accounts"),
    [
        ({"department": "clinic"}, {"eye"}),
        ({"department": "hospital"}, {"top", "eye"}),
        ({"campus": "hospital"}, {"top", "eye"}),
        ({"campus": "clinic"}, set()),
        ({"campus": "coast"}, {"sea"}),
        ({"campus": "hospital", "department": "eyes"}, {"eye"}),
    ],
)
def test_departments_and_campuses(fields: dict[str, str], accounts: set[str]) -> None:
    """
    A department with all below it, a campus from its top only.
    """
    assert accounts == Conditions.of(rule(**fields), DIRECTORY).accounts


def test_every_obstacle_in_words() -> None:
    """
    One condition each, none of which the message meets; its text is not told.
    """
    facts = Facts("eye", "notice", "mobile", "浙江/杭州", text="体检", at=NOON)
    expected = {
        "account": ("top", "account eye is not top"),
        "carrier": ("unicom", "carrier mobile is not unicom"),
        "category": ("otp", "category notice is not otp"),
        "department": ("coast", "account eye is not of coast"),
        "campus": ("coast", "account eye is not of coast"),
        "signature": ("s1", "signature ? is not s1"),
        "template": ("t1", "template ? is not t1"),
        "region": ("江苏", "region 浙江/杭州 is not 江苏"),
        "kind": ("iot", "kind ? is not iot"),
        "text": ("缴费", "text does not have 缴费"),
        "hours": ("20:00-08:00", "time is not 20:00-08:00"),
        "days": ("6-7", "time is not 6-7"),
        "active": (False, "is off"),
    }
    told = {name: obstacle(facts, **{name: one}) for name, (one, _) in expected.items()}
    assert {name: words for name, (_, words) in expected.items()} == told


def test_all_that_is_met() -> None:
    """
    A signature may be named by its id or by its text.
    """
    facts = Facts(
        "eye", "otp", "mobile", "浙江/杭州", "normal", "示范医院", "t1", "验证码", NOON
    )
    wanted = {
        "account": "eye",
        "department": "clinic",
        "campus": "hospital",
        "template": "t1",
        "category": "otp",
        "carrier": "mobile",
        "region": "浙江/杭州",
        "kind": "normal",
        "text": "^验证.$",
        "hours": "11:59-12:01",
        "days": "1",
    }
    assert "" == obstacle(facts, **wanted, signature="s1")
    assert "" == obstacle(facts, **wanted, signature="示范医院")


def test_regions() -> None:
    """
    A province is all its cities, and no other's beginning.
    """
    assert within("浙江", "浙江")
    assert within("浙江", "浙江/杭州")
    assert not within("浙", "浙江/杭州")
    assert not within("浙江/杭州", "浙江")


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("验证码", "您的验证码", True),
        ("验证码", "您的验证", False),
        ("缴费|体检", "请到体检中心", True),
        ("缴费|体检", "请到中心", False),
        ("缴费|", "请到中心", True),
        (r"\d{4,6}", "验证码 1234", True),
        (r"^\d+$", "验证码 1234", False),
        ("(?i)td", "回TD退订", True),
        ("a.c", "a\U00020000c", True),
    ],
)
def test_patterns(pattern: str, text: str, expected: bool) -> None:
    """
    Plain words, choices of them, and expressions.
    """
    search = searcher_of(pattern)
    assert search is not None
    assert expected is search(text)


def test_a_pattern_that_backtracks_for_ever_does_not() -> None:
    """
    What takes Python's own engine ages is read once.
    """
    search = searcher_of("(a+)+$")
    assert search is not None
    assert not search("a" * 5000 + "b")


def test_a_bad_pattern_is_in_no_text() -> None:
    """
    A rule that cannot be read chooses nothing.
    """
    assert searcher_of("(a") is None
    assert searcher_of("a" * (LONGEST + 1)) is None
    assert "text does not have (a" == obstacle(Facts("eye", text="(a"), text="(a")


def test_mistakes_all_at_once() -> None:
    """
    Everything that is wrong, and nothing about what is right.
    """
    bad = rule(
        group="gone",
        account="gone",
        department="gone",
        campus="clinic",
        template="gone",
        category="gone",
        carrier="gone",
        kind="gone",
        region="/杭州",
        text="(?=a)",
        hours="8-20",
        days="8",
    )
    assert 7 == len(mistakes_of(bad))
    assert 12 == len(mistakes_of(bad, DIRECTORY))
    assert any("'gone' 未知 / unknown" in words for words in mistakes_of(bad))
    assert ["group 不能为空 / must be named"] == mistakes_of(rule(group=""))
    assert [] == mistakes_of(rule(department="eyes", region="浙江/杭州"), DIRECTORY)
