"""
Drafts: for their writer, for a while, sealed.
"""

import attrs
import msgspec
import pytest

from smsgw.admin.drafts import drop_draft, find_draft, keep_draft
from smsgw.admin.page import Visit
from smsgw.admin.rights import Visitor
from smsgw.errors import Refused
from tests.support.console import HOSPITAL, House
from tests.support.record import PHONE, now_or_never


class Note(msgspec.Struct):
    """
    Something kept.
    """

    phones: list[str]


@pytest.fixture
def visit(house: House) -> Visit:
    """
    Somebody asks.
    """
    person = HOSPITAL.people["zhang"]
    visitor = Visitor(person, HOSPITAL.roles["sender"])
    return Visit(house.desk, visitor, "zh", house.wall.now())


def test_kept_for_its_writer(house: House, visit: Visit) -> None:
    """
    Nobody else finds it, nor does the writer after its time or once it is dropped.
    """
    note = Note([PHONE] * 20_000)
    key = now_or_never(keep_draft(visit, note))
    assert note == now_or_never(find_draft(visit, key, Note))
    assert {} == now_or_never(house.desk.sessions.of("zhang"))
    [body] = now_or_never(house.desk.sessions.of("draft:zhang")).values()
    assert PHONE.encode() not in body
    other = attrs.evolve(
        visit, visitor=Visitor(HOSPITAL.people["wang"], HOSPITAL.roles["sender"])
    )
    for asker, name in ((other, key), (visit, "0" * 32), (visit, "..")):
        with pytest.raises(Refused):
            now_or_never(find_draft(asker, name, Note))
    now_or_never(drop_draft(visit, key))
    with pytest.raises(Refused):
        now_or_never(find_draft(visit, key, Note))


def test_it_ends(house: House, visit: Visit) -> None:
    """
    After half an hour.
    """
    key = now_or_never(keep_draft(visit, Note([])))
    house.wall.at += 1801
    with pytest.raises(Refused):
        now_or_never(find_draft(visit, key, Note))
