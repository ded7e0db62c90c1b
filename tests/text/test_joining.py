"""
Tests of L{smsgw.text.joining}.
"""

from hypothesis import given
from hypothesis import strategies as st

from smsgw.text.joining import Joiner

_KEY = ("one", "13800138000", "1069012301", 123, 3)


def test_any_order_and_doubles() -> None:
    """
    Parts come in any order, some twice; the message is whole once.
    """
    joiner = Joiner()
    assert joiner.add(_KEY, 3, 3, b"c", 0, 10.0, "t3") is None
    assert joiner.add(_KEY, 1, 3, b"a", 0, 11.0, "t1") is None
    assert joiner.add(_KEY, 3, 3, b"c", 0, 12.0, "t3 again") is None
    joined = joiner.add(_KEY, 2, 3, b"b", 0, 13.0, "t2")
    assert joined is not None
    assert ("whole", "abc", 3, 10.0) == (
        joined.kind,
        joined.text,
        joined.parts,
        joined.first_at,
    )
    assert ("t3", "t1", "t3 again", "t2") == joined.tokens
    late = joiner.add(_KEY, 2, 3, b"b", 0, 14.0, "t2 again")
    assert late is not None
    assert ("double", ("t2 again",)) == (late.kind, late.tokens)
    assert [] == joiner.expired(609.0)
    assert 1 == len(joiner)
    assert [] == joiner.expired(610.0)
    assert 0 == len(joiner)


def test_lone_part() -> None:
    """
    A message of one part, or with impossible numbers, is whole at once.
    """
    for part, parts in ((1, 1), (0, 0), (4, 3), (0, 3)):
        joined = Joiner().add(_KEY, part, parts, b"a", 0, 1.0, "t")
        assert joined is not None
        assert ("whole", "a", ("t",)) == (joined.kind, joined.text, joined.tokens)


def test_partial() -> None:
    """
    What is missing after the time-out is named and shown as a gap.
    """
    joiner = Joiner(timeout=300.0)
    joiner.add("k", 2, 5, b"b", 0, 100.0)
    joiner.add("k", 4, 5, b"d", 0, 110.0)
    assert [] == joiner.expired(399.0)
    (joined,) = joiner.expired(400.0)
    assert ("partial", "…b…d…", (1, 3, 5)) == (
        joined.kind,
        joined.text,
        joined.missing,
    )
    assert [] == joiner.expired(1e9)


def test_keys_do_not_mix() -> None:
    """
    Two senders with one reference get their own messages.
    """
    joiner = Joiner()
    joiner.add(("a", 7), 1, 2, b"1", 0, 0.0)
    joiner.add(("b", 7), 2, 2, b"4", 0, 0.0)
    first, second = (
        joiner.add(("a", 7), 2, 2, b"2", 0, 0.0),
        joiner.add(("b", 7), 1, 2, b"3", 0, 0.0),
    )
    assert first is not None
    assert second is not None
    assert ("12", "34") == (first.text, second.text)


def test_reference_used_again() -> None:
    """
    The same key with other content begins another message.
    """
    joiner = Joiner()
    joiner.add("k", 1, 2, b"a", 0, 0.0)
    joiner.add("k", 1, 2, b"c", 0, 1.0)
    first = joiner.add("k", 2, 2, b"b", 0, 2.0)
    second = joiner.add("k", 2, 2, b"d", 0, 3.0)
    third = joiner.add("k", 2, 3, b"d", 0, 3.0)
    assert first is not None
    assert second is not None
    assert third is None
    assert ("ab", "cd") == (first.text, second.text)


def test_bounded() -> None:
    """
    More messages than allowed end before their time, oldest first.
    """
    joiner = Joiner(most=2)
    for number in range(4):
        joiner.add(number, 1, 2, b"a", 0, float(number))
    assert [0, 1] == [joined.key for joined in joiner.expired(4.0)]
    assert 2 == len(joiner)


@given(st.lists(st.text("a退😀", min_size=1), min_size=2, max_size=9), st.data())
def test_shuffled(texts: list[str], data: st.DataObject) -> None:
    """
    Any order, doubles included, gives the parts' text in order, once.
    """
    total = len(texts)
    order = data.draw(st.permutations(range(total)))
    doubles = data.draw(st.lists(st.sampled_from(order)))
    joiner = Joiner()
    found = [
        joiner.add("k", k + 1, total, texts[k].encode("utf-16-be"), 8, 0.0)
        for k in [*order, *doubles]
    ]
    wholes = [joined for joined in found if joined is not None]
    assert ["".join(texts)] == [j.text for j in wholes if j.kind == "whole"]
