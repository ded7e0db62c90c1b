"""
Address books in the record: the shared one and each person's own.
"""

import json
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import attrs
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from smsgw.numbering import mask
from smsgw.security.fields import Fields
from smsgw.storage.columns import NONE, unnull
from smsgw.storage.console_tables import contact_groups, contacts
from smsgw.storage.contact_groups import GROUP, fill_group, groups_by_contact
from smsgw.storage.journal import log_change
from smsgw.storage.line import millis_of
from smsgw.storage.lists import Hand, Loaded, in_parts, log_load, write_many

__all__ = [
    "SHARED",
    "Contact",
    "Wanted",
    "contacts_of",
    "count_contacts",
    "drop_contacts",
    "find_contacts",
    "known_numbers",
    "load_contacts",
    "save_contact",
]

#: The book that everybody with the permission sees; others are named by persons.
SHARED = "shared"
_SOME = 500


@attrs.frozen
class Contact:
    """
    Somebody's number in a book; C{fields} are further columns by name.
    """

    name: str
    phone: str = attrs.field(repr=False)
    department: str = ""
    fields: Mapping[str, str] = attrs.field(factory=dict)
    groups: tuple[str, ...] = ()
    book: str = SHARED
    id: str = ""


@attrs.frozen
class Wanted:
    """
    Which contacts of these books; empty fields match all.

    C{words} are part of a name or a department, C{index} is a number's, C{group} a
    name of that book; C{doubles}: numbers that are there more than once.
    """

    books: Sequence[str]
    words: str = ""
    index: str = ""
    group: str = ""
    doubles: bool = False


def find_contacts(
    connection: Connection, fields: Fields, wanted: Wanted, after: str, limit: int
) -> tuple[list[Contact], str]:
    """
    By name (doubles by number); the second value is what to go on after, '' at the
    end.
    """
    columns = contacts.c
    first = columns.phone_index if wanted.doubles else columns.name
    query = select(contacts).where(*_matching(wanted))
    if after:
        name, one = after[32:], after[:32]
        query = query.where(or_(first > name, (first == name) & (columns.id > one)))
    rows = connection.execute(query.order_by(first, columns.id).limit(limit + 1)).all()
    shown = rows[:limit]
    groups = groups_by_contact(connection, [row.id for row in shown])
    found = [_contact(row, fields, groups.get(row.id, ())) for row in shown]
    if len(rows) <= limit:
        return found, ""
    last = shown[-1]
    return found, last.id + (last.phone_index if wanted.doubles else last.name)


def count_contacts(connection: Connection, wanted: Wanted) -> int:
    """
    How many there are.
    """
    query = select(func.count()).select_from(contacts).where(*_matching(wanted))
    return connection.execute(query).scalar() or 0


def _matching(wanted: Wanted) -> list[ColumnElement[bool]]:
    columns = contacts.c
    found: list[ColumnElement[bool]] = [columns.book.in_(list(wanted.books))]
    if wanted.words:
        found.append(
            or_(
                columns.name.icontains(wanted.words, autoescape=True),
                columns.department.icontains(wanted.words, autoescape=True),
            )
        )
    if wanted.index:
        found.append(columns.phone_index == wanted.index)
    if wanted.group:
        members = contact_groups.c
        found.append(
            exists().where(
                members.book == columns.book,
                members.contact_id == columns.id,
                members.name == wanted.group,
                members.contact_id != GROUP,
            )
        )
    if wanted.doubles:
        found.append(
            columns.phone_index.in_(
                select(columns.phone_index)
                .where(columns.book.in_(list(wanted.books)))
                .group_by(columns.phone_index)
                .having(func.count() > 1)
            )
        )
    return found


def contacts_of(
    connection: Connection, fields: Fields, books: Sequence[str], ids: Iterable[str]
) -> list[Contact]:
    """
    Those of the books that have these ids, by name.
    """
    found: list[Contact] = []
    for some in in_parts(ids, _SOME):
        rows = connection.execute(
            select(contacts).where(
                contacts.c.id.in_(some), contacts.c.book.in_(list(books))
            )
        ).all()
        groups = groups_by_contact(connection, [row.id for row in rows])
        found += [_contact(row, fields, groups.get(row.id, ())) for row in rows]
    return sorted(found, key=lambda one: (one.name, one.id))


def known_numbers(
    connection: Connection, fields: Fields, book: str, phones: Iterable[str]
) -> dict[str, str]:
    """
    Ids of those numbers that the book has already.
    """
    by_index = {fields.index("phone", phone): phone for phone in phones}
    found: dict[str, str] = {}
    for some in in_parts(by_index, _SOME):
        rows = connection.execute(
            select(contacts.c.id, contacts.c.phone_index)
            .where(contacts.c.book == book, contacts.c.phone_index.in_(some))
            .order_by(contacts.c.id.desc())
        )
        found |= {by_index[row.phone_index]: row.id for row in rows}
    return found


