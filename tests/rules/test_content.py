"""
Texts are told apart as well as the decision says, and the model is what was trained.
"""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.generate import TEXTS
from corpus.training import MODEL, check, examples, train
from smsgw.rules.classify import CATEGORIES
from smsgw.rules.content import LABELS, ContentClassifier, features

MODEL_IN_USE = ContentClassifier.load()


def test_the_corpus_is_large_and_labelled() -> None:
    """
    More than two thousand different texts (T16).
    """
    some = examples()
    assert len({one.text for one in some}) == len(some) >= 2000
    assert set(LABELS) == {one.label for one in some} <= set(CATEGORIES)
    assert TEXTS.exists()


def test_training_gives_the_model_that_is_shipped() -> None:
    """
    To the last weight.
    """
    trained = train(examples())
    assert trained.weights == MODEL_IN_USE.weights
    assert list(trained.prior) == json.loads(MODEL.read_text("utf-8"))["prior"]


@pytest.mark.parametrize(("by_phrase", "least"), [(False, 0.97), (True, 0.85)])
def test_cross_validation(by_phrase: bool, least: float) -> None:
    """
    Of texts it has not seen, and of phrases it has not seen; what is called a code
    or a critical value is one.
    """
    found, right = check(by_phrase)
    assert right >= least
    for label in ("otp", "critical"):
        judged = sum(number for (_, one), number in found.items() if one == label)
        assert found[label, label] / judged >= 0.99


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("【示范医院】您的验证码为 4821，5分钟内有效", "otp"),
        ("危急值：18床王某血钾7.1，请立即处理", "critical"),
        ("关于开展危急值管理制度考核的通知，请各科准备", "bulk"),
        ("记得饭后半小时吃药，每天三次，每次两片", "medication"),
        ("全场八折，快来体检吧，回T退订", "marketing"),
        ("您的CT片子出来了，可以来取", "report"),
        ("今天天气不错", ""),
        ("", ""),
    ],
)
def test_texts_of_nobodys_phrases(text: str, category: str) -> None:
    """
    Written for this test; where it is not sure it says so.
    """
    judged = MODEL_IN_USE.classify(text)
    assert category == judged.category
    assert bool(category) == bool(judged.why)


@given(st.text(max_size=600))
def test_any_text_is_judged(text: str) -> None:
    """
    With a score that is one.
    """
    assert 0 <= MODEL_IN_USE.classify(text).score <= 1
    assert len(features(text)) == len(set(features(text)))
