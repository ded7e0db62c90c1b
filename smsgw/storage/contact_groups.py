"""
Groups of contacts: each belongs to a book, and is there though nobody is in it.
"""

from collections.abc import Iterable, Sequence

import attrs
from sqlalchemy import Connection, delete, func, insert, select

from smsgw.storage.console_tables import contact_groups
from smsgw.storage.journal import log_change
from smsgw.storage.lists import Hand, in_parts, write_many

__all__ = [
    "GROUP",
    "GroupView",
    "drop_group",
    "empty_group",
    "fill_group",
    "groups_by_contact",
    "groups_of",
    "make_group",
    "members_of",
]

# In place of a member: the group itself.
GROUP = "-"
_SOME = 500


@attrs.frozen
class GroupView:
    """
    A group with how many are in it.
    """

    book: str
    name: str
    members: int


def groups_of(connection: Connection, books: Sequence[str]) -> list[GroupView]:
    """
    The groups of these books, by name.
    """
    columns = contact_groups.c
    rows = connection.execute(
        select(columns.book, columns.name, func.count().label("members"))
        .where(columns.book.in_(list(books)))
        .group_by(columns.book, columns.name)
        .order_by(columns.name, columns.book)
    )
    return [GroupView(row.book, row.name, row.members - 1) for row in rows]


def groups_by_contact(
    connection: Connection, ids: Iterable[str]
) -> dict[str, list[str]]:
    """
    Names of the groups that each of these is in.
    """
    columns = contact_groups.c
    found: dict[str, list[str]] = {}
    for some in in_parts(ids, _SOME):
        rows = connection.execute(
            select(columns.contact_id, columns.name)
            .where(columns.contact_id.in_(some))
            .order_by(columns.name)
        )
        for row in rows:
            found.setdefault(row.contact_id, []).append(row.name)
    return found


def members_of(connection: Connection, groups: Iterable[tuple[str, str]]) -> list[str]:
    """
    Ids of everybody in these groups (book, name), each once.
    """
    columns = contact_groups.c
    found: dict[str, None] = {}
    for book, name in groups:
        rows = connection.execute(
            select(columns.contact_id)
            .where(columns.book == book, columns.name == name)
            .where(columns.contact_id != GROUP)
            .order_by(columns.contact_id)
        )
        found |= dict.fromkeys(rows.scalars())
    return list(found)


def make_group(connection: Connection, book: str, name: str, hand: Hand) -> bool:
    """
    An empty group; False if it is there already.
    """
    if _there(connection, book, name, [GROUP]):
        return False
    _add(connection, book, name, [GROUP], hand)
    _log(connection, book, name, None, {"members": 0}, hand)
    return True


def fill_group(
    connection: Connection, book: str, name: str, ids: Sequence[str], hand: Hand
) -> int:
    """
    Put these into it, making it first where needed; how many are new in it.
    """
    make_group(connection, book, name, hand)
    there = _there(connection, book, name, ids)
    new = [one for one in ids if one not in there]
    _add(connection, book, name, new, hand)
    if len(new) > 1:
        _log(connection, book, name, None, {"added": len(new)}, hand)
    return len(new)


def empty_group(
    connection: Connection,
    book: str,
    name: str,
    hand: Hand,
    only: Sequence[str] | None = None,
) -> int:
    """
    Everybody leaves it, or only these; how many did.
    """
    columns = contact_groups.c
    gone = 0
    for some in [None] if only is None else in_parts(only, _SOME):
        query = delete(contact_groups).where(
            columns.book == book, columns.name == name, columns.contact_id != GROUP
        )
        if some is not None:
            query = query.where(columns.contact_id.in_(some))
        gone += connection.execute(query).rowcount
    if gone:
        _log(connection, book, name, {"removed": gone}, {}, hand)
    return gone


def drop_group(connection: Connection, book: str, name: str, hand: Hand) -> bool:
    """
    The group is gone, its people stay; False if it was not there.
    """
    columns = contact_groups.c
    gone = connection.execute(
        delete(contact_groups).where(columns.book == book, columns.name == name)
    ).rowcount
    if gone:
        _log(connection, book, name, {"members": gone - 1}, None, hand)
    return bool(gone)


def _there(
    connection: Connection, book: str, name: str, ids: Sequence[str]
) -> set[str]:
    columns = contact_groups.c
    found: set[str] = set()
    for some in in_parts(ids, _SOME):
        rows = connection.execute(
            select(columns.contact_id).where(
                columns.book == book,
                columns.name == name,
                columns.contact_id.in_(some),
            )
        )
        found |= set(rows.scalars())
    return found


def _add(
    connection: Connection, book: str, name: str, ids: Sequence[str], hand: Hand
) -> None:
    row = {"book": book, "name": name, **hand.made()}
    write_many(
        connection,
        insert(contact_groups),
        ({**row, "contact_id": one} for one in dict.fromkeys(ids)),
    )


def _log(
    connection: Connection,
    book: str,
    name: str,
    before: dict[str, int] | None,
    after: dict[str, int] | None,
    hand: Hand,
) -> None:
    log_change(
        connection,
        contact_groups.name,
        f"{book}/{name}"[:64],
        before,
        after,
        hand.who,
        hand.at,
    )
