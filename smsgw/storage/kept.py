"""
The directory from the database, with a snapshot in the queue store for the time
when the database is away.
"""

import attrs
import msgspec
from twisted.logger import Logger

from smsgw.directory import Directory
from smsgw.errors import Unavailable
from smsgw.ports import Queue
from smsgw.storage.database import Database
from smsgw.storage.directory_store import load_directory

__all__ = ["KeptDirectory"]


@attrs.define(eq=False)
class KeptDirectory:
    """
    Reads the newest directory and keeps each new version in the queue store.

    C{trouble} is '' or why the database is not read.
    """

    database: Database
    queue: Queue
    trouble: str = ""
    _prepared: bool = attrs.field(default=False, init=False)
    _saved: int = attrs.field(default=-1, init=False)

    log = Logger()

    async def first(self) -> Directory:
        """
        The directory to start with: the database's, else the kept one; with
        neither, the database's L{Unavailable}.
        """
        try:
            return await self.newest()
        except Unavailable as trouble:
            found = await self._kept()
            if found is None:
                raise
            self._tell(trouble.detail)
            self.log.warn(
                "starting with the directory kept in the queue store, version"
                " {version}; the record catches up when the database is back",
                version=found.version,
            )
            return found

    async def look(self, known: Directory) -> Directory:
        """
        The newest directory; C{known} while the database is away.
        """
        try:
            found = await self.newest()
        except Unavailable as trouble:
            self._tell(trouble.detail)
            return known
        self._tell("")
        return found

    async def newest(self) -> Directory:
        """
        As the database has it, whose tables are brought up to date first.
        """
        if not self._prepared:
            await self.database.prepare()
            self._prepared = True
        found = await self.database.read(load_directory)
        if found.version != self._saved:
            await self._keep(found)
        return found

    async def _keep(self, directory: Directory) -> None:
        try:
            await self.queue.save_snapshot(msgspec.msgpack.encode(directory))
        except Unavailable as trouble:
            self.log.warn("directory not kept: {why}", why=trouble.detail)
        else:
            self._saved = directory.version

    async def _kept(self) -> Directory | None:
        body = await self.queue.load_snapshot()
        if not body:
            return None
        try:
            return msgspec.msgpack.decode(body, type=Directory)
        except msgspec.DecodeError as error:
            self.log.warn("kept directory not readable: {why}", why=str(error))
        return None

    def _tell(self, trouble: str) -> None:
        """
        Log the beginning and the end of trouble, not every look.
        """
        if trouble and not self.trouble:
            self.log.error("the directory is not read: {why}", why=trouble)
        elif self.trouble and not trouble:
            self.log.info("the directory is read again")
        self.trouble = trouble
