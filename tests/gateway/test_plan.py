"""
What a request becomes before anything is stored.
"""

from typing import Any

import attrs
import pytest

from smsgw.directory import Directory
from smsgw.errors import Refused
from smsgw.gateway.plan import check, compose, drop_known, tally_of
from smsgw.ids import IdSource
from smsgw.message import Item, Submission, decode_chunk
from smsgw.rules.book import Rulebook
from tests.support.shards import ACCOUNT, LONG, NOW, PHONE

OTHER = "13900139000"
BOOK = Rulebook.of(Directory())


def refusal(submission: Submission) -> tuple[int, str]:
    """
    Code and field of the refusal of the whole.
    """
    with pytest.raises(Refused) as caught:
        check(BOOK, ACCOUNT, submission, NOW)
    return caught.value.code, caught.value.field


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"items": []}, 2013, "to"),
        ({"items": [], "batch": True}, 2013, "items"),
        ({"items": [Item(PHONE)] * 10_001}, 2007, "to"),
        ({"items": [Item(PHONE)] * 1_001, "batch": True}, 2007, "items"),
        ({"text": " \n"}, 2004, "text"),
        ({"text": ""}, 2004, "text"),
        ({"text": "测" * 20_000}, 2005, "text"),
        ({"category": "spam"}, 2012, "category"),
        ({"send_at": NOW + 367 * 86400}, 2011, "send_at"),
        ({"expire_at": NOW - 1}, 2011, "expire_at"),
        ({"expire_at": NOW + 5, "send_at": NOW + 9}, 2011, "expire_at"),
        ({"items": [Item("12345")]}, 2006, "to[0]"),
    ],
)
def test_refused_as_a_whole(fields: dict[str, Any], code: int, field: str) -> None:
    """
    The field that is wrong is named.
    """
    whole = Submission([Item(PHONE)], "你好")

    assert refusal(attrs.evolve(whole, **fields)) == (code, field)


def test_faults_per_item_in_a_batch() -> None:
    """
    Good items go on; the words say why a number is bad.
    """
    items = [Item("010-88888888", "甲"), Item(PHONE, "乙"), Item(PHONE, "")]
    plan = check(BOOK, ACCOUNT, Submission(items, batch=True), NOW)

    assert plan.good == [1]
    assert [(r.code, r.field) for r in plan.results] == [
        (2006, "items[0].to"),
        (0, ""),
        (2004, "items[2].text"),
    ]
    assert "landline" in plan.results[0].detail


def test_a_batch_of_nothing_good_is_answered_per_item() -> None:
    """
    No refusal of the whole, and nothing to store.
    """
    plan = check(BOOK, ACCOUNT, Submission([Item("1")], "甲", batch=True), NOW)
    answer, admission = compose(plan, IdSource(0), NOW)

    assert (answer.accepted, answer.rejected) == (0, 1)
    assert admission.chunks == []


def test_reference_twice_in_one_request() -> None:
    """
    The second item with a reference is refused.
    """
    items = [Item(PHONE, "甲", "r"), Item(OTHER, "乙", "r")]
    plan = check(BOOK, ACCOUNT, Submission(items, batch=True), NOW)

    assert [one.code for one in plan.results] == [0, 7001]


def test_one_reference_for_many_numbers() -> None:
    """
    Of one text to many numbers the reference is told apart by number.
    """
    items = [Item(PHONE, client_ref="r"), Item(OTHER, client_ref="r")]
    plan = check(BOOK, ACCOUNT, Submission(items, "甲"), NOW)

    assert sorted(plan.refs) == [f"his|r|{PHONE}", f"his|r|{OTHER}"]


def test_chunks_of_one_text() -> None:
    """
    At most 200 numbers to a chunk; the shared text is not repeated.
    """
    items = [Item(f"1380013{n:04}") for n in range(401)]
    submission = Submission(items, LONG, send_at=NOW + 60, biz={"dept": "ICU"})
    answer, admission = compose(check(BOOK, ACCOUNT, submission, NOW), IdSource(0), NOW)
    chunks = [decode_chunk(one.body) for one in admission.chunks]

    assert [len(one.ids) for one in chunks] == [200, 200, 1]
    assert [one.id for one in chunks] == [one.ids[0] for one in chunks]
    assert [one.texts for one in chunks] == [[], [], []]
    assert admission.chunks[0].not_before == NOW + 60
    assert chunks[0].expires_at == NOW + 60 + ACCOUNT.validity
    assert chunks[0].biz == {"dept": "ICU"}
    assert answer.segments == sum(sum(one.segments) for one in chunks)
    assert admission.high_id == answer.items[-1].id
    assert answer.batch_id == answer.items[0].id


def test_chunks_of_personal_texts() -> None:
    """
    Texts and references stand beside their numbers; bad items leave no gap.
    """
    items = [Item(PHONE, "甲", "a"), Item("1", "乙", "b"), Item(OTHER, "丙", "c")]
    plan = check(BOOK, ACCOUNT, Submission(items, batch=True), NOW)
    answer, admission = compose(plan, IdSource(0), NOW)
    [chunk] = [decode_chunk(one.body) for one in admission.chunks]

    assert (chunk.to, chunk.texts, chunk.refs) == (
        [PHONE, OTHER],
        ["甲", "丙"],
        ["a", "c"],
    )
    assert chunk.ids == [answer.items[0].id, answer.items[2].id]
    assert [ref for ref, _, _ in admission.refs] == ["his|a", "his|c"]


def test_known_items_leave_the_plan() -> None:
    """
    The same content is answered with the id of before, other content refused.
    """
    items = [Item(PHONE, "甲", "a"), Item(PHONE, "乙", "b"), Item(OTHER, "丙", "c")]
    plan = check(BOOK, ACCOUNT, Submission(items, batch=True), NOW)
    drop_known(plan, 0, "OLD", True)
    drop_known(plan, 1, "OLDER", False)
    answer, admission = compose(plan, IdSource(0), NOW)

    assert (answer.accepted, answer.rejected) == (1, 1)
    assert (answer.items[0].id, answer.items[0].duplicate) == ("OLD", True)
    assert (answer.items[1].code, answer.items[1].id) == (7001, "")
    assert [ref for ref, _, _ in admission.refs] == ["his|c"]


def test_tally_is_a_day_in_china() -> None:
    """
    The day begins at 16:00 UTC.
    """
    midnight = 1_790_006_400.0 - 1_790_006_400.0 % 86400 + 16 * 3600

    assert tally_of("his", midnight - 1) != tally_of("his", midnight)
    assert tally_of("his", 1_790_000_000.0) == "his|20260921"
