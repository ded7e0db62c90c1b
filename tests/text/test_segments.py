"""
Tests of L{smsgw.text.segments}: sizes, cuts, signatures, and what phones show.
"""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from smsgw.errors import Refused
from smsgw.text.coding import Coding, TextPolicy
from smsgw.text.decoding import decode_text
from smsgw.text.headers import parse_udh
from smsgw.text.joining import Joiner
from smsgw.text.segments import Measure, SegmentText, measure, split
from smsgw.text.signing import bracketed, sign

_PLAIN = TextPolicy()
_WIDE = TextPolicy(reference_bits=16)
_CODECS = {0: "ascii", 8: "utf-16-be", 15: "gb18030"}


@pytest.mark.parametrize(
    ("text", "signature", "policy", "expected"),
    [
        ("a" * 159, "", _PLAIN, (0, 1, 159)),
        ("a" * 160, "", _PLAIN, (0, 2, 160)),
        ("a" * 306, "", _PLAIN, (0, 2, 306)),
        ("a" * 306, "", _WIDE, (0, 3, 306)),
        ("字" * 70, "", _PLAIN, (8, 1, 70)),
        ("字" * 71, "", _PLAIN, (8, 2, 71)),
        ("字" * 66, "医院", _PLAIN, (8, 1, 70)),
        ("字" * 67, "医院", _PLAIN, (8, 2, 71)),
        ("【医院】" + "字" * 66, "医院", _PLAIN, (8, 1, 70)),
        ("字" * 134, "", _PLAIN, (8, 2, 134)),
        ("字" * 135, "", _PLAIN, (8, 3, 135)),
        ("字" * 133, "", _WIDE, (8, 3, 133)),
        ("字" * 1000, "医院", _PLAIN, (8, 15, 1004)),
        ("字" * 1000, "医院", _WIDE, (8, 16, 1004)),
        ("😀" * 35, "", _PLAIN, (8, 1, 70)),
        ("😀" * 67, "", _PLAIN, (8, 3, 134)),
        ("字" * 70, "", TextPolicy("gb18030"), (15, 1, 70)),
        ("字" * 71, "", TextPolicy("gb18030"), (15, 2, 71)),
        ("字" * 134, "", TextPolicy("gb18030"), (15, 2, 134)),
        ("a" + "字" * 133 + "a", "", TextPolicy("gb18030"), (15, 3, 135)),
        ("😀" * 36, "", TextPolicy("gb18030"), (15, 2, 36)),
    ],
)
def test_measure(
    text: str, signature: str, policy: TextPolicy, expected: tuple[int, int, int]
) -> None:
    """
    Sizes are those of cmpp.md 11.2, the signature counts, and split agrees.
    """
    coding, segments, characters = expected
    assert Measure(Coding(coding), segments, characters) == measure(
        text, signature, policy
    )
    assert segments == len(split(text, signature, policy, 1))


def test_one_segment() -> None:
    """
    A short text is one payload without a header.
    """
    payload = bytes.fromhex(
        "30106d4b8bd5301160a876849a8c8bc17801662f003100320033003400350036"
    )
    assert (SegmentText(1, 1, payload, Coding.UCS2, False),) == split(
        "您的验证码是123456", "测试", _PLAIN, 9
    )


def test_headers() -> None:
    """
    The parts carry the reference in the form that the policy says.
    """
    text = "字" * 140
    assert ["050003340301", "050003340302", "050003340303"] == [
        segment.payload[:6].hex() for segment in split(text, "", _PLAIN, 0x1234)
    ]
    assert ["06080412340301", "06080412340302", "06080412340303"] == [
        segment.payload[:7].hex() for segment in split(text, "", _WIDE, 0x1234)
    ]


@pytest.mark.parametrize("text", ["", "  ", "\n\u3000", "【医院】", " 【医院】 "])
def test_empty(text: str) -> None:
    """
    Nothing to say is refused, a signature alone as well.
    """
    for refuse in (
        lambda: measure(text, "医院", _PLAIN),
        lambda: split(text, "【医院】", _PLAIN, 1),
    ):
        with pytest.raises(Refused) as caught:
            refuse()
        assert (2004, "text") == (caught.value.code, caught.value.field)


def test_too_long() -> None:
    """
    More parts than allowed are refused; 255 are possible.
    """
    most = TextPolicy(max_parts=255)
    assert 255 == len(split("字" * 67 * 255, "", most, 1))
    for text, policy in (("字" * (67 * 255 + 1), most), ("字" * 1341, _PLAIN)):
        for refuse in (
            lambda text=text, policy=policy: measure(text, "", policy),
            lambda text=text, policy=policy: split(text, "", policy, 1),
        ):
            with pytest.raises(Refused) as caught:
                refuse()
            assert (2005, "text") == (caught.value.code, caught.value.field)


def test_carrier_signs_one_segment() -> None:
    """
    Where the carrier signs, the signature counts but is not sent.
    """
    for at in ("front", "end"):
        policy = TextPolicy(signature_by="carrier", signature_at=at)
        for text in ("您好", "【医院】您好", "您好【医院】"):
            (segment,) = split(text, "医院", policy, 1)
            assert "您好" == segment.payload.decode("utf-16-be")
        assert 2 == measure("字" * 67, "医院", policy).segments
        assert 1 == measure("字" * 66, "医院", policy).segments


