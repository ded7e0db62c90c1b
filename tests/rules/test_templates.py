"""
Templates are filled strictly, and found again in what was written after them.
"""

import timeit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.directory import Template, Variable
from smsgw.errors import Refused
from smsgw.rules.templates import (
    KINDS,
    CompiledTemplate,
    TemplateMatcher,
    mistakes_of,
)

VISIT = Template(
    "visit",
    "预约",
    "{姓名}您好，您预约了{日期}{{上午}}{科室}就诊，费用{费用}。",
    variables=(
        Variable("姓名", "name"),
        Variable("日期", "date"),
        Variable("科室", longest=6),
        Variable("费用", "money"),
    ),
)
VALUES = {"姓名": "张三", "日期": "11月24日", "科室": "心内科", "费用": "12.50元"}


def refusal(template: Template, values: dict[str, str]) -> tuple[int, str]:
    """
    Code and field.
    """
    with pytest.raises(Refused) as caught:
        CompiledTemplate.of(template).render(values)
    return caught.value.code, caught.value.field


def test_braces_and_variables() -> None:
    """
    Doubled braces stand for themselves.
    """
    wanted = "张三您好，您预约了11月24日{上午}心内科就诊，费用12.50元。"
    assert wanted == CompiledTemplate.of(VISIT).render(VALUES)


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"科室": None}, 4003, "vars.科室"),
        ({"医生": "李四"}, 4004, "vars.医生"),
        ({"科室": "心脏大血管外科"}, 4005, "vars.科室"),
        ({"日期": "<b>"}, 4006, "vars.日期"),
        ({"姓名": "张三\n【某银行】"}, 4006, "vars.姓名"),
        ({"科室": "【诈骗】"}, 4006, "vars.科室"),
        ({"费用": "很多"}, 4006, "vars.费用"),
        ({"姓名": ""}, 4006, "vars.姓名"),
    ],
)
def test_values_are_checked(
    change: dict[str, str | None], code: int, field: str
) -> None:
    """
    The variable that is wrong is named; no signature can be smuggled in.
    """
    values = {name: one for name, one in (VALUES | change).items() if one is not None}
    assert (code, field) == refusal(VISIT, values)


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("name", "阿卜杜拉·买买提", "张3"),
        ("name", "Anna-Maria Smith", ""),
        ("number", "1,234.5", "12a"),
        ("code", "839201", "83 92"),
        ("date", "2026-11-24（周二）", "soon"),
        ("time", "上午8:30-9:00", "noon"),
        ("money", "¥1,234.50", "1.2.3"),
        ("url", "https://a.example/x?y=1", "http://a b"),
        ("text", "内科（二楼）", "a\tb"),
    ],
)
def test_each_kind_has_its_form(kind: str, good: str, bad: str) -> None:
    """
    As hospitals write them.
    """
    template = Template("t", "t", "{a}。", variables=(Variable("a", kind),))
    assert f"{good}。" == CompiledTemplate.of(template).render({"a": good})
    assert (4006, "vars.a") == refusal(template, {"a": bad})


def test_mistakes_are_told_all_at_once() -> None:
    """
    So that an operator repairs a template in one go.
    """
    wrong = Template(
        "t",
        "t",
        "【院】{姓 名}您好{",
        variables=(Variable("a"), Variable("a", "colour")),
    )
    told = " ".join(mistakes_of(wrong))
    for word in ("【】", "花括号", "'姓 名'", "未在 text", "重复", "colour"):
        assert word in told
    assert ["text 为空 / is empty"] == mistakes_of(Template("t", "t", " "))
    assert [] == mistakes_of(VISIT)


def test_a_text_finds_its_template() -> None:
    """
    The longest that fits, of the account, and with the values.
    """
    general = Template("g", "g", "{甲}。")
    others = Template("o", "o", VISIT.text, account="lis", variables=VISIT.variables)
    off = Template("off", "off", VISIT.text + "回T退订", active=False)
    compiled = [CompiledTemplate.of(one) for one in (general, others, off, VISIT)]
    matcher = TemplateMatcher.of(compiled)
    text = CompiledTemplate.of(VISIT).render(VALUES)
    found = matcher.match(text, "his")
    assert found is not None
    assert ("visit", VALUES) == (found[0].id, found[1])
    rest = matcher.match("随便写的。", "his")
    assert rest is not None
    assert "g" == rest[0].id
    assert matcher.match("随便写的", "his") is None


def test_the_same_variable_twice_has_one_value() -> None:
    """
    Otherwise it is another text.
    """
    twice = CompiledTemplate.of(Template("t", "t", "{a}与{a}。"))
    assert {"a": "甲"} == twice.match("甲与甲。")
    assert twice.match("甲与乙。") is None
    assert "甲与甲。" == twice.render({"a": "甲"})


words = st.text(
    st.characters(categories=["Lo", "Ll", "Nd"], exclude_characters="，"), max_size=8
)


@given(st.lists(words, min_size=1, max_size=5), st.data())
def test_what_was_rendered_matches(literals: list[str], data: st.DataObject) -> None:
    """
    With the same values, where these do not hold the words that follow them.
    """
    names = [f"v{number}" for number in range(len(literals))]
    text = "，".join(
        f"{one}，{{{name}}}" for one, name in zip(literals, names, strict=True)
    )
    template = CompiledTemplate.of(Template("t", "t", text + "，完"))
    values = {name: data.draw(words.filter(bool)) for name in template.variables}
    assert values == template.match(template.render(values))


@given(st.text(max_size=200))
def test_any_text_and_any_template_compile(text: str) -> None:
    """
    Matching anything raises nothing.
    """
    template = Template("t", "t", text)
    mistakes_of(template)
    CompiledTemplate.of(template).match(text)


def test_nothing_makes_matching_slow() -> None:
    """
    Many variables and a text of the same letters: still one pass over the text.
    """
    many = "".join(f"{{v{one}}}甲" for one in range(40))
    template = CompiledTemplate.of(Template("t", "t", many + "乙"))
    steps = []

    def counted(name: str, value: str, found: dict[str, str]) -> bool:
        steps.append(name)
        return len(value) <= KINDS["text"][1]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(CompiledTemplate, "_takes", lambda self, *words: counted(*words))
        template.match("甲" * 2000)
    assert len(steps) <= 41
    assert timeit.timeit(lambda: template.match("甲" * 2000), number=1) >= 0
