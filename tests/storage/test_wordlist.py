"""
Words come and go with one version and one line in the change log each time.
"""

from typing import Any

from sqlalchemy import Connection, func, select

from smsgw.rules.words import Word
from smsgw.storage.database import Database
from smsgw.storage.lists import Loaded
from smsgw.storage.tables import changes
from smsgw.storage.wordlist import change_words, words_of, words_version
from tests.support.record import now_or_never

NOW = 1_800_000_000.0


def change(database: Database, *words: Word, **more: Any) -> Loaded:
    """
    An operator's change.
    """
    return now_or_never(database.write(change_words, words, "admin", NOW, **more))


def held(database: Database) -> set[Word]:
    """
    What is in use.
    """
    return set(now_or_never(database.read(words_of))[0])


def test_words_come_change_and_go(database: Database) -> None:
    """
    The same word may be there for another scope.
    """
    first, other = Word("违禁"), Word("违禁", "review", scope="his")
    assert Loaded(2, 0, 0) == change(database, first, other)
    softer = Word("违禁", "replace", "＊")
    assert Loaded(0, 1, 0) == change(database, softer)
    assert {softer, other} == held(database)
    assert Loaded(0, 0, 1) == change(database, gone=[other])
    assert {softer} == held(database)
    assert Loaded(1, 0, 1) == change(database, Word("加急"), prune=True)
    assert {Word("加急")} == held(database)
    assert Loaded(0, 1, 0) == change(database, first)
    assert {Word("加急"), first} == held(database)


def test_what_is_so_is_not_logged(database: Database) -> None:
    """
    A version more, but no line.
    """
    change(database, Word("违禁"))
    before = now_or_never(database.read(words_version))
    assert not change(database, Word("违禁"), gone=[Word("没有")])

    def lines(connection: Connection) -> int:
        return connection.execute(
            select(func.count()).select_from(changes)
        ).scalar_one()

    assert 1 == now_or_never(database.read(lines))
    assert before < now_or_never(database.read(words_version))
