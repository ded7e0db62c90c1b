"""
Drafts as submissions: looked at in parts, sent in parts, once.
"""

import pytest

from smsgw.admin.composing import Draft, Line, Wish
from smsgw.admin.page import Visit
from smsgw.admin.rights import Visitor
from smsgw.admin.submitting import account_of, look_ahead, send_lines, slices
from smsgw.errors import Refused
from tests.support.console import HOSPITAL, House
from tests.support.record import now_or_never


@pytest.fixture
def visit(house: House) -> Visit:
    """
    Somebody asks.
    """
    visitor = Visitor(HOSPITAL.people["zhang"], HOSPITAL.roles["sender"])
    return Visit(house.desk, visitor, "zh", house.wall.now())


def draft(count: int, personal: bool = False) -> Draft:
    """
    So many lines.
    """
    lines = [
        Line(f"138{one:08}", f"{one}号请就诊" if personal else None)
        for one in range(count)
    ]
    return Draft(Wish("ward", "停诊通知"), lines, [], personal)


@pytest.mark.parametrize(
    ("count", "most", "spread", "told"),
    [
        (0, 10, 0.0, []),
        (25, 10, 0.0, [(0, 10, 0.0), (10, 20, 0.0), (20, 25, 0.0)]),
        (3, 10, 600.0, [(0, 1, 0.0), (1, 2, 200.0), (2, 3, 400.0)]),
        (5, 10, 120.0, [(0, 3, 0.0), (3, 5, 60.0)]),
    ],
)
def test_slices(
    count: int, most: int, spread: float, told: list[tuple[int, int, float]]
) -> None:
    """
    Bounded in size; over a period, none before the minute is over.
    """
    assert told == list(slices(count, most, spread))
    assert len(list(slices(20_000, 1000, 86_400.0))) <= 200


@pytest.mark.parametrize("personal", [False, True])
def test_looked_at_and_sent(house: House, visit: Visit, personal: bool) -> None:
    """
    What was counted before is what is taken after.
    """
    made = draft(2500, personal)
    now_or_never(look_ahead(visit, made))
    assert (2500, 2500, 10) == (
        len(made.lines),
        made.summary.segments,
        len(made.summary.samples),
    )
    assert 2500 == sum(made.summary.carriers.values())
    done = now_or_never(send_lines(visit, "k" * 32, made, 0, 2500))
    assert (2500, 0, 2500, 0) == (
        done.accepted,
        done.refused,
        done.segments,
        done.held,
    )
    assert (3 if personal else 1) == len(done.batches) == len(house.shelf.kept)
    again = now_or_never(send_lines(visit, "k" * 32, made, 0, 2500))
    assert done.batches == again.batches
    assert (3 if personal else 1) == len(house.shelf.kept)


def test_a_text_too_long_for_one(visit: Visit) -> None:
    """
    Lines that the gateway would refuse leave the draft; a text for all is refused.
    """
    made = draft(3, personal=True)
    made.lines[1].text = "长" * 20_000
    now_or_never(look_ahead(visit, made))
    assert (2, 1) == (len(made.lines), len(made.bad))
    assert "138" in made.bad[0].values["手机"]
    shared = draft(3)
    shared.wish.text = "长" * 20_000
    with pytest.raises(Refused):
        now_or_never(look_ahead(visit, shared))


def test_another_s_account(visit: Visit) -> None:
    """
    Whoever may not send for it any more, does not.
    """
    made = draft(1)
    assert "ward" == account_of(visit, made).id
    made.wish.account = "his"
    with pytest.raises(Refused):
        account_of(visit, made)
