"""
The gateway as doors see it: accept, preview, cancel, and what is pending.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import attrs
import msgspec

from smsgw.directory import Account, Directory
from smsgw.errors import Refused
from smsgw.gateway.accept import Acceptance
from smsgw.gateway.outbox import Outbox
from smsgw.gateway.plan import Plan, check
from smsgw.ids import milliseconds_of
from smsgw.message import Accepted, Fact, ItemResult, Submission
from smsgw.ports import Queue
from smsgw.rules.book import Rulebook
from smsgw.rules.classify import lane_of
from smsgw.rules.conditions import Facts
from smsgw.rules.personal import personal_data
from smsgw.rules.routing import Decision
from smsgw.text import TextPolicy, measure, sign

__all__ = ["Entrance", "Gateway", "PreviewItem"]

_POLICY = TextPolicy()


class PreviewItem(msgspec.Struct, omit_defaults=True):
    """
    What would become of one item: final text, segments, route and why; C{price} in
    units of 0.0001 yuan, by the dearest channel it may go. C{category_reason} says how
    the category was told from the text, '' where it was given.
    """

    index: int
    to: str
    text: str = ""
    segments: int = 0
    coding: str = ""
    category: str = ""
    lane: str = ""
    carrier: str = ""
    channels: list[str] = msgspec.field(default_factory=list)
    explanation: list[str] = msgspec.field(default_factory=list)
    code: int = 0
    detail: str = ""
    field: str = ""
    warnings: list[str] = []
    price: int = 0
    category_reason: str = ""


class Entrance(Protocol):
    """
    One way in for every door, to one shard or to all of them. C{book} holds the rules
    as they are now; C{recorded} tells up to which time the record is complete.
    """

    book: Rulebook

    @property
    def directory(self) -> Directory: ...

    async def accept(
        self, account: Account, submission: Submission, now: float
    ) -> Accepted: ...

    async def preview(
        self, account: Account, submission: Submission, now: float
    ) -> list[PreviewItem]: ...

    async def cancel(
        self, account: Account, ids: Sequence[str], now: float
    ) -> list[tuple[str, str]]: ...

    def recorded(self) -> float: ...

    def pending(self, message_id: str) -> bool: ...


@attrs.define(eq=False)
class Gateway:
    """
    L{Entrance} to one shard; times are epoch seconds.
    """

    acceptance: Acceptance
    queue: Queue
    outbox: Outbox
    book: Rulebook
    recorded: Callable[[], float]

    @property
    def directory(self) -> Directory:
        """
        The newest version; a newer one makes a new book with the same lists.
        """
        return self.book.directory

    @directory.setter
    def directory(self, newer: Directory) -> None:
        self.book = Rulebook.of(newer, self.book.lists)

    async def accept(
        self, account: Account, submission: Submission, now: float
    ) -> Accepted:
        """
        See L{Acceptance.accept}.
        """
        return await self.acceptance.accept(self.book, account, submission, now)

    async def preview(
        self, account: Account, submission: Submission, now: float
    ) -> list[PreviewItem]:
        """
        The same checks and the same routing; nothing is stored.
        """
        plan = check(self.book, account, submission, now)
        return [self._preview(plan, index, now) for index in range(len(plan.results))]

    def _preview(self, plan: Plan, index: int, now: float) -> PreviewItem:
        result = plan.results[index]
        if result.code:
            return PreviewItem(
                index,
                result.to,
                code=result.code,
                detail=result.detail,
                field=result.field,
            )
        wording = plan.wordings[index]
        text = wording.text if wording is not None else ""
        signature = plan.draft.signature
        size = measure(text, signature, _POLICY)
        decision = self._decision(plan, result, text, now)
        return PreviewItem(
            index,
            result.to,
            sign(text, signature, _POLICY),
            size.segments,
            size.coding.name,
            result.category,
            lane_of(result.category),
            self.book.lists.numbers.carrier_of(result.to),
            list(decision.channels),
            [*decision.tried, decision.why, *decision.caps],
            0 if decision.group else 5001,
            warnings=[
                *result.warnings,
                *(notice.words for notice in personal_data(text)),
            ],
            price=result.segments * self._price(plan, result),
            category_reason=wording.reason if wording is not None else "",
        )

    def _price(self, plan: Plan, result: ItemResult) -> int:
        carrier = self.book.lists.numbers.carrier_of(result.to)
        return self.book.prices.most(plan.account.id, carrier, result.category)

    def _decision(
        self, plan: Plan, result: ItemResult, text: str, now: float
    ) -> Decision:
        """
        The way it would go, with every rule that was tried.
        """
        facts = Facts(plan.account.id, result.category, at=now)
        numbers = self.book.lists.numbers
        return self.book.router.explain(
            attrs.evolve(
                facts,
                carrier=numbers.carrier_of(result.to),
                region=numbers.region_of(result.to),
                kind=numbers.kind_of(result.to),
                signature=plan.draft.signature,
                template=plan.submission.template,
                text=text,
            )
        )

    async def cancel(
        self, account: Account, ids: Sequence[str], now: float
    ) -> list[tuple[str, str]]:
        """
        Per id C{stopped}, C{too_late}, or C{pending}: an event will tell.
        """
        answers = await self.queue.cancel(ids, now)
        fresh = now - self.recorded() < 5.0
        told = []
        for message_id, answer in zip(ids, answers, strict=True):
            if answer != "stopped":
                told.append((message_id, answer))
                continue
            told.append((message_id, "stopped" if fresh else "pending"))
            self.outbox.note(
                Fact("cancel", message_id, now, "canceled", account=account.id)
            )
        return told

    def pending(self, message_id: str) -> bool:
        """
        The id is newer than the record: accepted, not yet written there.
        """
        try:
            at = milliseconds_of(message_id) / 1000
        except ValueError:
            raise Refused(7404, message_id, "id") from None
        return at >= self.recorded() - 1.0
