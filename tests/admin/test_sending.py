"""
A sending is noted with what the gateway took of it.
"""

import pytest

from smsgw.admin.composing import Draft, Line, Wish
from smsgw.admin.page import Visit
from smsgw.admin.rights import Visitor
from smsgw.admin.sending import begin_sending, drop_rest, send_rest
from smsgw.storage.sendings import Sending, sending_of
from tests.support.console import HOSPITAL, House
from tests.support.record import FIELDS, now_or_never

KEY = "0" * 32


@pytest.fixture
def visit(house: House) -> Visit:
    """
    Somebody asks.
    """
    visitor = Visitor(HOSPITAL.people["liu"], HOSPITAL.roles["operator"])
    return Visit(house.desk, visitor, "zh", house.wall.now())


def kept(house: House) -> Sending:
    """
    As it is noted.
    """
    found = now_or_never(house.database.read(sending_of, FIELDS, KEY))
    assert found is not None
    return found


def draft(**wish: object) -> Draft:
    """
    Ten lines.
    """
    lines = [Line(f"138{one:08}") for one in range(10)]
    return Draft(Wish("his", "您好", **wish), lines, [])  # type: ignore[arg-type]  # fields of a wish


def test_all_at_once(house: House, visit: Visit) -> None:
    """
    Everything is told.
    """
    told, kind = now_or_never(begin_sending(visit, KEY, draft()))
    assert ("已受理 10 条。", "success") == (told, kind)
    sending = kept(house)
    assert (10, 10, 0, 1) == (
        sending.recipients,
        sending.accepted,
        sending.rest,
        len(sending.batches),
    )


def test_a_trial_and_the_rest(house: House, visit: Visit) -> None:
    """
    The rest is kept until it is sent.
    """
    now_or_never(begin_sending(visit, KEY, draft(trial=3)))
    assert (7, 3) == (kept(house).rest, kept(house).accepted)
    told, _ = now_or_never(send_rest(visit, kept(house)))
    assert "已受理 7 条。" == told
    assert (0, 10, 2) == (
        kept(house).rest,
        kept(house).accepted,
        len(kept(house).batches),
    )


def test_the_rest_is_dropped(house: House, visit: Visit) -> None:
    """
    It was never to get anything then.
    """
    now_or_never(begin_sending(visit, KEY, draft(trial=3, spread=600.0)))
    assert kept(house).ends_at == kept(house).send_at
    now_or_never(drop_rest(visit, kept(house)))
    assert (0, 3, 3) == (
        kept(house).rest,
        kept(house).recipients,
        kept(house).accepted,
    )
