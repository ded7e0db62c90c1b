"""
The last look before a message goes out.
"""

from smsgw.directory import Directory
from smsgw.gateway.brakes import HUSH, Brakes
from smsgw.message import Inbound, Message
from smsgw.rules.blocked import Block, Blocked
from smsgw.rules.book import Lists, Rulebook
from tests.support.shards import NOW, PHONE


def brakes(*blocks: Block) -> Brakes:
    """
    With these numbers blocked.
    """
    book = Rulebook.of(Directory(), Lists(Blocked().with_changes(blocks)))
    return Brakes(lambda: book)


def message(lane: str = "notice", to: str = PHONE) -> Message:
    """
    One that was granted.
    """
    return Message(
        1, "m", "his", "b", "notice", lane, to, "", "", "", NOW, NOW + 9, 1, "g"
    )


def reply(text: str) -> Inbound:
    """
    As a carrier tells the number.
    """
    return Inbound("cm", "d", f"86{PHONE}", "1069", b"", 8, NOW, text=text)


def test_a_block_stops() -> None:
    """
    The code, and the scope for the timeline.
    """
    assert (4101, "all") == brakes(Block(PHONE)).stop_of(message(), NOW)
    assert brakes().stop_of(message(), NOW) is None


def test_an_opt_out_hushes_for_a_while() -> None:
    """
    That number only, and nothing that is urgent.
    """
    some = brakes()
    some.heard(reply("退订"), NOW)
    assert NOW + HUSH == some.held_until(message(), NOW)
    assert 0 == some.held_until(message("code"), NOW)
    assert 0 == some.held_until(message(to="13900139000"), NOW)
    assert 0 == some.held_until(message(), NOW + HUSH)


def test_other_replies_hush_nobody() -> None:
    """
    And those of long ago are forgotten.
    """
    some = brakes()
    some.heard(reply("好的"), NOW)
    assert {} == some.hushed
    some.heard(reply("T"), NOW)
    some.tick(NOW + HUSH)
    assert {} == some.hushed
