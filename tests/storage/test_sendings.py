"""
Sendings of people: kept, found by whose they are, followed over their batches.
"""

import attrs

from smsgw.storage.batch_control import StoreBatches
from smsgw.storage.database import Database
from smsgw.storage.sendings import (
    Sending,
    batch_owner,
    find_sendings,
    note_sending,
    sending_of,
    sending_progress,
)
from tests.support.record import FIELDS, IDS, NOW, chunk, now_or_never, record

ONE = Sending(
    "a" * 32, "his", "liu", "您好", "visit", 30, 2, 1, 40, 5000, 7, NOW + 9, NOW, NOW
)


def note(database: Database, sending: Sending, now: float = NOW) -> None:
    """
    Keep it.
    """
    now_or_never(database.write(note_sending, FIELDS, sending, now))


def test_kept_and_gone_on_with(database: Database) -> None:
    """
    The same id is the same sending.
    """
    note(database, ONE)
    known = now_or_never(database.read(sending_of, FIELDS, ONE.id))
    assert attrs.evolve(ONE, at=NOW) == known
    assert 21 == ONE.accepted
    further = attrs.evolve(ONE, rest=0, batches=(IDS[0], IDS[1]))
    note(database, further, NOW + 5)
    known = now_or_never(database.read(sending_of, FIELDS, ONE.id))
    assert attrs.evolve(further, at=NOW) == known
    assert now_or_never(database.read(sending_of, FIELDS, "none")) is None


def test_found_by_whose_they_are(database: Database) -> None:
    """
    Newest first, by pages; of one's accounts, or one's own.
    """
    for number in range(5):
        account = "his" if number % 2 else "lis"
        one = attrs.evolve(ONE, id=f"{number:032}", account=account)
        note(database, one, NOW + number // 2)
    find = (find_sendings, FIELDS)
    everything = (None, "", "", 50)
    found, after = now_or_never(database.read(*find, *everything))
    assert ([4, 3, 2, 1, 0], "") == ([int(one.id) for one in found], after)
    seen, after = [], ""
    while True:
        found, after = now_or_never(database.read(*find, {"lis"}, "zhang", after, 2))
        seen += [int(one.id) for one in found]
        if not after:
            break
    assert [4, 2, 0] == seen
    found, _ = now_or_never(database.read(*find, set(), "liu", "", 50))
    assert 5 == len(found)
    found, _ = now_or_never(database.read(*find, set(), "zhang", "", 50))
    assert [] == found


def test_progress_over_batches(database: Database) -> None:
    """
    Their states together; paused when all of which anybody spoke are.
    """
    record(database, chunk(IDS[:1]))
    batch = IDS[0]
    assert ("his", True) == (
        now_or_never(database.read(batch_owner, batch))[0],
        now_or_never(database.read(batch_owner, batch))[1] > 0,
    )
    assert ("", 0.0) == now_or_never(database.read(batch_owner, IDS[5]))
    progress = (sending_progress, "his", [batch, IDS[5]])
    told = now_or_never(database.read(*progress))
    assert ("running", 1) == (told.state, sum(told.states.values()))
    now_or_never(StoreBatches(database).steer("his", batch, "paused", "liu", NOW))
    assert "paused" == now_or_never(database.read(*progress)).state
    nothing = now_or_never(database.read(sending_progress, "lis", [batch]))
    assert {} == nothing.states
    assert "running" == now_or_never(database.read(sending_progress, "his", [])).state
