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
from smsgw.message import Accepted, Item, Submission
from smsgw.ports import Admission, Verdict
from smsgw.rules.book import Rulebook
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
