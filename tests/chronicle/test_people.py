"""
Tests for L{smsgw.chronicle.people}.
"""

from collections import Counter

from smsgw.chronicle.people import People
from smsgw.numbering.plan import NumberPlan
from smsgw.simulator.chance import Chance


def test_carriers_are_true() -> None:
    """
    A number is with the carrier that its head belongs to.
    """
    people = People(Chance(3), 500)
    plan = NumberPlan()
    for one in people.some(500):
        assert one.carrier == plan.carrier_of(one.number)


def test_repeats() -> None:
    """
    The same seed makes the same people, each number once.
    """
    some = People(Chance(7), 200).some(200)
    assert some == People(Chance(7), 200).some(200)
    assert 200 == len({one.number for one in some})
    assert some != People(Chance(8), 200).some(200)


def test_some_come_often() -> None:
    """
    Who is met is not spread evenly.
    """
    people = People(Chance(1), 100)
    met = Counter(people.one().number for _ in range(2_000))
    assert met.most_common(1)[0][1] > 40