def test_carrier_signs_at_the_end_of_the_last_part() -> None:
    """
    A signature that would be cut takes a character with it into the last part.
    """
    policy = TextPolicy(signature_by="carrier", signature_at="end")
    for length in range(125, 140):
        segments = split("字" * length, "医院", policy, 1)
        assert measure("字" * length, "医院", policy).segments == len(segments)
        assert all(len(segment.payload) > 6 for segment in segments)
        assert len(segments[-1].payload) + 8 <= 140
        assert length == sum((len(s.payload) - 6) // 2 for s in segments)


def test_carrier_signature_too_long() -> None:
    """
    A signature that leaves no room in a part is named as the fault.
    """
    policy = TextPolicy(signature_by="carrier")
    for refuse in (measure, lambda *args: split(*args, 1)):
        with pytest.raises(Refused) as caught:
            refuse("字" * 80, "医" * 21, policy)
        assert "signature" == caught.value.field


def test_families_are_kept_together() -> None:
    """
    A joined emoji moves to the next part whole, if that costs no part.
    """
    family = "👨\u200d👩\u200d👧\u200d👦"
    first, second = split("字" * 62 + family + "字" * 9, "", _PLAIN, 1)
    assert "字" * 62 == first.payload[6:].decode("utf-16-be")
    assert (family + "字" * 9) == second.payload[6:].decode("utf-16-be")
    tight = "字" * 62 + family + "字" * 61
    assert 2 == measure(tight, "", _PLAIN).segments == len(split(tight, "", _PLAIN, 1))


# Byte order marks are not text: a reader takes them away.
_ANY = st.characters(exclude_categories=["Cs"], exclude_characters="\ufeff\ufffe")
_TEXTS = st.text(
    st.sampled_from("a1 字，【】é\u0301\u200d\ufe0f😀👨👩🏽🇨🇳𠀀€·\n"),
    min_size=1,
    max_size=500,
) | st.text(_ANY, min_size=1, max_size=300)
_POLICIES = st.builds(
    TextPolicy,
    coding=st.sampled_from(["auto", "auto-gbk", "ucs2", "gbk", "gb18030"]),
    reference_bits=st.sampled_from([8, 16]),
    ascii_part=st.sampled_from([153, 134]),
    max_parts=st.just(255),
    signature_by=st.sampled_from(["us", "carrier"]),
    signature_at=st.sampled_from(["front", "end"]),
)
_SIGNATURES = st.sampled_from(["", "医院", "【滨海医院】", "a" * 12])


def _sizes_hold(segments: tuple[SegmentText, ...], policy: TextPolicy) -> None:
    for segment in segments:
        room = policy.single(segment.coding)
        if segment.udhi:
            header = 6 if policy.reference_bits == 8 else 7
            room = policy.part(segment.coding) + header
        assert 0 < len(segment.payload) <= room


@given(_TEXTS, _SIGNATURES, _POLICIES, st.integers(0, 0xFFFF), st.data())
def test_phone_shows_what_was_written(
    text: str, signature: str, policy: TextPolicy, reference: int, data: st.DataObject
) -> None:
    """
    Split, shuffled, joined: the signed text, within sizes, no character cut.
    """
    assume(text.replace(bracketed(signature), "").strip())
    measured = measure(text, signature, policy)
    segments = split(text, signature, policy, reference)
    assert measured.segments == len(segments)
    assert {measured.coding} == {segment.coding for segment in segments}
    _sizes_hold(segments, policy)
    shown = sign(text, signature, policy)
    if signature and policy.signature_by == "carrier":
        segments = _carrier_signs(segments, signature, policy)
        _sizes_hold(segments, policy)
    assert shown == _shown(data.draw(st.permutations(segments)))


def _carrier_signs(
    segments: tuple[SegmentText, ...], signature: str, policy: TextPolicy
) -> tuple[SegmentText, ...]:
    """
    What a gateway does that adds the signature to the first or the last part.
    """
    index = 0 if policy.signature_at == "front" else len(segments) - 1
    segment = segments[index]
    mark = bracketed(signature).encode(_CODECS[segment.coding])
    head = 0
    if segment.udhi:
        head = segment.payload[0] + 1
    header, body = segment.payload[:head], segment.payload[head:]
    signed = mark + body if policy.signature_at == "front" else body + mark
    changed = SegmentText(
        segment.part, segment.parts, header + signed, segment.coding, segment.udhi
    )
    return (*segments[:index], changed, *segments[index + 1 :])


def _shown(segments: list[SegmentText]) -> str:
    """
    The phone: each part decodes by itself, the whole by the joiner.
    """
    joiner = Joiner()
    shown = ""
    for segment in segments:
        body, part, parts = segment.payload, 1, 1
        if segment.udhi:
            found = parse_udh(segment.payload)
            assert found is not None
            assert (segment.part, segment.parts) == (found.part, found.parts)
            body, part, parts = found.body, found.part, found.parts
        assert body.decode(_CODECS[segment.coding])
        joined = joiner.add("k", part, parts, body, int(segment.coding), 0.0)
        if joined is not None:
            shown += joined.text
    return shown


def test_single_reads_back() -> None:
    """
    The shortest way: one segment decodes to the signed text.
    """
    (segment,) = split("您好", "医院", _PLAIN, 1)
    assert "【医院】您好" == decode_text(segment.payload, segment.coding)
