"""
Answers are owed until they are noted.
"""

import attrs

from smsgw.directory import Keyword
from smsgw.storage.answers import answered, owed_answers
from smsgw.storage.database import Database
from tests.support.record import (
    DIRECTORY,
    FIELDS,
    NOW,
    PHONE,
    chunk,
    facts,
    now_or_never,
    record,
    reply,
    sent,
)

KEYWORD = Keyword("yes", ("1",), "confirm", answer="thanks")


def test_owed_until_noted(database: Database) -> None:
    """
    Only replies that are keywords with an answer.
    """
    objects = attrs.evolve(DIRECTORY, keywords={"yes": KEYWORD})
    some = facts(*sent(), reply(text="1"), reply(text="好的", name="d2"))
    record(database, chunk(), some, directory=objects)
    [owed] = now_or_never(database.read(owed_answers, FIELDS))
    assert ("his", "thanks", PHONE, NOW + 60) == (
        owed.account,
        owed.template,
        owed.number,
        owed.at,
    )
    now_or_never(database.write(answered, [owed.reply], "gateway", 1))
    assert [] == now_or_never(database.read(owed_answers, FIELDS))
