"""
Which signature a message carries, and where it may.
"""

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.directory import Account, Signature, Template
from smsgw.errors import Refused
from smsgw.rules.signatures import Signatures, mistakes_of
from smsgw.text import TextPolicy, sign

NEW = Signature(
    "new", "新医院", filings={"mobile": "accepted", "cu1": "filed"}, former="旧医院"
)
OLD = Signature("old", "旧医院", filings={"telecom": "suspended"})
WARD = Signature("ward", "日间病房", department="binhai")
LIS = Signature("lis", "检验科", account="lis")
SOME = Signatures.of([NEW, OLD, WARD, LIS, Signature("off", "停用", active=False)])
HIS = Account("his", "预约", "outpatient", "新医院")
CHAIN = ("outpatient", "main")


def test_from_the_nearest_to_the_farthest() -> None:
    """
    Asked for, the template's, the account's, a department's, none.
    """
    bare = Account("b", "病房", "ward1")
    template = Template("t", "t", "x", signature="old")
    assert "检查" == SOME.of_message(HIS, CHAIN, template, "检查")
    assert "旧医院" == SOME.of_message(HIS, CHAIN, template)
    assert "新医院" == SOME.of_message(HIS, CHAIN)
    assert "日间病房" == SOME.of_message(bare, ("ward1", "binhai"))
    assert SOME.of_message(bare, ("ward1",)) == ""
    assert SOME.of_message(HIS, CHAIN, asked="") == ""
    assert "旧医院" == SOME.of_message(HIS, CHAIN, asked="old")
    by_id = Account("his", "预约", signature="new")
    assert "新医院" == SOME.of_message(by_id, CHAIN)


@pytest.mark.parametrize("asked", ["日间病房", "ward", "【检验科】"])
def test_somebody_elses_is_refused(asked: str) -> None:
    """
    Another department's or account's, by text or id.
    """
    with pytest.raises(Refused) as caught:
        SOME.of_message(HIS, CHAIN, asked=asked)
    assert (4008, "signature") == (caught.value.code, caught.value.field)


@pytest.mark.parametrize(
    ("channel", "carrier", "text"),
    [
        ("cm1", "mobile", "新医院"),
        ("cu1", "unicom", "旧医院"),
        ("cu2", "unicom", "新医院"),
    ],
)
def test_where_it_is_not_accepted_the_former_is_used(
    channel: str, carrier: str, text: str
) -> None:
    """
    A channel's filing counts before its carrier's; none is needed without.
    """
    assert text == SOME.on_channel("【新医院】", channel, carrier)


def test_a_channel_may_not_carry_what_is_suspended() -> None:
    """
    Without a former text that is accepted there.
    """
    assert SOME.on_channel("旧医院", "ct1", "telecom") is None
    assert "没备案" == SOME.on_channel("没备案", "ct1", "telecom")
    circle = Signatures.of(
        [
            Signature("a", "甲甲", filings={"x": "draft"}, former="乙乙"),
            Signature("b", "乙乙", filings={"x": "draft"}, former="甲甲"),
        ]
    )
    assert circle.on_channel("甲甲", "c", "x") is None
    assert "甲甲" == circle.longest("甲甲")


def test_the_longest_is_counted() -> None:
    """
    Whichever stands there in the end, the segments are enough.
    """
    some = Signatures.of([Signature("s", "新", former="省肿瘤医院滨海院区")])
    assert "省肿瘤医院滨海院区" == some.longest("新")
    assert "新医院" == SOME.longest("新医院")


def test_mistakes_are_told_all_at_once() -> None:
    """
    Length, letters, states, itself; of the former text too.
    """
    wrong = Signature("w", "【", filings={"mobile": "ok"}, former="【")
    assert 6 == len(mistakes_of(wrong))
    assert [] == mistakes_of(NEW)
    assert [] == mistakes_of(Signature("x", "A·B医院-2院"))
    for text in ("某 医院", "12345", "某医院（滨海）", "好" * 21, "", "院\n区"):
        assert [] != mistakes_of(Signature("x", text))


def test_what_may_not_be_used_is_passed_over() -> None:
    """
    Another account's by template, one not in use; never nothing instead.
    """
    template = Template("t", "t", "x", signature="lis")
    assert "新医院" == SOME.of_message(HIS, CHAIN, template)
    bare = Account("b", "病房", "ward1")
    with pytest.raises(Refused) as caught:
        SOME.of_message(bare, ("ward1",), template)
    assert (4008, "signature") == (caught.value.code, caught.value.field)
    closed = attrs.evolve(bare, signature="停用")
    assert "日间病房" == SOME.of_message(closed, ("ward1", "binhai"))
    with pytest.raises(Refused):
        SOME.of_message(closed, ("ward1",))
    gone = attrs.evolve(template, signature="gone")
    assert "新医院" == SOME.of_message(HIS, CHAIN, gone)


