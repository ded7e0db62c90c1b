"""
Tests of L{smsgw.rules.routing}.
"""

import re
from datetime import datetime, timedelta, timezone

import attrs
from hypothesis import given
from hypothesis import strategies as st

from smsgw.directory import (
    Account,
    Channel,
    Department,
    Directory,
    Group,
    Rule,
    Share,
    Signature,
    in_order,
)
from smsgw.rules.conditions import Facts
from smsgw.rules.routing import Choice, Decision, Router, caps_of, route

NOON = 1_789_963_200.0  # Monday 21 September 2026, 12:00 in China


def _channel(name: str, active: bool = True) -> Channel:
    return Channel(
        name, name, "mobile", "cmpp", "tcp:127.0.0.1:7890", "901234", "", active=active
    )


_DIRECTORY = Directory(
    channels={
        "one": _channel("one"),
        "two": _channel("two"),
        "off": _channel("off", active=False),
        "spare": _channel("spare"),
    },
    groups={
        "main": Group("main", (Share("one", 1), Share("two", 3)), ("spare", "one")),
        "dark": Group("dark", (Share("off"), Share("gone"))),
    },
    rules=(
        Rule("r1", 1, "main", account="his", carrier="unicom"),
        Rule("r2", 2, "main", category="bulk"),
        Rule("r3", 3, "dark", carrier="mobile"),
        Rule("r4", 4, "nowhere", carrier="mobile"),
        Rule("r5", 5, "main", carrier="mobile"),
    ),
)


def test_first_match() -> None:
    """
    The first rule that fits chooses; heavy primaries first, backups last, once.
    """
    assert Decision("main", ("two", "one", "spare"), "r1 -> main", ()) == route(
        _DIRECTORY, "his", "unicom", "bulk"
    )


def test_explanation() -> None:
    """
    Each rule that did not choose says why, a group that is off is passed over.
    """
    decision = route(_DIRECTORY, "lis", "mobile", "otp")
    assert ("main", "r5 -> main") == (decision.group, decision.why)
    assert (
        "r1: account lis is not his",
        "r2: category otp is not bulk",
        "r3: no channel of dark is on",
        "r4: no channel of nowhere is on",
    ) == decision.tried


def test_caps_are_told() -> None:
    """
    The explanation names the channels that carry only so many a day.
    """
    group = Group("main", (Share("one", 1, 500), Share("two", 3)), ("spare",))
    capped = attrs.evolve(_DIRECTORY, groups={"main": group})
    decision = route(capped, "lis", "mobile", "otp")

    assert {"one": 500} == caps_of(group)
    assert ("one at most 500 a day 日上限 500 条",) == decision.caps


def test_none() -> None:
    """
    Without a rule there is no group, and all that was tried is told.
    """
    decision = route(_DIRECTORY, "lis", "telecom", "otp")
    assert ("", (), "no rule", 5) == (
        decision.group,
        decision.channels,
        decision.why,
        len(decision.tried),
    )
    assert Decision("", (), "no rule") == route(Directory(), "lis", "", "")


# A reference that knows nothing of what the router prepares.

DEPARTMENTS = {
    "h": Department("h", "H"),
    "c": Department("c", "C", "h"),
    "x": Department("x", "X"),
}
_ACCOUNTS = {
    "his": Account("his", "HIS", "c"),
    "lis": Account("lis", "LIS", "h"),
    "his2": Account("his2", "HIS2", "x"),
}
_some = st.sampled_from
_rule = st.builds(
    Rule,
    id=st.uuids().map(str),
    order=st.integers(0, 3),
    group=_some(["main", "dark", "nowhere", "second"]),
    account=_some(["", "", "his", "lis"]),
    department=_some(["", "", "c", "h", "x"]),
    campus=_some(["", "", "h", "x"]),
    signature=_some(["", "", "医院", "s1"]),
    template=_some(["", "", "t1"]),
    category=_some(["", "otp", "notice"]),
    carrier=_some(["", "mobile", "unicom"]),
    region=_some(["", "", "浙江", "浙江/杭州"]),
    kind=_some(["", "", "iot"]),
    text=_some(["", "", "码", "码|费", r"\d{4}", "^您.*出$"]),
    hours=_some(["", "", "08:00-20:00", "22:00-06:00"]),
    days=_some(["", "", "1-5", "6,7"]),
    active=_some([True, True, True, False]),
)
_facts = st.builds(
    Facts,
    account=_some(list(_ACCOUNTS)),
    category=_some(["otp", "notice"]),
    carrier=_some(["mobile", "unicom", "unknown"]),
    region=_some(["", "浙江", "浙江/杭州", "江苏/南京"]),
    kind=_some(["normal", "iot"]),
    signature=_some(["", "医院", "别院"]),
    template=_some(["", "t1", "t2"]),
    text=_some(["验证码1234", "您的报告已出", "缴费", "您好"]),
    at=st.integers(1_790_000_000, 1_790_000_000 + 14 * 86400).map(float),
)


