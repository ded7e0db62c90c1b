"""
Words are found in every disguise, and hospitals' own texts are left alone.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.rules.words import LEVELS, Word, WordFilter, medical_terms
from tests.rules.word_corpus import ALLOWED_SAMPLE, HOSPITAL, LATIN, WORDS, disguises


def test_disguises_are_seen_through() -> None:
    """
    At least 99 of 100 (T3).
    """
    some = list(disguises())
    screen = WordFilter.of(Word(one) for one in {word for word, _ in some})
    missed = [
        text
        for word, text in some
        if word not in {hit.word.text for hit in screen.scan(text).hits}
    ]
    assert len(set(some)) >= 300
    assert len(missed) <= len(some) // 100, missed


def test_hospitals_texts_are_left_alone() -> None:
    """
    None of them hits, though words of the list stand in terms that are meant well.
    """
    listed = [*WORDS, *LATIN, *ALLOWED_SAMPLE]
    screen = WordFilter.of(Word(one) for one in listed)
    hits = [hit for text in HOSPITAL for hit in screen.scan(text).hits]
    assert len(set(HOSPITAL)) >= 500
    assert [] == hits


def test_the_allow_list_is_large() -> None:
    """
    And every term is folded without loss.
    """
    assert len(set(medical_terms())) >= 300
    assert all(len(term) > 1 for term in medical_terms())


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("在中，奖金", 0),
        ("恭喜您中，奖！", 1),
        ("中\n奖", 1),
        ("门诊在其中。奖励", 0),
        ("测，试违禁词", 1),
        ("本次测，试违禁词", 0),
        ("ＡＴＥＳＴ", 0),
        ("Ⓐtest", 0),
        ("v1 test 2", 1),
        ("【Test】", 1),
        ("事情办完了。证明已开", 0),
        ("中-奖", 1),
        ("测，试，违，禁，词", 1),
        ("测试，违禁词", 0),
        ("testing", 0),
        ("a test!", 1),
        ("测test试", 1),
    ],
)
def test_clauses_and_latin_words(text: str, hits: int) -> None:
    """
    Two clauses are no word; Latin letters count alone.
    """
    words = [Word(one) for one in ("中奖", "办证", "测试违禁词", "test")]
    assert hits == len(WordFilter.of(words, []).scan(text).hits)


def test_levels_and_replacements() -> None:
    """
    The strictest counts; of overlapping words the longest is replaced.
    """
    words = [
        Word("最好", "mark"),
        Word("最好的", "replace", "很好的"),
        Word("加微信", "replace"),
        Word("内幕", "review"),
    ]
    screen = WordFilter.of(words)
    found = screen.scan("这是最 好的产品，加微信")
    assert ("replace", "这是很好的产品，***") == (found.level, found.text)
    assert "review" == screen.scan("最好的内幕").level
    assert "mark" == screen.scan("最好").level
    assert ("", "平安") == (screen.scan("平安").level, screen.scan("平安").text)


def test_a_word_of_somebody_else() -> None:
    """
    Scopes are accounts and departments.
    """
    screen = WordFilter.of([Word("加急", scope="binhai"), Word("违禁")])
    assert () == screen.scan("加急").hits
    assert 1 == len(screen.scan("加急", ("his", "binhai")).hits)
    assert 1 == len(screen.scan("违禁", ("his",)).hits)


def test_without_words_nothing_is_done() -> None:
    """
    Also when all of them are nothing but signs.
    """
    for screen in (WordFilter.of([]), WordFilter.of([Word("……")])):
        assert (False, "x") == (bool(screen), screen.scan("x").text)


@given(
    st.lists(
        st.builds(
            Word,
            st.text(min_size=1, max_size=4),
            st.sampled_from(LEVELS),
            st.just("好"),
        ),
        max_size=5,
    ),
    st.text(max_size=60),
)
def test_any_text_is_screened(words: list[Word], text: str) -> None:
    """
    Hits lie within the text; without words to replace it stays as it is.
    """
    screen = WordFilter.of(words)
    found = screen.scan(text)
    assert screen.strikes(text) or not found.hits
    assert all(0 <= hit.start < hit.end <= len(text) for hit in found.hits)
    if "replace" not in {hit.word.level for hit in found.hits}:
        assert text == found.text


@given(st.lists(st.text(max_size=12), min_size=1, max_size=200))
def test_texts_strike_together(texts: list[str]) -> None:
    """
    If one strikes, all of them joined do, also when they are long.
    """
    screen = WordFilter.of([Word("赌博"), Word("a1")])
    together = "".join(texts)
    assert screen.strikes(together) or not any(map(screen.strikes, texts))
    assert screen.strikes(f"{together}赌-博")
    assert screen.strikes(f"{'。好A' * 400}{together}Ａ ①{together}")
