"""
A draft as submissions to the gateway: looked at first, then sent; in parts, so that
nobody else waits long.
"""

import hashlib
import math
from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import msgspec

from smsgw.admin.composing import Draft, Line, Sample, Summary
from smsgw.admin.page import Visit
from smsgw.admin.reasons import reason, refusal
from smsgw.admin.recipients import Bad
from smsgw.codes import words_of
from smsgw.directory import Account
from smsgw.errors import Refused
from smsgw.gateway.gateway import PreviewItem
from smsgw.gateway.plan import MAX_ITEMS, MAX_NUMBERS
from smsgw.message import Item, Submission

__all__ = ["Outcome", "account_of", "look_ahead", "send_lines", "slices"]

CLOSED = 1009
BLOCKED = "已退订或在黑名单，不发送 / opted out or blocked: not sent"
_LOOK, _SAMPLES, _WARNINGS = 50, 10, 10
_MOST_SLICES, _LEAST_STEP = 200, 60.0


@attrs.define
class Outcome:
    """
    What the gateway took of some lines. C{why} tells of parts it refused.
    """

    batches: list[str] = attrs.field(factory=list)
    accepted: int = 0
    refused: int = 0
    held: int = 0
    segments: int = 0
    why: str = ""


def account_of(visit: Visit, draft: Draft) -> Account:
    """
    Whose draft it is, if the visitor may still send for it.
    """
    found = visit.desk.directory.accounts.get(draft.wish.account)
    mine = visit.accounts is None or draft.wish.account in visit.accounts
    if found is None or not mine:
        raise Refused(CLOSED, draft.wish.account)
    return found


async def look_ahead(visit: Visit, draft: Draft) -> None:
    """
    Ask the gateway about every line; what it would refuse leaves the draft, with why.
    """
    account, lines = account_of(visit, draft), draft.lines
    summary, good = Summary(), list[Line]()
    for first in range(0, len(lines), _LOOK):
        some = lines[first : first + _LOOK]
        asked = _submission(visit, draft, some, draft.wish.send_at)
        told = await visit.desk.gateway.preview(account, asked, visit.now)
        for line, item in zip(some, told, strict=True):
            why = _fault(visit, account, item)
            if why:
                values = {"手机": line.phone, **(line.vars or {})}
                draft.bad.append(Bad("", 0, values, why))
            else:
                good.append(line)
                _count(summary, item)
        await visit.desk.aside(len, some)  # others are served meanwhile
    draft.lines, draft.summary = good, summary


def _fault(visit: Visit, account: Account, item: PreviewItem) -> str:
    if item.code:
        _, mark, name = item.field.partition("vars.")
        told = f" {{{name}}}" if mark else ""
        chinese, mark, english = item.detail.partition(" / ")
        return (
            f"{words_of(item.code, chinese)}{told} / "
            f"{words_of(item.code, english if mark else chinese, 'en')}{told}"
        )
    book = visit.desk.gateway.book
    scope = book.blocked_for(item.to, account.id, item.category, visit.now)
    return BLOCKED if scope else ""


def _count(summary: Summary, item: PreviewItem) -> None:
    summary.segments += item.segments
    summary.price += item.price
    if item.segments > summary.longest:
        summary.longest = item.segments
    for counted, name in (
        (summary.categories, item.category),
        (summary.carriers, item.carrier),
    ):
        counted[name] = counted.get(name, 0) + 1
    if len(summary.samples) < _SAMPLES:
        summary.samples.append(Sample(item.to, item.text, item.segments))
    for warning in item.warnings:
        if warning not in summary.warnings and len(summary.warnings) < _WARNINGS:
            summary.warnings.append(warning)


async def send_lines(
    visit: Visit, key: str, draft: Draft, first: int, last: int, spread: float = 0.0
) -> Outcome:
    """
    Submit these lines, over a period if there is one. The same lines of the same
    draft are taken once, however often this is called; L{Refused} when nothing is
    taken.
    """
    account, lines = account_of(visit, draft), draft.lines[first:last]
    most = MAX_ITEMS if draft.personal else MAX_NUMBERS
    begin = max(draft.wish.send_at, visit.now)
    done = Outcome()
    for start, end, later in slices(len(lines), most, spread):
        at = begin + later
        submission = _submission(
            visit, draft, lines[start:end], at if at > visit.now else 0.0
        )
        submission = attrs.evolve(
            submission,
            idempotency_key=f"console|{visit.who}|{key}|{first + start}",
            body_hash=_digest(draft, lines[start:end]),
        )
        try:
            told = await visit.desk.gateway.accept(account, submission, visit.now)
        except Refused as refused:
            if not done.accepted:
                raise
            done.refused += end - start
            done.why = refusal(visit, refused)
            continue
        done.accepted += told.accepted
        done.refused += told.rejected
        done.segments += told.segments
        done.held += sum(one.state == "held" for one in told.items)
        fault = next((one for one in told.items if one.code), None)
        if fault is not None:
            done.why = reason(visit, fault.code, fault.detail, fault.field)
        if told.accepted:
            done.batches.append(told.batch_id)
    return done


def _submission(
    visit: Visit, draft: Draft, lines: Sequence[Line], send_at: float
) -> Submission:
    wish = draft.wish
    said: dict[str, Any] = {}
    if wish.template:
        said = {"template": wish.template, "vars": _shared(wish.vars)}
    elif not draft.personal:
        said = {"text": wish.text}
    return Submission(
        [Item(one.phone, one.text, vars=one.vars) for one in lines],
        category=wish.category,
        send_at=send_at,
        batch=draft.personal,
        maker=visit.who,
        whole=len(draft.lines),
        **said,
    )


def _shared(given: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if value}


def _digest(draft: Draft, lines: Sequence[Line]) -> bytes:
    wish = draft.wish
    said = (wish.text, wish.template, wish.vars, wish.category, lines)
    return hashlib.sha256(msgspec.msgpack.encode(said)).digest()


def slices(count: int, most: int, spread: float) -> Iterator[tuple[int, int, float]]:
    """
    (first, end, seconds after the beginning) of each part: at most so many recipients
    in each, and over a period at most a part a minute.
    """
    if spread > 0:
        parts = max(1, min(_MOST_SLICES, int(spread / _LEAST_STEP), count))
        most = min(most, math.ceil(count / parts))
    starts = range(0, count, most) if count else ()
    step = spread / len(starts) if count else 0.0
    for place, start in enumerate(starts):
        yield start, min(start + most, count), round(place * step, 3)
