"""
Tests of L{smsgw.rules.retry}.
"""

import itertools

import pytest

from smsgw.directory import RetryRule
from smsgw.protocols.codes import CLASSES
from smsgw.rules.classify import CATEGORIES
from smsgw.rules.retry import Again, RetryTable, Stop, wrong_in

USUAL = RetryTable.of(())


@pytest.mark.parametrize(
    ("class_", "category", "attempt", "others", "expected"),
    [
        ("throttle", "bulk", 1, True, Again(1.0)),
        ("throttle", "bulk", 4, False, Again(8.0)),
        ("throttle", "otp", 5000, True, Again(30.0)),
        ("carrier_fault", "otp", 1, True, Again(0.0, True)),
        ("carrier_fault", "critical", 2, False, Again(2.0, False)),
        ("carrier_fault", "report", 1, True, Again(30.0, True)),
        ("carrier_fault", "bulk", 2, True, Again(300.0, True)),
        ("carrier_fault", "bulk", 3, True, Stop("tries")),
        ("config", "bulk", 1, True, Again(0.0, True)),
        ("config", "bulk", 1, False, Stop("tries")),
        ("ported", "otp", 2, True, Again(0.0, True)),
        ("ported", "otp", 3, True, Stop("tries")),
        ("permanent", "critical", 1, True, Stop("permanent")),
        ("content", "bulk", 1, True, Stop("content")),
        ("blacklist", "bulk", 1, True, Stop("blacklist")),
        ("quota", "bulk", 1, True, Stop("quota")),
        ("handset_temp", "bulk", 1, True, Stop("handset_temp")),
        ("unknown_outcome", "critical", 1, True, Stop("unknown_outcome")),
        ("never heard of", "bulk", 1, True, Stop("never heard of")),
    ],
)
def test_decision(
    class_: str, category: str, attempt: int, others: bool, expected: Again | Stop
) -> None:
    """
    The class decides whether, the lane when, the group where.
    """
    assert expected == USUAL.decide(class_, "9", "cm1", category, attempt, others)


@pytest.mark.parametrize(
    ("class_", "category", "attempt", "others", "expected"),
    [
        ("carrier_fault", "otp", 1, True, Again(0.0, True)),
        ("carrier_fault", "critical", 1, False, Again(1.0, False)),
        ("carrier_fault", "report", 1, True, Again(30.0, True)),
        ("carrier_fault", "otp", 2, True, Stop("tries")),
        ("carrier_fault", "bulk", 1, True, Stop("carrier_fault")),
        ("carrier_fault", "marketing", 1, True, Stop("carrier_fault")),
        ("ported", "notice", 1, True, Again(0.0, True)),
        ("ported", "notice", 1, False, Stop("channels")),
        ("throttle", "otp", 1, True, Stop("throttle")),
        ("config", "otp", 1, True, Stop("config")),
        ("handset_temp", "critical", 1, True, Stop("handset_temp")),
        ("permanent", "critical", 1, True, Stop("permanent")),
    ],
)
def test_after_a_receipt(
    class_: str, category: str, attempt: int, others: bool, expected: Again | Stop
) -> None:
    """
    What the carrier had taken goes once more where the network failed.
    """
    assert expected == USUAL.decide(
        class_, "MA:0001", "cm1", category, attempt, others, receipt=True
    )


