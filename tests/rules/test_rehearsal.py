"""
Tests of L{smsgw.rules.rehearsal}.
"""

from typing import Any

import attrs

from smsgw.directory import Directory, Group, Rule, Share
from smsgw.numbering.plan import NumberPlan
from smsgw.numbering.regions import Regions
from smsgw.rules.rehearsal import Move, Past, Rehearsal
from smsgw.rules.routing import Router
from tests.support.worlds import NOW, directory

MOBILE, UNICOM = "13800138000", "13000130000"
OBJECTS = attrs.evolve(
    directory("cm1", "cm2"),
    groups={
        "a": Group("a", (Share("cm1"),)),
        "b": Group("b", (Share("cm2"),)),
    },
    rules=(Rule("r1", 1, "a", carrier="mobile"),),
)


def past(name: str = "M1", **fields: Any) -> Past:
    """
    A message that was sent.
    """
    wanted = {
        "account": "his",
        "category": "notice",
        "signature": "示范医院",
        "to": MOBILE,
        "text": "您好",
        "at": NOW,
        **fields,
    }
    return Past(name, **wanted)


def rehearsal(*rules: Rule, numbers: NumberPlan | None = None) -> Rehearsal:
    """
    These rules instead of the others.
    """
    after: Directory = attrs.evolve(OBJECTS, rules=rules)
    routers = Router.of(OBJECTS), Router.of(after)
    return Rehearsal(*routers, numbers or NumberPlan())


def test_what_moves_is_counted() -> None:
    """
    From no group to one, from one to another; with a few ids each.
    """
    made = rehearsal(
        Rule("n1", 1, "b", text="码"), Rule("n2", 2, "a", signature="示范医院")
    )
    made.play(past(f"M{n}", text="验证码") for n in range(5))
    made.play([past("U1", to=UNICOM), past("S1"), past("X1", to="")])

    assert (7, 1) == (made.tried, made.blind)
    assert ({"a": 6, "": 1}, {"b": 5, "a": 2}) == made.groups
    moved = Move("his", "mobile", "notice", "a", "b")
    found = Move("his", "unicom", "notice", "", "a")
    assert {moved: 5, found: 1} == made.moves
    assert {moved: ["M0", "M1", "M2"], found: ["U1"]} == made.examples


def test_regions_kinds_and_times() -> None:
    """
    All that can be known of a recorded message counts.
    """
    regions = Regions.of([("1380013", "浙江", "杭州", "")])
    made = rehearsal(
        Rule("n1", 1, "b", region="浙江", hours="00:00-24:00", kind="normal"),
        numbers=NumberPlan(regions),
    )
    made.play([past()])

    assert {"b": 1} == made.groups[1]


def test_the_fullest_day() -> None:
    """
    Of each group under the other rules, to be held against caps; days are China's.
    """
    made = rehearsal(Rule("n1", 1, "b"))
    made.play([past(at=NOW), past(at=NOW + 86400), past(at=NOW + 86400)])

    assert {"b": ("20260922", 2)} == made.peaks()


def test_whether_texts_are_needed() -> None:
    """
    Only for patterns.
    """
    assert not rehearsal(Rule("n1", 1, "b")).needs_text
    assert rehearsal(Rule("n1", 1, "b", text="码")).needs_text
