"""
What reads alike is folded alike, and comes from known places.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.text.folding import fold, fold_places


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＴＥＳＴ１２３", "test123"),
        ("違禁詞語", "违禁词语"),
        ("а с о", "aco"),
        ("①②③", "123"),
        ("一\u200b二\ufeff三 四·五", "一二三四五"),
        ("٣٤", "34"),
        ("您好，世界！", "您好世界"),
        ("🅥🅘🅟 🇻🇮🇵 ⓥⓘⓟ 𝓿𝓲𝓹 ᴠɪᴘ", "vip" * 5),
        ("ЬЕТ νιρ ΗΝ", "betviphn"),
        ("Áçé Ёж", "aceeж"),
        ("中\u3164奖\u115f", "中奖"),
        ("が한", "が한"),
    ],
)
def test_folding(text: str, folded: str) -> None:
    """
    Width, script, look-alikes, digits, and what stands between.
    """
    assert folded == fold(text)


@given(st.text(max_size=60))
def test_places_belong_to_the_letters(text: str) -> None:
    """
    Both ways fold the same; places rise, each letter at its own.
    """
    folded, places = fold_places(text)
    assert (fold(text), len(folded)) == (folded, len(places))
    assert sorted(places) == places
    assert all(fold(text[place]) for place in places)


@given(st.text(max_size=40), st.integers(25, 300))
def test_long_texts_are_folded_alike(text: str, times: int) -> None:
    """
    Letter by letter or character by character.
    """
    long = (text + "，违禁Word。") * times
    assert fold(text + "，违禁Word。") * times == fold(long)


def test_folded_is_folded() -> None:
    """
    What a character becomes becomes nothing else.
    """
    points = [*range(0xD800), *range(0xE000, 0x20000)]
    folded = {fold(chr(point)) for point in points}
    assert folded == {fold(one) for one in folded}
