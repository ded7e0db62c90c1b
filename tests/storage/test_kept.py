"""
Tests for L{smsgw.storage.kept}.
"""

from pathlib import Path

import attrs
import pytest
from twisted.logger import capturedLogs, formatEvent

from smsgw.directory import Account, Credential, Directory, Rule, Share
from smsgw.directory import Group as RouteGroup
from smsgw.errors import Unavailable
from smsgw.queues.memory import MemoryQueue
from smsgw.storage.database import Database
from smsgw.storage.directory_store import apply_directory
from smsgw.storage.kept import KeptDirectory
from tests.support.record import DIRECTORY, NOW, now_or_never

WANTED = attrs.evolve(
    DIRECTORY,
    accounts={**DIRECTORY.accounts, "main": Account("main", "总院")},
    credentials={"his": Credential("his", "his", ("secret",))},
    groups={"g": RouteGroup("g", (Share("cmcc", 2),))},
    rules=(Rule("r", 1, "g"),),
)


@attrs.define(eq=False)
class Place:
    """
    A folder that is there or not, with a database in it, and a queue store.
    """

    folder: Path
    queue: MemoryQueue = attrs.field(factory=MemoryQueue)

    def open(self) -> KeptDirectory:
        """
        As a process that begins.
        """
        url = f"sqlite:///{self.folder / 'record.sqlite'}"
        return KeptDirectory(Database.open(url), self.queue)

    def apply(self, wanted: Directory) -> None:
        """
        As an operator does.
        """
        kept = self.open()
        now_or_never(kept.database.prepare())
        now_or_never(kept.database.write(apply_directory, wanted, "test", NOW))
        kept.database.close()

    def hide(self) -> None:
        """
        The database goes away.
        """
        self.folder.rename(self.folder.with_name("hidden"))

    def show(self) -> None:
        """
        It is back.
        """
        self.folder.with_name("hidden").rename(self.folder)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """
    With objects applied.
    """
    (tmp_path / "data").mkdir()
    made = Place(tmp_path / "data")
    made.apply(WANTED)
    return made


def test_a_start_without_the_database(place: Place) -> None:
    """
    Begins with what was kept, whole, and says so; goes on with the database's when
    it is back, and keeps that.
    """
    before = place.open()
    first = now_or_never(before.first())
    before.database.close()
    place.hide()
    kept = place.open()
    with capturedLogs() as events:
        found = now_or_never(kept.first())
        assert found is now_or_never(kept.look(found))
        assert found is now_or_never(kept.look(found))

    assert first == found
    assert "unable to open" in kept.trouble
    told = [formatEvent(event) for event in events]
    assert 2 == len(told)
    assert "is not read" in told[0]
    assert "starting with the directory kept in the queue store" in told[1]
    place.show()
    place.apply(attrs.evolve(WANTED, accounts={"lab": Account("lab", "检验科")}))
    newer = now_or_never(kept.look(found))
    assert "lab" in newer.accounts
    assert "" == kept.trouble
    kept.database.close()
    place.hide()
    assert newer == now_or_never(place.open().first())


def test_nothing_kept(tmp_path: Path) -> None:
    """
    Without database and snapshot there is no start.
    """
    with pytest.raises(Unavailable, match="unable to open"):
        now_or_never(Place(tmp_path / "none").open().first())


def test_a_snapshot_of_something_else(place: Place) -> None:
    """
    Is told, and no start either.
    """
    now_or_never(place.queue.save_snapshot(b"\xc1\x02"))
    place.hide()
    with pytest.raises(Unavailable, match="unable to open"):
        now_or_never(place.open().first())


def test_a_store_that_does_not_keep(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The directory is used all the same, and kept as soon as the store is back.
    """
    kept = place.open()

    async def fail(_: MemoryQueue, body: bytes) -> None:
        raise Unavailable("queue away")

    with monkeypatch.context() as patch:
        patch.setattr(MemoryQueue, "save_snapshot", fail)
        assert "his" in now_or_never(kept.first()).accounts
    assert b"" == now_or_never(place.queue.load_snapshot())
    now_or_never(kept.look(Directory()))
    assert b"" != now_or_never(place.queue.load_snapshot())
    kept.database.close()
