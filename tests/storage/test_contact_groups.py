"""
Groups of contacts: made, filled, emptied, gone; their people stay.
"""

from smsgw.storage.contact_groups import (
    drop_group,
    empty_group,
    fill_group,
    groups_by_contact,
    groups_of,
    make_group,
    members_of,
)
from smsgw.storage.contacts import SHARED
from smsgw.storage.database import Database
from smsgw.storage.lists import Hand
from tests.support.record import NOW, now_or_never

HAND = Hand("liu", int(NOW * 1000))
IDS = [f"{one:032}" for one in range(1200)]


def sizes(database: Database) -> list[tuple[str, int]]:
    """
    Names and members of the shared book's groups.
    """
    found = now_or_never(database.read(groups_of, (SHARED,)))
    return [(one.name, one.members) for one in found]


def test_a_group_from_beginning_to_end(database: Database) -> None:
    """
    Made empty, filled twice, left, emptied, gone.
    """
    assert now_or_never(database.write(make_group, SHARED, "随访", HAND))
    assert not now_or_never(database.write(make_group, SHARED, "随访", HAND))
    assert [("随访", 0)] == sizes(database)
    fill = (fill_group, SHARED, "随访")
    assert 700 == now_or_never(database.write(*fill, IDS[:700], HAND))
    assert 500 == now_or_never(database.write(*fill, IDS, HAND))
    assert [("随访", 1200)] == sizes(database)
    assert 2 == now_or_never(database.write(empty_group, SHARED, "随访", HAND, IDS[:2]))
    assert {IDS[2]: ["随访"]} == now_or_never(database.read(groups_by_contact, IDS[:3]))
    assert 1198 == now_or_never(database.write(empty_group, SHARED, "随访", HAND))
    assert [("随访", 0)] == sizes(database)
    assert now_or_never(database.write(drop_group, SHARED, "随访", HAND))
    assert not now_or_never(database.write(drop_group, SHARED, "随访", HAND))
    assert [] == sizes(database)


def test_members_of_several_groups_once(database: Database) -> None:
    """
    Somebody in two groups is one person; a book's groups are its own.
    """
    for book, name, ids in (
        (SHARED, "a", IDS[:3]),
        (SHARED, "b", IDS[2:5]),
        ("liu", "a", IDS[9:10]),
    ):
        now_or_never(database.write(fill_group, book, name, ids, HAND))
    both = [(SHARED, "a"), (SHARED, "b")]
    assert IDS[:5] == sorted(now_or_never(database.read(members_of, both)))
    assert IDS[9:10] == now_or_never(database.read(members_of, [("liu", "a")]))
