"""
From submits to submissions.
"""

from typing import Any

import attrs
import pytest

from smsgw.directory import Account, Peer
from smsgw.errors import Refused, Unavailable
from smsgw.frontends.carrier.intake import Intake, word_of
from smsgw.frontends.carrier.ticket import read_ticket
from smsgw.message import Accepted, Submission
from smsgw.protocols.neutral import SUBMIT_WORDS, OutSegment
from smsgw.queues.memory_parts import MemoryParts
from smsgw.text import TextPolicy, split
from tests.support.worlds import NOW, run

PEER = Peer("700001", "his", "cmpp", access="10690000")
ACCOUNT = Account("his", "HIS")
SHORT = OutSegment("13800138000", "1069000007", "您好".encode("utf-16-be"))


@attrs.define(eq=False)
class Taken:
    """
    Keeps what comes in; C{trouble} is raised instead, once.
    """

    submissions: list[Submission] = attrs.field(factory=list)
    trouble: Exception | None = None

    async def __call__(
        self, account: Account, submission: Submission, now: float
    ) -> Accepted:
        if self.trouble is not None:
            trouble, self.trouble = self.trouble, None
            raise trouble
        self.submissions.append(submission)
        return Accepted("B", 1, 0, 1, [])


def take(intake: Intake, *segments: OutSegment, carrier_id: str = "id1") -> None:
    """
    One submit.
    """
    run(intake.take(PEER, ACCOUNT, segments, carrier_id, NOW))


def parts_of(text: str, reference: int = 9) -> list[OutSegment]:
    """
    A text as a system splits it.
    """
    return [
        attrs.evolve(SHORT, payload=one.payload, coding=int(one.coding), udhi=True)
        for one in split(text, "", TextPolicy(), reference)
    ]


def test_one_submit_to_many() -> None:
    """
    One submission; number by number, the extension cut off the source.
    """
    taken = Taken()
    other = attrs.evolve(SHORT, to="13900139000")
    take(Intake(taken, MemoryParts()), SHORT, other)
    (made,) = taken.submissions
    assert ["13800138000", "13900139000"] == [item.to for item in made.items]
    assert ("您好", "07", None) == (made.text, made.extension, made.signature)
    ticket = read_ticket(made.callback_data)
    assert ticket is not None
    assert ("700001", ["id1"], "1069000007", True) == attrs_of(ticket)


def attrs_of(ticket: Any) -> tuple[Any, ...]:
    """
    A ticket's fields.
    """
    return ticket.login, ticket.ids, ticket.src, ticket.registered


def test_a_text_with_a_signature_gets_none() -> None:
    """
    The system signed; ours would be a second one.
    """
    taken = Taken()
    text = "【示范医院】您好"
    take(Intake(taken, MemoryParts()), parts_of(text)[0])
    assert (text, "") == (taken.submissions[0].text, taken.submissions[0].signature)


def test_times() -> None:
    """
    Times to come are kept, times gone by are as good as none.
    """
    taken = Taken()
    intake = Intake(taken, MemoryParts())
    for at, until in ((NOW + 60, NOW + 600), (NOW - 60, NOW - 1)):
        take(intake, attrs.evolve(SHORT, at_time=at, valid_until=until))
    times = [(one.send_at, one.expire_at) for one in taken.submissions]
    assert [(NOW + 60, NOW + 600), (0.0, 0.0)] == times


def test_a_bad_number_refuses_the_whole() -> None:
    """
    One response answers for all numbers, so one bad number refuses all.
    """
    taken = Taken()
    with pytest.raises(Refused) as caught:
        take(Intake(taken, MemoryParts()), SHORT, attrs.evolve(SHORT, to="1"))
    assert "destination" == word_of(caught.value)
    assert [] == taken.submissions


def test_parts_in_any_order_make_one_text() -> None:
    """
    Every part's id is on the ticket, in the order of the parts.
    """
    taken, text = Taken(), "心内科复诊提醒" * 40
    intake = Intake(taken, MemoryParts())
    parts = parts_of(text)
    for place in (2, 0, *range(3, len(parts)), 1):
        take(intake, parts[place], carrier_id=f"id{place}")
    (made,) = taken.submissions
    assert text == made.text
    ticket = read_ticket(made.callback_data)
    assert ticket is not None
    assert [f"id{place}" for place in range(len(parts))] == ticket.ids


def test_joining_goes_on_after_trouble() -> None:
    """
    The last part again, after a refusal whose outcome nobody knew, is the same
    submission; then the next message may use the reference.
    """
    taken, parts = Taken(trouble=Unavailable("away")), parts_of("复查提醒" * 30)
    intake = Intake(taken, MemoryParts())
    for place, part in enumerate(parts[:-1]):
        take(intake, part, carrier_id=f"id{place}")
    with pytest.raises(Unavailable):
        take(intake, parts[-1], carrier_id="idx")
    take(intake, parts[-1], carrier_id="idy")
    (made,) = taken.submissions
    assert made.idempotency_key.endswith(":id0")
    for part in parts:
        take(intake, part, carrier_id="new")
    assert 2 == len(taken.submissions)
    assert made.idempotency_key != taken.submissions[1].idempotency_key


@pytest.mark.parametrize("code", [2004, 2005, 2006, 3001, 5001, 5002, 7003, 9001])
def test_words(code: int) -> None:
    """
    Whatever refuses, each protocol has a word for it.
    """
    assert word_of(Refused(code)) in SUBMIT_WORDS