@pytest.mark.parametrize(
    ("rule", "attempt", "others", "expected"),
    [
        (RetryRule("r", 1, "void"), 1, True, Stop("void", "r")),
        (RetryRule("r", 1, "same"), 1, True, Again(1.0, False, "r")),
        (RetryRule("r", 1, "same", tries=9), 4, True, Again(8.0, False, "r")),
        (RetryRule("r", 1, "same", after=90.0), 2, True, Again(90.0, False, "r")),
        (RetryRule("r", 1, "later"), 1, True, Again(60.0, False, "r")),
        (RetryRule("r", 1, "later", after=300.0), 1, True, Again(300.0, False, "r")),
        (RetryRule("r", 1, "other"), 1, True, Again(0.0, True, "r")),
        (RetryRule("r", 1, "other", after=5.0), 2, True, Again(5.0, True, "r")),
        (RetryRule("r", 1, "other"), 1, False, Stop("channels", "r")),
        (RetryRule("r", 1, "other"), 3, True, Stop("tries", "r")),
        (RetryRule("r", 1, "later", tries=1), 1, True, Stop("tries", "r")),
    ],
)
def test_a_row(
    rule: RetryRule, attempt: int, others: bool, expected: Again | Stop
) -> None:
    """
    Each action, its wait and its budget; of no use is the class.
    """
    table = RetryTable.of([rule])
    for receipt in (False, True):
        assert expected == table.decide(
            "permanent", "9", "cm1", "bulk", attempt, others, receipt=receipt
        )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"class_": "quota"}, True),
        ({"class_": "content"}, False),
        ({"code": "MK:0015"}, True),
        ({"code": "MK:0012"}, False),
        ({"code": "MK:*"}, True),
        ({"code": "MI:*"}, False),
        ({"channel": "cm1"}, True),
        ({"channel": "cm2"}, False),
        ({"category": "otp"}, True),
        ({"category": "bulk"}, False),
        ({"class_": "quota", "code": "MK:*", "channel": "cm2"}, False),
        ({"active": False}, False),
    ],
)
def test_what_a_row_is_about(fields: dict[str, object], expected: bool) -> None:
    """
    An empty field fits all; every other must fit.
    """
    rule = RetryRule("r", 1, "void", **fields)  # type: ignore[arg-type]
    decision = RetryTable.of([rule]).decide("quota", "MK:0015", "cm1", "otp", 1)

    assert expected == (Stop("void", "r") == decision)


def test_the_first_row_that_fits() -> None:
    """
    The lowest order wins, then the id; a row wins over what is usual.
    """
    rows = [
        RetryRule("late", 20, "void"),
        RetryRule("b", 10, "later", class_="throttle"),
        RetryRule("a", 10, "other", class_="throttle"),
    ]
    table = RetryTable.of(rows)

    assert Again(0.0, True, "a") == table.decide("throttle", "8", "cm1", "otp", 1)
    assert Stop("void", "late") == table.decide("content", "8", "cm1", "otp", 1)


def test_validity_ends_it() -> None:
    """
    What would come too late does not come.
    """
    decide = USUAL.decide
    assert Stop("validity") == decide("throttle", "8", "c", "otp", 4, left=7.9)
    assert Again(8.0) == decide("throttle", "8", "c", "otp", 4, left=8.0)


@pytest.mark.parametrize(
    ("class_", "action", "others", "receipt"),
    list(
        itertools.product(
            CLASSES, ("", "same", "other", "later", "void"), (True, False), (False,)
        )
    )
    + [(one, "", True, True) for one in CLASSES],
)
def test_no_hot_loop(class_: str, action: str, others: bool, receipt: bool) -> None:
    """
    All classes and actions: however generous the budget, a minute by the same
    channel has few attempts; elsewhere there are as many as channels.
    """
    rows = [RetryRule("r", 1, action, tries=10**9)] if action else []
    table = RetryTable.of(rows)
    for category in CATEGORIES:
        at, attempt = 0.0, 1
        while at < 60.0:
            found = table.decide(
                class_, "9", "cm1", category, attempt, others, receipt=receipt
            )
            if isinstance(found, Stop) or found.elsewhere:
                break
            at, attempt = at + found.after, attempt + 1
        assert attempt <= 8


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        (RetryRule("r", 1, "other", class_="quota", category="otp"), ""),
        (RetryRule("r", 1, "others"), "action 'others' is none of"),
        (RetryRule("r", 1, "same", class_="qouta"), "no class 'qouta'"),
        (RetryRule("r", 1, "same", category="code"), "no category 'code'"),
        (RetryRule("r", 1, "same", tries=0), "tries begin at 1"),
        (RetryRule("r", 1, "later", after=-1.0), "tries begin at 1"),
        (RetryRule("r", 1, "later", after=float("inf")), "tries begin at 1"),
        (RetryRule("r", 1, "later", after=float("nan")), "tries begin at 1"),
    ],
)
def test_a_row_that_cannot_be_followed(rule: RetryRule, wrong: str) -> None:
    """
    It says why, and is left out.
    """
    assert wrong_in(rule).startswith(wrong)
    assert bool(wrong) == bool(wrong_in(rule))
    assert bool(RetryTable.of([rule]).rows) == (not wrong)
