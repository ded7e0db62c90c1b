"""
Replies and conversations come from the record, each account its own.
"""

import pytest

from smsgw.storage.database import Database
from smsgw.storage.inbox import StoreInbox
from tests.support.record import (
    FIELDS,
    IDS,
    NOW,
    PHONE,
    chunk,
    facts,
    now_or_never,
    record,
    reply,
    sent,
)


@pytest.fixture
def inbox(database: Database) -> StoreInbox:
    """
    With a message, a reply to it, and a reply that is nobody's.
    """
    record(database, facts(reply(text="你好", name="d0", number="13900139000")))
    record(database, chunk(), facts(*sent(), reply(text="好的")))
    return StoreInbox(database, FIELDS)


def test_replies_of_an_account(inbox: StoreInbox) -> None:
    """
    By number and time; others do not see them, and nobody's are apart.
    """
    [found] = now_or_never(inbox.replies("his", PHONE, 0.0, 0, 10))
    assert ("好的", PHONE, IDS[0]) == (found.text, found.number, found.message_id)
    assert [] == now_or_never(inbox.replies("lis", "", 0.0, 0, 10))
    assert [] == now_or_never(inbox.replies("his", "", NOW + 60, 0, 10))
    assert ["你好"] == [
        one.text for one in now_or_never(inbox.replies("", "", 0.0, 0, 10))
    ]


def test_a_conversation(inbox: StoreInbox) -> None:
    """
    In the order of time; the newest when there are too many.
    """
    turns = now_or_never(inbox.conversation("his", PHONE, 10))
    assert ["out", "in"] == [one.side for one in turns]
    assert ("好的", IDS[0]) == (turns[1].text, turns[1].answers)
    assert ["in"] == [
        one.side for one in now_or_never(inbox.conversation("his", PHONE, 1))
    ]
