"""
What one submission becomes: checked items, ids, chunks; pure.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache

import attrs

from smsgw.directory import Account
from smsgw.errors import Refused
from smsgw.gateway.wording import Draft, Wording
from smsgw.ids import IdSource
from smsgw.message import HELD, Accepted, Chunk, Item, ItemResult, Submission, encode
from smsgw.numbering import normalise_many
from smsgw.numbering.phones import BAD_NUMBER, REASONS, reason_of
from smsgw.ports import Admission, Stored
from smsgw.rules.alike import Alike
from smsgw.rules.book import Rulebook
from smsgw.rules.classify import lane_of
from smsgw.rules.quota import Limit, limits_of

__all__ = ["CHUNK", "MAX_ITEMS", "MAX_NUMBERS", "Plan", "check", "compose", "tally_of"]

CHUNK = 200
MAX_NUMBERS = 10_000
MAX_ITEMS = 1_000
MAX_AHEAD = 366 * 86400.0
_CHINA = 8 * 3600
_DEAREST = 2**32 - 1
_DEBT = -(10**15)


@attrs.define
class Plan:
    """
    A submission after the checks that depend on the request alone.

    C{good} are indexes into C{results}, in order; C{numbers} and C{wordings} are
    by index. C{refs} maps a scoped reference to its index and content hash.
    C{prices} are by index, empty when nothing is billed. C{mixed}: texts differ in
    category, or some are held.
    """

    draft: Draft
    submission: Submission
    expires_at: float
    numbers: list[str]
    wordings: list[Wording | None] = attrs.field(factory=list)
    results: list[ItemResult] = attrs.field(factory=list)
    good: list[int] = attrs.field(factory=list)
    refs: dict[str, tuple[int, bytes]] = attrs.field(factory=dict)
    prices: dict[int, int] = attrs.field(factory=dict)
    limits: list[Limit] = attrs.field(factory=list)
    mixed: bool = False

    @property
    def account(self) -> Account:
        """
        Whose submission it is.
        """
        return self.draft.account


def tally_of(account: str, now: float) -> str:
    """
    The counters' key: account and day of acceptance in China.
    """
    return _tally(account, int((now + _CHINA) // 86400))


@lru_cache(maxsize=4096)
def _tally(account: str, day: int) -> str:
    return f"{account}|{datetime.fromtimestamp(day * 86400, UTC):%Y%m%d}"


def check(
    book: Rulebook,
    account: Account,
    submission: Submission,
    now: float,
    alike: Alike | None = None,
) -> Plan:
    """
    Every check that needs nothing but the request, its account and the rules; and
    what was sent of late, if that is to count (C{alike}).

    Raises L{Refused} for the whole, also when not one item is left.
    """
    items = submission.items
    _check_whole(submission, len(items), now)
    draft = Draft.of(book, account, submission, now)
    expires_at = submission.expire_at or (
        max(now, submission.send_at) + account.validity
    )
    numbers = normalise_many([item.to for item in items])
    plan = Plan(draft, submission, expires_at, [number or "" for number in numbers])
    plan.mixed = not draft.category
    shared = None
    if submission.text:
        shared = draft.word(submission.text)
    elif submission.template and all(item.vars is None for item in items):
        shared = draft.fill(submission.vars)
    for index, item in enumerate(items):
        _check_item(plan, index, item, shared)
    if not plan.good:
        _refuse_all(plan)
    if alike is not None and not draft.category:
        _find_bulk(plan, alike, now)
    plan.limits = limits_of(account, now)
    if account.billing != "none":
        _price(plan)
    return plan


def _find_bulk(plan: Plan, alike: Alike, now: float) -> None:
    """
    What is no bulk by itself, and is one of many that are nearly the same.
    """
    account = plan.account.id
    for index in plan.good:
        wording = plan.wordings[index]
        if wording is None or lane_of(wording.category) != "notice":
            continue
        if alike.many(account, wording.text, plan.numbers[index], now):
            plan.wordings[index] = bulk = wording.as_bulk()
            result = plan.results[index]
            result.category, result.warnings = bulk.category, bulk.warnings
            result.state = "held" if bulk.held else "accepted"


def _price(plan: Plan) -> None:
    """
    What each good item may cost at most, by whatever channel it goes.
    """
    book, account = plan.draft.book, plan.account.id
    carrier_of, most = book.lists.numbers.carrier_of, book.prices.most
    for index in plan.good:
        result = plan.results[index]
        carrier = carrier_of(plan.numbers[index])
        price = most(account, carrier, result.category) * result.segments
        plan.prices[index] = min(price, _DEAREST)


def _check_whole(submission: Submission, count: int, now: float) -> None:
    if not count:
        raise Refused(2013, "", "items" if submission.batch else "to")
    limit = MAX_ITEMS if submission.batch else MAX_NUMBERS
    if count > limit:
        raise Refused(2007, f"{count} > {limit}", "items" if submission.batch else "to")
    if submission.send_at > now + MAX_AHEAD:
        raise Refused(2011, "send_at", "send_at")
    if submission.expire_at and submission.expire_at <= max(now, submission.send_at):
        raise Refused(2011, "expire_at", "expire_at")


def _check_item(plan: Plan, index: int, item: Item, shared: Wording | None) -> None:
    number = plan.numbers[index]
    if not number:
        why = REASONS[reason_of(item.to)]
        _fault(plan, index, item, Refused(BAD_NUMBER, why, _field(plan, index, "to")))
        return
    wording = shared
    if wording is None or item.text is not None or item.vars is not None:
        try:
            wording = _own_wording(plan, item)
        except Refused as refusal:
            refusal.field = _field(plan, index, refusal.field or "text")
            _fault(plan, index, item, refusal)
            return
    if item.client_ref and not _note_ref(plan, index, item, wording):
        return
    plan.wordings.append(wording)
    plan.good.append(index)
    result = ItemResult(
        index,
        number,
        client_ref=item.client_ref,
        segments=wording.segments,
        category=wording.category,
    )
    if wording.held or wording.warnings:
        plan.mixed = True
        result.state = "held" if wording.held else "accepted"
        result.warnings = wording.warnings
    plan.results.append(result)


def _own_wording(plan: Plan, item: Item) -> Wording:
    """
    What an item says for itself: a text, or values for the template.
    """
    if item.text is not None or not plan.submission.template:
        if item.vars is not None:
            raise Refused(2003, "template_id", "template_id")
        return plan.draft.word(item.text or "")
    return plan.draft.fill({**plan.submission.vars, **(item.vars or {})})


def _field(plan: Plan, index: int, name: str) -> str:
    if plan.submission.batch:
        return f"items[{index}].{name}"
    return f"to[{index}]" if name == "to" else name


def _fault(plan: Plan, index: int, item: Item, refusal: Refused) -> None:
    plan.wordings.append(None)
    plan.results.append(
        ItemResult(
            index,
            item.to,
            client_ref=item.client_ref,
            state="rejected",
            code=refusal.code,
            detail=refusal.detail,
            field=refusal.field,
        )
    )


def _note_ref(plan: Plan, index: int, item: Item, wording: Wording) -> bool:
    """
    Remember a reference; one that this request used already is answered here.
    """
    number = plan.numbers[index]
    several = not plan.submission.batch and len(plan.submission.items) > 1
    scoped = f"{plan.account.id}|{item.client_ref}" + (f"|{number}" if several else "")
    signature = plan.draft.signature
    content = hashlib.blake2b(
        f"{number}\0{wording.category}\0{signature}\0{wording.text}".encode(),
        digest_size=8,
    ).digest()
    if scoped not in plan.refs:
        plan.refs[scoped] = (index, content)
        return True
    _fault(plan, index, item, Refused(7001, "", _field(plan, index, "client_ref")))
    return False


def _refuse_all(plan: Plan) -> None:
    first = plan.results[0]
    if not plan.submission.batch:
        raise Refused(first.code, first.detail, first.field)


def drop_known(plan: Plan, index: int, existing: str, same: bool) -> None:
    """
    An item whose reference is known: answered with the message of before, or
    refused when its content differs.
    """
    plan.good.remove(index)
    result = plan.results[index]
    if same:
        result.id, result.duplicate = existing, True
    else:
        result.state, result.code = "rejected", 7001
        result.field = _field(plan, index, "client_ref")


def compose(plan: Plan, ids: IdSource, now: float) -> tuple[Accepted, Admission]:
    """
    Give ids to the good items and lay them in chunks.
    """
    good, results = plan.good, plan.results
    given = ids.take(max(1, len(good)), now)
    segments = 0
    for index, message_id in zip(good, given, strict=False):
        results[index].id = message_id
        segments += results[index].segments
    known = next((result.id for result in results if result.duplicate), given[0])
    batch = given[0] if good else known
    answer = Accepted(batch, len(good), 0, segments, results)
    answer.rejected = sum(1 for result in results if result.code)
    submission = plan.submission
    admission = Admission(
        tally_of(plan.account.id, now),
        _chunks(plan, batch, now),
        given[-1],
        submission.nonce,
        submission.idempotency_key,
        submission.body_hash,
        encode(answer) if submission.idempotency_key else b"",
        [
            (scoped, results[index].id, content)
            for scoped, (index, content) in plan.refs.items()
            if not results[index].duplicate and not results[index].code
        ],
    )
    _bill(plan, admission, now)
    return answer, admission


def _bill(plan: Plan, admission: Admission, now: float) -> None:
    """
    What is to be reserved and counted with it.
    """
    admission.limits = [
        (limit.key, limit.most, int(limit.ends_at - now) + 1) for limit in plan.limits
    ]
    if plan.prices:
        account = plan.account
        admission.wallet = account.id
        admission.charge = sum(plan.prices[index] for index in plan.good)
        admission.floor = 0 if account.billing == "prepaid" else _DEBT


def _chunks(plan: Plan, batch: str, now: float) -> list[Stored]:
    """
    At most 200 messages of one category to a chunk.
    """
    stored = []
    for wording, indexes in _groups(plan):
        for start in range(0, len(indexes), CHUNK):
            some = indexes[start : start + CHUNK]
            stored.append(_chunk(plan, batch, wording, some, now))
    return stored


def _groups(plan: Plan) -> list[tuple[Wording, list[int]]]:
    """
    Good items by category and what holds them, in order; with one wording of each.
    """
    groups: dict[tuple[str, str], tuple[Wording, list[int]]] = {}
    wordings = plan.wordings
    if not plan.mixed and plan.good and (first := wordings[plan.good[0]]):
        return [(first, plan.good)]
    for index in plan.good:
        wording = wordings[index]
        if wording is None:
            continue
        alike = (wording.category, wording.held)
        group = groups.get(alike)
        if group is None:
            group = groups[alike] = (wording, [])
        group[1].append(index)
    return list(groups.values())


def _chunk(
    plan: Plan, batch: str, first: Wording, indexes: Sequence[int], now: float
) -> Stored:
    submission, results, wordings = plan.submission, plan.results, plan.wordings
    own = [wordings[one] for one in indexes]
    personal = own.count(first) < len(own)
    lane = lane_of(first.category)
    later = submission.send_at if submission.send_at > now else 0.0
    chunk = Chunk(
        1,
        results[indexes[0]].id,
        plan.account.id,
        batch,
        lane,
        first.category,
        plan.draft.signature,
        submission.extension or plan.draft.extension,
        now,
        later,
        plan.expires_at,
        submission.callback_data,
        dict(submission.biz),
        "" if personal else first.text,
        [results[one].id for one in indexes],
        [plan.numbers[one] for one in indexes],
        [one.text for one in own if one] if personal else [],
        [submission.items[one].client_ref for one in indexes] if plan.refs else [],
        [results[one].segments for one in indexes],
        submission.any_hour,
        first.held,
        submission.maker or plan.account.id if first.held else "",
        submission.template,
        [plan.prices[one] for one in indexes] if plan.prices else [],
        first.why,
    )
    intake = HELD if first.held else lane
    due = 0.0 if first.held else later
    return Stored(chunk.id, intake, len(indexes), encode(chunk), due)
