"""
The checks that need nothing but the request, and the chunks they lead to.
"""

import pytest

from smsgw.errors import Refused
from smsgw.gateway.plan import CHUNK, check, compose, tally_of
from smsgw.ids import IdSource
from smsgw.message import Item, Submission, decode_chunk
from tests.support.shards import NOW, directory

ACCOUNT = directory().accounts["his"]


def numbers(count: int) -> list[Item]:
    """
    So many recipients of one text.
    """
    return [Item(f"138{n:08d}") for n in range(count)]


@pytest.mark.parametrize(
    ("submission", "code", "field"),
    [
        (Submission([], "您好"), 2013, "to"),
        (Submission([], batch=True), 2013, "items"),
        (Submission(numbers(10_001), "您好"), 2007, "to"),
        (Submission([Item("1", "x")] * 1_001, batch=True), 2007, "items"),
        (Submission(numbers(1), "  "), 2004, "text"),
        (Submission(numbers(1), "长" * 9_999), 2005, "text"),
        (Submission([Item("12345")], "您好"), 2006, "to[0]"),
        (Submission(numbers(1), "您好", category="spam"), 2012, "category"),
        (Submission(numbers(1), "您好", expire_at=NOW - 1), 2011, "expire_at"),
        (Submission(numbers(1), "您好", send_at=NOW + 9e7), 2011, "send_at"),
    ],
)
def test_refused_as_a_whole(submission: Submission, code: int, field: str) -> None:
    """Each mistake has its code and names its field."""
    with pytest.raises(Refused) as refusal:
        check(ACCOUNT, submission, NOW)

    assert (code, field) == (refusal.value.code, refusal.value.field)


def test_a_batch_answers_per_item() -> None:
    """Bad items are refused by themselves, good ones go on."""
    items = [Item("13800138000", "好"), Item("x", "好"), Item("13800138001", " ")]
    plan = check(ACCOUNT, Submission(items, batch=True), NOW)
    answer, admission = compose(plan, IdSource(0), NOW)

    assert [0, 2006, 2004] == [item.code for item in answer.items]
    assert ["", "items[1].to", "items[2].text"] == [i.field for i in answer.items]
    assert (1, 2) == (answer.accepted, answer.rejected)
    assert 1 == admission.chunks[0].count


def test_a_reference_twice_in_one_batch() -> None:
    """The second item with the same reference is refused, not sent twice."""
    items = [Item("13800138000", "好", "r1"), Item("13800138001", "好", "r1")]
    plan = check(ACCOUNT, Submission(items, batch=True), NOW)

    assert [0, 7001] == [result.code for result in plan.results]


def test_chunks_hold_what_was_asked() -> None:
    """450 numbers are three chunks with ids, numbers and segments in order."""
    plan = check(ACCOUNT, Submission(numbers(450), "好" * 80), NOW)
    answer, admission = compose(plan, IdSource(0), NOW)
    chunks = [decode_chunk(stored.body) for stored in admission.chunks]

    assert [CHUNK, CHUNK, 50] == [stored.count for stored in admission.chunks]
    assert [item.id for item in answer.items] == [i for c in chunks for i in c.ids]
    assert [item.to for item in answer.items] == [t for c in chunks for t in c.to]
    assert {2} == {count for chunk in chunks for count in chunk.segments}
    assert admission.high_id == answer.items[-1].id


def test_the_day_is_chinas() -> None:
    """Eight hours ahead of UTC."""
    assert "his|20260922" == tally_of("his", 1_790_000_000.0 + 6 * 3600)