@pytest.mark.parametrize(
    ("asked", "code"),
    [("停用", 4008), ("off", 4008), ("甲】【乙", 2002), ("甲\n", 2002)],
)
def test_what_cannot_be_asked_for(asked: str, code: int) -> None:
    """
    What is no longer in use, and two in one.
    """
    with pytest.raises(Refused) as caught:
        SOME.of_message(HIS, CHAIN, asked=asked)
    assert (code, "signature") == (caught.value.code, caught.value.field)


def test_accounts_may_have_a_text_in_common() -> None:
    """
    Each has an object of its own; the carrier accepts the text, not the object.
    """
    both = Signatures.of(
        [
            Signature("a", "检验科", "lis", filings={"mobile": "accepted"}),
            Signature("b", "检验科", "his", filings={"unicom": "draft"}),
        ]
    )
    assert "检验科" == both.of_message(HIS, CHAIN, asked="检验科")
    assert "检验科" == both.of_message(Account("lis", "检验"), (), asked="检验科")
    assert "检验科" == both.on_channel("检验科", "cm", "mobile")
    assert both.on_channel("检验科", "cu", "unicom") is None


def test_one_not_in_use_is_still_filed() -> None:
    """
    Messages that wait with it, and those it is the former text for.
    """
    some = Signatures.of(
        [
            Signature("n", "新院名", filings={"mobile": "filed"}, former="旧院名"),
            Signature("o", "旧院名", filings={"mobile": "suspended"}, active=False),
        ]
    )
    assert some.on_channel("新院名", "cm", "mobile") is None
    assert some.on_channel("旧院名", "cm", "mobile") is None
    assert "旧院名" == some.on_channel("旧院名", "cu", "unicom")


def test_nothing_is_kept_of_texts_without_an_object() -> None:
    """
    Whatever callers ask for, memory stays.
    """
    some = Signatures.of([OLD])
    for number in range(100):
        some.on_channel(f"科室{number}", "cm", "mobile")
    assert {} == some._known


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("您好", ("", "您好")),
        ("【新医院】您好", ("新医院", "您好")),
        ("您好【新医院】 ", ("新医院", "您好")),
        (" 【新医院】【新医院】您好【旧医院】", ("新医院", "您好")),
        ("【温馨提示】您好【新医院】", ("新医院", "【温馨提示】您好")),
        ("【温馨提示】您好", ("", "【温馨提示】您好")),
        ("【我们】您好", ("我们", "您好")),
        ("您好【新医院】再见", ("", "您好【新医院】再见")),
        ("【停用】您好", ("停用", "您好")),
        ("【】您好", ("", "【】您好")),
    ],
)
def test_the_signature_that_a_text_came_with(
    text: str, wanted: tuple[str, str]
) -> None:
    """
    Headings in the same brackets are no signatures.
    """
    assert wanted == SOME.parted(text, "我们")


names = st.text("新旧医院甲乙", min_size=2, max_size=4)
states = st.sampled_from(["draft", "filed", "accepted", "suspended"])


@st.composite
def registers(draw: st.DrawFn) -> list[Signature]:
    """
    Signatures that give way to one another, filed or not.
    """
    texts = draw(st.lists(names, min_size=1, max_size=5, unique=True))
    return [
        Signature(
            str(at),
            text,
            filings=draw(st.dictionaries(st.sampled_from(["cm", "mobile"]), states)),
            former=draw(st.sampled_from(["", *texts])),
            active=draw(st.booleans()),
        )
        for at, text in enumerate(texts)
    ]


@given(registers(), st.data(), st.sampled_from(["front", "end"]))
def test_never_doubled_and_never_mixed(
    register: list[Signature], data: st.DataObject, place: str
) -> None:
    """
    However a text was written: what goes out has one signature, at its place, which
    its channel may carry, and is no longer than what was counted.
    """
    some = Signatures.of(register)
    texts = [one.text for one in register]
    mark = st.sampled_from(["", *(f"【{one}】" for one in texts)])
    written = f"{data.draw(mark)}您好{data.draw(mark)}"
    signature = data.draw(st.sampled_from(texts))
    _, body = some.parted(written, signature)
    there = some.on_channel(signature, "cm", "mobile")
    allowed = accepted(register, signature)
    assert there == (allowed[0] if allowed else None)
    if there is None:
        return
    policy = TextPolicy(signature_at=place)
    signed = sign(body, there, policy)
    wanted = f"【{there}】您好" if place == "front" else f"您好【{there}】"
    assert wanted == signed == sign(signed, there, policy)
    assert len(there) <= len(some.longest(signature))


def accepted(register: list[Signature], text: str) -> list[str]:
    """
    What may stand in its place on channel cm, the nearest first, as an operator
    would work it out.
    """
    known = {one.text: one for one in register}
    seen: list[str] = []
    while text and text not in seen:
        seen.append(text)
        text = known[text].former
    told = {one: known[one].filings for one in seen}
    return [
        one
        for one, filings in told.items()
        if filings.get("cm", filings.get("mobile", "accepted")) == "accepted"
    ]
