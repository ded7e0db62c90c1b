"""
Which signature a message carries, and where it may.
"""

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
    Length, brackets, states, itself.
    """
    wrong = Signature("w", "【", filings={"mobile": "ok"}, former="【")
    assert 4 == len(mistakes_of(wrong))
    assert [] == mistakes_of(NEW)


@given(
    st.sampled_from(["新医院", "旧医院"]),
    st.sampled_from(["", "【新医院】", "【旧医院】"]),
    st.sampled_from(["mobile", "unicom", "telecom"]),
    st.sampled_from(["front", "end"]),
)
def test_never_doubled_and_never_mixed(
    text: str, written: str, carrier: str, place: str
) -> None:
    """
    What goes out has exactly the one signature that its channel may carry.
    """
    there = SOME.on_channel(text, "cu1" if carrier == "unicom" else "c", carrier)
    if there is None:
        return
    policy = TextPolicy(signature_at=place)  # type: ignore[arg-type]  # one of two
    body = f"{written}您好" if written == f"【{there}】" else "您好"
    signed = sign(body, there, policy)
    assert 1 == signed.count("【")
    assert f"【{there}】" in signed
