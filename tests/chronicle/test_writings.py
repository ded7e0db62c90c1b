"""
Tests for L{smsgw.chronicle.writings}.
"""

import pytest

from smsgw.chronicle.people import People
from smsgw.chronicle.writings import habit_of, written
from smsgw.directory import Account
from smsgw.rules.classify import CATEGORIES
from smsgw.simulator.chance import Chance


@pytest.mark.parametrize("category", sorted(CATEGORIES))
def test_every_category_has_texts(category: str) -> None:
    """
    Written out, no variable is left.
    """
    chance = Chance(1)
    habit = habit_of(Account("one", "One", category=category))
    assert category == habit.category
    for text in habit.texts:
        for words in written(chance, text, People(chance, 10).some(2)):
            assert "{" not in words


def test_known_accounts_have_habits_of_their_own() -> None:
    """
    Others do as their category does; C{auto} is a notice.
    """
    assert habit_of(Account("pay", "Pay")) != habit_of(Account("x", "X"))
    assert "notice" == habit_of(Account("x", "X", category="auto")).category


def test_names() -> None:
    """
    Who is named gets a text of their own, else there is one for all.
    """
    chance = Chance(1)
    people = People(chance, 10).some(3)
    assert [one.name for one in people] == written(chance, "{姓名}", people)
    assert ["您好"] == written(chance, "您好", people)
