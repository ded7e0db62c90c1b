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
