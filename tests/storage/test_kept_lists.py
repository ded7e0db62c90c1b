"""
The long lists follow the record, and outlive it.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from smsgw.errors import Unavailable
from smsgw.numbering.ported import SET, PortedNumber
from smsgw.rules.blocked import Block
from smsgw.rules.book import Lists
from smsgw.rules.encyclopaedia import Override
from smsgw.rules.words import Word
from smsgw.security.fields import Fields
from smsgw.storage.blocklist import block_numbers
from smsgw.storage.codes import set_override
from smsgw.storage.database import Database
from smsgw.storage.kept_lists import KEEP_EVERY, KeptLists
from smsgw.storage.numbers import change_ported
from smsgw.storage.regions import load_regions
from smsgw.storage.wordlist import change_words
from tests.support.record import now_or_never

NOW, NUMBER, OTHER = 1_800_000_000.0, "13800138000", "13800138001"
FIELDS = Fields(key=bytes(range(32)))


def block(database: Database, *blocks: Block) -> None:
    """
    An operator blocks or lifts.
    """
    now_or_never(database.write(block_numbers, FIELDS, blocks, "", "admin", NOW))


@pytest.fixture
def kept(database: Database, tmp_path: Path) -> KeptLists:
    return KeptLists(database, FIELDS, tmp_path / "lists.kept")


class Away:
    """
    A database that does not answer.
    """

    async def read(self, *_: object) -> object:
        raise Unavailable("gone")


@pytest.fixture
def away(tmp_path: Path) -> Iterator[KeptLists]:
    return KeptLists(Away(), FIELDS, tmp_path / "lists.kept")  # type: ignore[arg-type]  # only read is used


def test_changes_are_followed(kept: KeptLists, database: Database) -> None:
    """
    The same value while nothing changes, a newer one when something did.
    """
    block(database, Block(NUMBER))
    first = now_or_never(kept.first(NOW))
    assert NUMBER in first.blocked
    assert first is now_or_never(kept.look(first, NOW))
    block(database, Block(OTHER), Block(NUMBER, active=False))
    newer = now_or_never(kept.look(first, NOW))
    assert (False, True) == (NUMBER in newer.blocked, OTHER in newer.blocked)


def test_a_start_without_the_record(
    kept: KeptLists, away: KeptLists, database: Database
) -> None:
    """
    The copy is used, and nobody reads numbers in it.
    """
    block(database, Block(NUMBER))
    now_or_never(kept.first(NOW))
    assert NUMBER.encode() not in away.file.read_bytes()
    found = now_or_never(away.first(NOW))
    assert (True, 1) == (NUMBER in found.blocked, found.blocked_seq)
    assert found is now_or_never(away.look(found, NOW))


def test_the_copy_is_made_seldom(kept: KeptLists, database: Database) -> None:
    """
    At most once a minute, however often the lists change.
    """
    block(database, Block(NUMBER))
    lists = now_or_never(kept.first(NOW))
    size = kept.file.stat().st_size
    block(database, *(Block(f"139{one:08}") for one in range(100)))
    lists = now_or_never(kept.look(lists, NOW + 1))
    assert size == kept.file.stat().st_size
    now_or_never(kept.look(lists, NOW + KEEP_EVERY))
    assert size < kept.file.stat().st_size


@pytest.mark.parametrize("body", [None, b"", b"\x01\x01garbage"])
def test_no_copy_is_no_list(away: KeptLists, body: bytes | None) -> None:
    """
    A lost or torn copy does not keep the service from starting.
    """
    if body is not None:
        away.file.write_bytes(body)
    found = now_or_never(away.first(NOW))
    assert (Lists().blocked, 0) == (found.blocked, found.blocked_seq)


def test_a_folder_that_cannot_be_written(
    kept: KeptLists, database: Database, tmp_path: Path
) -> None:
    """
    Without a copy the lists hold all the same.
    """
    kept.file = tmp_path / "missing" / "lists.kept"
    block(database, Block(NUMBER))
    assert NUMBER in now_or_never(kept.first(NOW)).blocked


def test_numbers_are_followed_too(
    kept: KeptLists, away: KeptLists, database: Database
) -> None:
    """
    Ported numbers by increments, regions as a whole; the copy has the ported.
    """
    some = [PortedNumber(NUMBER, "unicom", SET)]
    now_or_never(database.write(change_ported, FIELDS, some, "admin", NOW))
    rows = [("1380013", "浙江", "杭州", "")]
    now_or_never(database.write(load_regions, rows, "admin", NOW))
    lists = now_or_never(kept.first(NOW))
    assert ("unicom", "浙江/杭州") == (
        lists.numbers.carrier_of(NUMBER),
        lists.numbers.region_of(NUMBER),
    )
    copied = now_or_never(away.first(NOW))
    assert "unicom" == copied.numbers.carrier_of(NUMBER)
    assert lists.ported_seq == copied.ported_seq


def test_words_are_followed_too(
    kept: KeptLists, away: KeptLists, database: Database
) -> None:
    """
    Compiled once per change, and in the copy.
    """
    words = [Word("违禁")]
    now_or_never(database.write(change_words, words, "admin", NOW))
    lists = now_or_never(kept.first(NOW))
    assert lists is now_or_never(kept.look(lists, NOW))
    copied = now_or_never(away.first(NOW))
    assert (
        1 == len(lists.words.scan("违禁").hits) == len(copied.words.scan("违禁").hits)
    )


def test_codes_are_followed_too(
    kept: KeptLists, away: KeptLists, database: Database
) -> None:
    """
    What codes mean on a channel, at once and in the copy.
    """
    first = now_or_never(kept.first(NOW))
    assert () == first.codes
    one = Override("cmcc", "E7", "carrier_fault", "拥塞")
    now_or_never(database.write(set_override, one, "admin", NOW))
    lists = now_or_never(kept.look(first, NOW + KEEP_EVERY))
    assert ((one,), 1) == (lists.codes, lists.codes_version)
    assert lists is now_or_never(kept.look(lists, NOW))
    copied = now_or_never(away.first(NOW))
    assert ((one,), 0) == (copied.codes, copied.codes_version)
