"""
The one way in: an answer only for what is kept.
"""

from typing import Any

import attrs
import msgspec
import pytest

from smsgw.directory import Directory
from smsgw.errors import Refused, Unavailable
from smsgw.gateway.accept import Acceptance
from smsgw.ids import IdSource
from smsgw.message import Accepted, Item, Submission, decode_chunk
from smsgw.ports import Admission, Verdict
from smsgw.rules.book import Rulebook
from smsgw.rules.classify import lane_of
from tests.support.shards import ACCOUNT, NOW, PHONE, World, done

BOOK = Rulebook.of(Directory())


@attrs.define(eq=False)
class Store:
    """
    Gives the verdicts it was told to, in order.
    """

    verdicts: list[Verdict]
    asked: list[Admission] = attrs.field(factory=list)
    arrivals: int = 0

    async def put(self, admission: Admission) -> Verdict:
        self.asked.append(admission)
        return self.verdicts[len(self.asked) - 1]

    def arrived(self) -> None:
        self.arrivals += 1

    def accept(self, items: list[Item], **fields: Any) -> Accepted:
        """
        Accept a submission of these items.
        """
        entry = Acceptance(IdSource(0), self.put, self.arrived)
        return done(entry.accept(BOOK, ACCOUNT, Submission(items, "甲", **fields), NOW))


def test_accepted_wakes_the_dispatcher() -> None:
    """
    What is kept is to be dispatched.
    """
    store = Store([Verdict("accepted")])
    answer = store.accept([Item(PHONE)])

    assert (answer.accepted, store.arrivals) == (1, 1)


@pytest.mark.parametrize(
    ("kind", "code", "field"),
    [("conflict", 7002, "Idempotency-Key"), ("nonce", 1004, "X-Nonce")],
)
def test_refusals(kind: str, code: int, field: str) -> None:
    """
    The store's verdicts in the caller's words.
    """
    with pytest.raises(Refused) as caught:
        Store([Verdict(kind)]).accept([Item(PHONE)])

    assert (caught.value.code, caught.value.field) == (code, field)


@pytest.mark.parametrize("kind", ["full", "strange"])
def test_not_now(kind: str) -> None:
    """
    A full store, or one that says what we do not know.
    """
    with pytest.raises(Unavailable):
        Store([Verdict(kind)]).accept([Item(PHONE)])


def test_known_items_are_taken_out() -> None:
    """
    The rest is put once more, under new ids.
    """
    known = Verdict("known", known=[(1, "OLD", True)])
    store = Store([known, Verdict("accepted")])
    items = [Item(PHONE, "甲", "a"), Item(PHONE, "乙", "b")]
    answer = store.accept(items, batch=True)

    assert [one.duplicate for one in answer.items] == [False, True]
    assert [len(one.refs) for one in store.asked] == [2, 1]
    assert store.asked[0].high_id < store.asked[1].high_id


def test_nothing_left_is_not_stored() -> None:
    """
    All references known and no key: one put is enough.
    """
    store = Store([Verdict("known", known=[(0, "OLD", True)])])
    answer = store.accept([Item(PHONE, client_ref="a")])

    assert (answer.items[0].id, len(store.asked)) == ("OLD", 1)


def test_known_with_other_content() -> None:
    """
    A single message is refused, a batch's item is marked.
    """
    known = Verdict("known", known=[(0, "OLD", False)])
    with pytest.raises(Refused) as caught:
        Store([known]).accept([Item(PHONE, client_ref="a")])
    batch = Store([known]).accept([Item(PHONE, "甲", "a")], batch=True)

    assert caught.value.code == 7001
    assert [one.code for one in batch.items] == [7001]


def test_replay() -> None:
    """
    The same key and body: the very answer of before.
    """
    world = World()
    fields: dict[str, Any] = {"idempotency_key": "k", "body_hash": b"1"}
    first = world.accept(**fields)
    again = world.accept(**fields)

    assert again.replayed
    assert msgspec.to_builtins(again.items) == msgspec.to_builtins(first.items)
    assert world.counts() == {"accepted": 1, "waiting": 1}
    with pytest.raises(Refused):
        world.accept(idempotency_key="k", body_hash=b"2")


REMINDER = "{}您好，您预约的心内科门诊时间为{}日，请提前到门诊二楼报到。"


def flood(category: str, text: str = REMINDER, count: int = 80) -> list[Accepted]:
    """
    So many submissions to one number each, alike but for name and day.
    """
    account = attrs.evolve(ACCOUNT, category=category)
    store = Store([Verdict("accepted")] * count)
    entry = Acceptance(IdSource(0), store.put, store.arrived)
    found = []
    for n in range(count):
        words = text.format("张李王赵"[n % 4] + "敏静磊"[n % 3], n)
        submission = Submission([Item(f"1380013{n:04d}")], words)
        found.append(done(entry.accept(BOOK, account, submission, NOW + n / 4)))
    bodies = [asked.chunks[0].body for asked in store.asked]
    lanes = [asked.chunks[0].lane for asked in store.asked]
    for answer, body, lane in zip(found, bodies, lanes, strict=True):
        (item,), chunk = answer.items, decode_chunk(body)
        assert (item.category, lane_of(item.category)) == (chunk.category, lane)
        assert list(item.warnings) == ([chunk.why] if "nearly" in chunk.why else [])
    return found


def test_nearly_the_same_one_by_one_is_bulk() -> None:
    """
    From the 51st number in a minute on, with the reason; only if the text decides.
    """
    answers = flood("auto")
    bulk = [answer.items[0].category == "bulk" for answer in answers]

    assert [False] * 50 + [True] * 30 == bulk
    assert (
        "nearly the same text to more than 50 numbers"
        in answers[-1].items[0].warnings[0]
    )
    assert {"notice"} == {one.items[0].category for one in flood("notice")}


def test_urgent_texts_are_never_bulk() -> None:
    """
    However many there are of them.
    """
    for text, category in (
        ("{}，您的验证码是8{:03}，请勿告诉他人。", "otp"),
        ("危急值提醒：{}血钾6.{}mmol/L，请立即处理并回电检验科。", "critical"),
    ):
        assert {category} == {one.items[0].category for one in flood("auto", text)}


def test_one_text_to_some_numbers_counts_each() -> None:
    """
    Also when they come together; those before are told apart from those after.
    """
    account = attrs.evolve(ACCOUNT, category="auto")
    store = Store([Verdict("accepted")])
    entry = Acceptance(IdSource(0), store.put, store.arrived)
    submission = Submission(
        [Item(f"1380013{n:04d}") for n in range(60)], REMINDER.format("同事", 3)
    )
    answer = done(entry.accept(BOOK, account, submission, NOW))

    categories = [item.category for item in answer.items]
    assert 10 == categories.count("bulk")
    assert [50, 10] == [chunk.count for chunk in store.asked[0].chunks]
