"""
The rules follow the record, each change once.
"""

from smsgw.directory import Directory
from smsgw.following import Following
from smsgw.rules.blocked import Block, Blocked
from smsgw.rules.book import Lists
from tests.support.record import now_or_never
from tests.support.shards import NOW, PHONE, World


class Record:
    """
    What the record holds now, for both that read it.
    """

    def __init__(self) -> None:
        self.directory = Directory(version=3)
        self.lists = Lists()

    async def look(self, known: object, now: float | None = None) -> object:
        return self.lists if isinstance(known, Lists) else self.directory

    async def first(self, now: float) -> Lists:
        return self.lists


def test_each_change_is_followed_once() -> None:
    """
    Others hear of directories only; a list changes the book alone.
    """
    world, record, heard = World(), Record(), []

    async def hear(directory: Directory) -> None:
        heard.append(directory.version)

    gateway = world.shard.gateway
    following = Following(gateway, record, record, world.clock, hear)  # type: ignore[arg-type]  # only look and first are used
    now_or_never(following.first(Directory(version=3)))
    now_or_never(following.look())
    assert [3] == heard
    book = gateway.book
    record.lists = Lists(Blocked().with_changes([Block(PHONE)]), 1)
    now_or_never(following.look())
    assert ([3], "all") == (heard, gateway.book.blocked_for(PHONE, "a", "otp", NOW))
    assert book is not gateway.book
    book = gateway.book
    now_or_never(following.look())
    assert book is gateway.book
    record.directory = Directory(version=4)
    now_or_never(following.look())
    assert ([3, 4], 4) == (heard, gateway.directory.version)
    assert PHONE in gateway.book.lists.blocked
