"""
Sensitive words in the record: brought to a list, added, taken away, read whole.
"""

import hashlib
from collections.abc import Iterable

from sqlalchemy import Connection, bindparam, insert, select, update

from smsgw.rules.words import Word
from smsgw.storage.columns import NONE, unnull
from smsgw.storage.line import millis_of
from smsgw.storage.lists import (
    Hand,
    Loaded,
    log_load,
    next_version,
    version_of,
    write_many,
)
from smsgw.storage.rule_tables import words

__all__ = ["change_words", "words_of", "words_version"]

_SAME = words.c.id == bindparam("key")


def change_words(
    connection: Connection,
    wanted: Iterable[Word],
    who: str,
    now: float,
    gone: Iterable[Word] = (),
    prune: bool = False,
) -> Loaded:
    """
    Have these words as they are given, and not those that are C{gone}; with
    C{prune} no others either. One line in the change log for all of it.
    """
    hand = Hand(who, millis_of(now))
    seq = next_version(connection, words.name, hand)
    known = {
        row.id: (row.severity, unnull(row.replacement), bool(row.active))
        for row in connection.execute(select(words))
    }
    asked = {_id(one): one for one in wanted}
    named = {_id(one) for one in gone}
    if prune:
        named |= known.keys() - asked.keys()
    new = [key for key in asked if key not in known]
    other = [
        key
        for key, one in asked.items()
        if key in known and known[key] != (one.level, one.replacement, True)
    ]
    dropped = [key for key in named if key in known and known[key][2]]
    columns = {"active": 1, "seq": seq}
    write_many(
        connection,
        insert(words),
        ({"id": key} | _row(asked[key]) | columns | hand.made() for key in new),
    )
    write_many(
        connection,
        update(words).where(_SAME),
        ({"key": key} | _row(asked[key]) | columns | hand.touched() for key in other),
    )
    write_many(
        connection,
        update(words).where(_SAME),
        ({"key": key, "active": 0, "seq": seq} | hand.touched() for key in dropped),
    )
    loaded = Loaded(len(new), len(other), len(dropped))
    if loaded:
        log_load(connection, words.name, len(asked), loaded, hand)
    return loaded


def _id(word: Word) -> str:
    named = f"{word.text}\0{word.scope}".encode()
    return hashlib.blake2b(named, digest_size=16).hexdigest()


def _row(word: Word) -> dict[str, str]:
    return {
        "text": word.text,
        "severity": word.level,
        "replacement": word.replacement or NONE,
        "scope": word.scope or NONE,
    }


def words_of(connection: Connection) -> tuple[list[Word], int]:
    """
    The words in use, and the version of the list.
    """
    version = version_of(connection, words.name)
    rows = connection.execute(select(words).where(words.c.active == 1))
    found = [
        Word(row.text, row.severity, unnull(row.replacement), unnull(row.scope))
        for row in rows
    ]
    return found, version


def words_version(connection: Connection) -> int:
    """
    It grows with each change.
    """
    return version_of(connection, words.name)
