"""
Following the record: the node's rules are those of the database within a second.
"""

from collections.abc import Awaitable, Callable

import attrs
from twisted.logger import Logger

from smsgw.directory import Directory
from smsgw.gateway.gateway import Entrance
from smsgw.ports import Clock
from smsgw.rules.book import Lists, Rulebook
from smsgw.storage.kept import KeptDirectory
from smsgw.storage.kept_lists import KeptLists

__all__ = ["Following"]


@attrs.define(eq=False)
class Following:
    """
    Gives the gateway a new book when the directory or a list changed; C{others}
    are told of a directory: channels start and stop, doors let in or not.
    """

    gateway: Entrance
    directories: KeptDirectory
    lists: KeptLists
    clock: Clock
    others: Callable[[Directory], Awaitable[None]]

    log = Logger()

    async def first(self, directory: Directory) -> None:
        """
        The rules to start with.
        """
        await self._follow(directory, await self.lists.first(self.clock.now()))

    async def look(self) -> None:
        """
        What is newer, if anything is.
        """
        book = self.gateway.book
        directory = await self.directories.look(book.directory)
        await self._follow(
            directory, await self.lists.look(book.lists, self.clock.now())
        )

    async def _follow(self, directory: Directory, lists: Lists) -> None:
        book = self.gateway.book
        changed = directory.version != book.directory.version
        if changed or lists is not book.lists:
            self.gateway.book = Rulebook.of(directory, lists)
        if changed:
            await self.others(directory)
            self.log.info("directory version {version}", version=directory.version)
