"""
Replies that are keywords are answered, once.
"""

import attrs
import pytest

from smsgw.answering import LATE, Answering
from smsgw.directory import Template
from smsgw.errors import Unavailable
from smsgw.rules.blocked import BY_REPLY, Block
from smsgw.storage.answers import Owed
from tests.gateway.test_rules import blocked
from tests.support.record import now_or_never
from tests.support.shards import NOW, PHONE, World

THANKS = Template("thanks", "致谢", "您已退订，祝您健康。")
OWED = Owed("r1", "his", "thanks", PHONE, NOW - 5)


class Record:
    """
    What is owed; forgets what was answered unless it is away.
    """

    def __init__(self, *owed: Owed) -> None:
        self.owed = list(owed)
        self.away = False

    async def read(self, *_: object) -> list[Owed]:
        return list(self.owed)

    async def write(self, _call: object, replies: list[str], *_: object) -> None:
        if self.away:
            raise Unavailable("gone")
        self.owed = [one for one in self.owed if one.reply not in replies]


def answering(world: World, record: Record) -> Answering:
    """
    Over a record; the world knows the template.
    """
    gateway = world.shard.gateway
    objects = attrs.evolve(world.directory, templates={"thanks": THANKS})
    gateway.directory = objects
    return Answering(gateway, record, None, world.clock)  # type: ignore[arg-type]  # nothing is sealed


def test_an_answer_reaches_who_opted_out() -> None:
    """
    It was asked for; and it is sent once, though noting it failed at first.
    """
    world, record = World(), Record(OWED)
    some = answering(world, record)
    blocked(world, Block(PHONE, source=BY_REPLY))
    record.away = True
    assert 0 == now_or_never(some.look())
    assert "gone" == some.trouble
    record.away = False
    assert 1 == now_or_never(some.look())
    assert ("", []) == (some.trouble, record.owed)
    world.move()
    assert [THANKS.text] == [one.message.text for one in world.cm.flights]


@pytest.mark.parametrize(
    "owed",
    [
        attrs.evolve(OWED, account=""),
        attrs.evolve(OWED, template="gone"),
        attrs.evolve(OWED, at=NOW - LATE - 1),
        attrs.evolve(OWED, number="1"),
    ],
)
def test_what_cannot_be_answered_is_let_go(owed: Owed) -> None:
    """
    Nobody's, without its template, too old, or not to a number.
    """
    world, record = World(), Record(owed)
    assert 1 == now_or_never(answering(world, record).look())
    world.move()
    assert ([], []) == (record.owed, world.cm.flights)


def test_nothing_owed_nothing_done() -> None:
    """
    The usual case.
    """
    assert 0 == now_or_never(answering(World(), Record()).look())