def save_contact(
    connection: Connection, fields: Fields, contact: Contact, who: str, now: float
) -> str:
    """
    A new one (without id), or a known one as it is now; its id. Its groups are
    those that it names, and no others.
    """
    hand, columns = Hand(who, millis_of(now)), contacts.c
    before = _seen(connection, contact.id) if contact.id else None
    row = _row(contact, fields)
    name = contact.id or secrets.token_hex(16)
    if before is None:
        connection.execute(insert(contacts).values(id=name, **row, **hand.made()))
    else:
        connection.execute(
            update(contacts).where(columns.id == name).values(row | hand.touched())
        )
    members = contact_groups.c
    connection.execute(delete(contact_groups).where(members.contact_id == name))
    for group in contact.groups:
        fill_group(connection, contact.book, group, [name], hand)
    after = _told(contact)
    log_change(connection, contacts.name, name, before, after, who, hand.at)
    return name


def _seen(connection: Connection, name: str) -> dict[str, Any] | None:
    """
    A contact as the change log shows it; its number is only known not to be.
    """
    row = connection.execute(select(contacts).where(contacts.c.id == name)).first()
    if row is None:
        return None
    return {"book": row.book, "name": row.name, "department": unnull(row.department)}


def _told(contact: Contact) -> dict[str, Any]:
    return {
        "book": contact.book,
        "name": contact.name,
        "department": contact.department,
        "phone": mask(contact.phone),
        "groups": list(contact.groups),
    }


def drop_contacts(
    connection: Connection, books: Sequence[str], ids: Sequence[str], who: str, at: int
) -> int:
    """
    Take these out of the books and their groups; how many were there.
    """
    gone = 0
    for some in in_parts(ids, _SOME):
        ours = contacts.c.id.in_(some) & contacts.c.book.in_(list(books))
        held = list(connection.execute(select(contacts.c.id).where(ours)).scalars())
        connection.execute(
            delete(contact_groups).where(contact_groups.c.contact_id.in_(held))
        )
        connection.execute(delete(contacts).where(contacts.c.id.in_(held)))
        gone += len(held)
    if gone:
        told = ids[0] if len(ids) == 1 else f"{gone} rows"
        log_change(connection, contacts.name, told, {"rows": gone}, None, who, at)
    return gone


def load_contacts(
    connection: Connection,
    fields: Fields,
    book: str,
    entries: Sequence[Contact],
    renew: bool,
    hand: Hand,
) -> Loaded:
    """
    Take many into a book. A number that it has already is changed if C{renew}, else
    left as it is; groups are made and filled.
    """
    known = known_numbers(connection, fields, book, [one.phone for one in entries])
    fresh = [one for one in entries if one.phone not in known]
    given = {one.phone: secrets.token_hex(16) for one in fresh}
    write_many(
        connection,
        insert(contacts),
        (
            {"id": given[one.phone], **_row(one, fields), "book": book, **hand.made()}
            for one in {one.phone: one for one in fresh}.values()
        ),
    )
    changed = [one for one in entries if one.phone in known] if renew else []
    for one in changed:
        row = _row(one, fields) | {"book": book} | hand.touched()
        same = contacts.c.id == known[one.phone]
        connection.execute(update(contacts).where(same).values(row))
    _fill_groups(connection, book, [*fresh, *changed], known | given, hand)
    loaded = Loaded(len(given), len({one.phone for one in changed}))
    if loaded:
        log_load(connection, contacts.name, len(entries), loaded, hand)
    return loaded


def _fill_groups(
    connection: Connection,
    book: str,
    entries: Iterable[Contact],
    ids: Mapping[str, str],
    hand: Hand,
) -> None:
    members: dict[str, dict[str, None]] = {}
    for one in entries:
        for group in one.groups:
            members.setdefault(group, {})[ids[one.phone]] = None
    for group, those in members.items():
        fill_group(connection, book, group, list(those), hand)


def _row(contact: Contact, fields: Fields) -> dict[str, Any]:
    return {
        "book": contact.book,
        "name": contact.name[:200] or NONE,
        "phone_blob": fields.keep("phone", contact.phone),
        "phone_index": fields.index("phone", contact.phone),
        "department": contact.department[:64] or NONE,
        "fields": json.dumps(dict(contact.fields), ensure_ascii=False)
        if contact.fields
        else None,
    }


def _contact(row: Row[Any], fields: Fields, groups: Collection[str]) -> Contact:
    return Contact(
        unnull(row.name),
        fields.open(row.phone_blob) if row.phone_blob else "",
        unnull(row.department),
        json.loads(row.fields) if row.fields else {},
        tuple(groups),
        row.book,
        row.id,
    )
