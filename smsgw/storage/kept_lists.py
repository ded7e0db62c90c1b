"""
The long lists from the database by increments, with a sealed copy in the data
directory for a start without it.
"""

from pathlib import Path

import attrs
import msgspec
from sqlalchemy import Connection
from twisted.logger import Logger

from smsgw.errors import Unavailable
from smsgw.numbering.plan import NumberPlan
from smsgw.numbering.ported import PortedNumber
from smsgw.rules.blocked import Block, Blocked
from smsgw.rules.book import Lists
from smsgw.rules.encyclopaedia import Override
from smsgw.rules.words import Word, WordFilter
from smsgw.security.fields import Fields
from smsgw.security.provider import CryptoError
from smsgw.storage.batch_control import stops_of, stops_version
from smsgw.storage.blocklist import blocks_since
from smsgw.storage.codes import codes_version, overrides_of
from smsgw.storage.database import Database
from smsgw.storage.numbers import ported_since
from smsgw.storage.regions import regions_of, regions_version
from smsgw.storage.wordlist import words_of, words_version

__all__ = ["KeptLists", "newer_lists"]

KEEP_EVERY = 60.0


class _Copy(msgspec.Struct, array_like=True):
    """
    What the file holds.
    """

    blocked_seq: int
    blocks: list[Block]
    ported_seq: int
    ported: list[PortedNumber]
    words_version: int
    words: list[Word]
    codes: list[Override] = msgspec.field(default_factory=list)
    stops: dict[str, str] = msgspec.field(default_factory=dict)


def newer_lists(connection: Connection, fields: Fields, known: Lists) -> Lists:
    """
    The lists as they are now; C{known} itself when nothing changed.
    """
    newer = known
    blocks, seq = blocks_since(connection, fields, known.blocked_seq)
    if seq != known.blocked_seq:
        blocked = known.blocked.with_changes(blocks)
        newer = attrs.evolve(newer, blocked=blocked, blocked_seq=seq)
    numbers, seq = ported_since(connection, fields, known.ported_seq)
    if seq != known.ported_seq:
        plan = newer.numbers.with_ported(numbers)
        newer = attrs.evolve(newer, numbers=plan, ported_seq=seq)
    if regions_version(connection) != known.regions_version:
        regions, version = regions_of(connection)
        plan = attrs.evolve(newer.numbers, regions=regions)
        newer = attrs.evolve(newer, numbers=plan, regions_version=version)
    if words_version(connection) != known.words_version:
        words, version = words_of(connection)
        screen = WordFilter.of(words)
        newer = attrs.evolve(newer, words=screen, words_version=version)
    if codes_version(connection) != known.codes_version:
        codes, version = overrides_of(connection)
        newer = attrs.evolve(newer, codes=codes, codes_version=version)
    if stops_version(connection) != known.stops_version:
        stops, version = stops_of(connection)
        newer = attrs.evolve(newer, stops=stops, stops_version=version)
    return newer


@attrs.define(eq=False)
class KeptLists:
    """
    Reads what changed and keeps a copy, at most once a minute.

    While the database is away the lists stay as they were.
    """

    database: Database
    fields: Fields
    file: Path
    _kept_at: float = attrs.field(default=0.0, init=False)
    _kept: Lists | None = attrs.field(default=None, init=False)

    log = Logger()

    async def first(self, now: float) -> Lists:
        """
        The lists to start with.
        """
        try:
            return await self._newer(Lists(), now)
        except Unavailable as trouble:
            self.log.warn(
                "lists from the copy in the data directory: {why}", why=trouble.detail
            )
            return self._copied()

    async def look(self, known: Lists, now: float) -> Lists:
        """
        The newest lists; C{known} while the database is away.
        """
        try:
            return await self._newer(known, now)
        except Unavailable:
            return known  # who reads the directory says so

    async def _newer(self, known: Lists, now: float) -> Lists:
        found = await self.database.read(newer_lists, self.fields, known)
        if found is not self._kept and now >= self._kept_at + KEEP_EVERY:
            self._keep(found)
            self._kept, self._kept_at = found, now
        return found

    def _keep(self, lists: Lists) -> None:
        copy = _Copy(
            lists.blocked_seq,
            list(lists.blocked.blocks()),
            lists.ported_seq,
            list(lists.numbers.ported.numbers()),
            lists.words_version,
            list(lists.words.words()),
            list(lists.codes),
            dict(lists.stops),
        )
        body = self.fields.wrap(msgspec.msgpack.encode(copy))
        new = self.file.with_suffix(".new")
        try:
            new.touch(mode=0o600)
            new.write_bytes(body)
            new.replace(self.file)
        except OSError as error:
            self.log.warn("lists not copied: {why}", why=error.strerror)

    def _copied(self) -> Lists:
        try:
            body = self.fields.unwrap(self.file.read_bytes())
            copy = msgspec.msgpack.decode(body, type=_Copy)
        except (OSError, CryptoError, msgspec.DecodeError) as error:
            self.log.error("no copy of the lists: {why}", why=type(error).__name__)
            return Lists()
        return Lists(
            Blocked().with_changes(copy.blocks),
            copy.blocked_seq,
            NumberPlan().with_ported(copy.ported),
            copy.ported_seq,
            words=WordFilter.of(copy.words),
            words_version=copy.words_version,
            codes=tuple(copy.codes),
            stops=copy.stops,
        )