def _holds(rule: Rule, facts: Facts) -> bool:
    """
    Every condition, one after the other, from the rule's own words.
    """
    above, place = [], _ACCOUNTS[facts.account].department
    while place:
        above.append(place)
        place = DEPARTMENTS[place].parent
    local = datetime.fromtimestamp(facts.at, timezone(timedelta(hours=8)))
    day = local.isoweekday()
    if rule.hours == "22:00-06:00":
        timely = local.hour >= 22 or local.hour < 6
        day = day if local.hour >= 22 else (day - 2) % 7 + 1
    else:
        timely = not rule.hours or 8 <= local.hour < 20
    days = {"": range(1, 8), "1-5": range(1, 6), "6,7": (6, 7)}[rule.days]
    return (
        rule.active
        and rule.account in ("", facts.account)
        and (not rule.department or rule.department in above)
        and (not rule.campus or rule.campus == above[-1])
        and (not rule.signature or facts.signature == "医院")
        and rule.template in ("", facts.template)
        and rule.category in ("", facts.category)
        and rule.carrier in ("", facts.carrier)
        and rule.region in ("", facts.region, facts.region.split("/")[0])
        and rule.kind in ("", facts.kind)
        and (not rule.text or re.search(rule.text, facts.text) is not None)
        and timely
        and day in days
    )


def _reference(directory: Directory, facts: Facts) -> tuple[str, str]:
    for rule in directory.rules:
        if rule.group in ("main", "second") and _holds(rule, facts):
            return rule.group, rule.id
    return "", "no rule"


@given(st.lists(_rule, max_size=20), st.lists(_facts, min_size=1, max_size=20))
def test_equals_the_reference(rules: list[Rule], messages: list[Facts]) -> None:
    """
    Compiled, narrowed, settled or explained: the same as rule by rule.
    """
    directory = attrs.evolve(
        _DIRECTORY,
        rules=in_order(rules),
        departments=DEPARTMENTS,
        accounts=_ACCOUNTS,
        groups=_DIRECTORY.groups | {"second": Group("second", (Share("two"),))},
        signatures={"s1": Signature("s1", "医院")},
    )
    router = Router.of(directory)
    for one in messages:
        group, why = _reference(directory, one)
        decision = router.route(one)
        explained = router.explain(one)
        choice = router.narrow(one.account, one.category, one.template, one.signature)
        text, at = one.text, one.at
        number = (one.carrier, one.region, one.kind)

        assert (group, why) == (decision.group, decision.why.split(" -> ")[0])
        assert decision == attrs.evolve(explained, tried=())
        assert decision == choice.settle(text, at).route(*number)
        assert decision == choice.settle(text).route(*number, at=at)
        assert decision == choice.settle(at=at).route(*number, text)
        assert decision == choice.settle(text).settle(at=at).route(*number)


def test_what_is_needed() -> None:
    """
    Only what a rule that can still be reached asks for.
    """
    rules = (
        Rule("r1", 1, "main", account="his", region="浙江", text="码"),
        Rule("r2", 2, "main", account="his", hours="08:00-20:00"),
        Rule("r3", 3, "main", category="otp"),
        Rule("r4", 4, "main", kind="iot"),
    )
    router = Router.of(attrs.evolve(_DIRECTORY, rules=rules))

    def needs(choice: Choice) -> str:
        names = ("region", "kind", "text", "time")
        return " ".join(name for name in names if getattr(choice, f"needs_{name}"))

    assert "region kind text time" == needs(router.narrow("his", "bulk"))
    assert "region text time" == needs(router.narrow("his", "otp"))
    assert "" == needs(router.narrow("lis", "otp"))
    assert "kind" == needs(router.narrow("lis", "bulk"))
    noon = router.narrow("his", "bulk").settle("无", NOON)
    assert "" == needs(noon)
    assert "r2 -> main" == noon.route("mobile").why


def test_what_is_prepared_stays_small() -> None:
    """
    Texts and names that callers choose do not fill the memory.
    """
    rules = tuple(Rule(f"r{n}", n, "main", text=str(n)) for n in range(12))
    router = Router.of(attrs.evolve(_DIRECTORY, rules=rules))
    for n in range(2000):
        choice = router.narrow("his", "otp", f"t{n}", f"签名{n}")
        choice.settle(f"{n:b} {n}").route("mobile")
    assert 1 == len(router._choices)
    assert 256 >= len(choice._settled)
    for n in range(5000):
        choice.route("mobile", f"省/{n}")
    assert 4096 >= len(choice._by_number)
