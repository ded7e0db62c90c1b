"""
A sending from its confirmation on: the first lines or all, noted, and the rest after
a trial.
"""

import attrs

from smsgw.admin.composing import Draft
from smsgw.admin.drafts import find_draft, keep_draft
from smsgw.admin.page import Visit
from smsgw.admin.submitting import Outcome, send_lines
from smsgw.storage.sendings import Sending, note_sending

__all__ = ["REST_WAITS", "begin_sending", "drop_rest", "send_rest"]

#: Seconds that the rest waits for a word after a trial.
REST_WAITS = 86_400
Told = tuple[str, str]


async def begin_sending(visit: Visit, key: str, draft: Draft) -> Told:
    """
    Submit the trial, or all; what to tell, and its kind.
    """
    count, wish = len(draft.lines), draft.wish
    first = wish.trial if 0 < wish.trial < count else count
    if first < count:
        # Before anything is sent: what was tried must be there to be gone on with.
        await keep_draft(visit, draft, REST_WAITS, key)
    spread = wish.spread if first == count else 0.0
    done = await send_lines(visit, key, draft, 0, first, spread)
    begin = max(wish.send_at, visit.now)
    sending = Sending(
        key,
        wish.account,
        visit.who,
        wish.text if not wish.template else _template_text(visit, wish.template),
        wish.template,
        count,
        done.refused,
        done.held,
        done.segments,
        draft.summary.price,
        count - first,
        visit.now + REST_WAITS if first < count else 0.0,
        begin,
        begin + spread,
        tuple(done.batches),
    )
    await visit.desk.write(note_sending, visit.desk.fields, sending, visit.now)
    return _told(visit, done)


def _template_text(visit: Visit, name: str) -> str:
    found = visit.desk.directory.templates.get(name)
    return found.text if found else ""


async def send_rest(visit: Visit, sending: Sending) -> Told:
    """
    The trial went well: the others too.
    """
    draft = await find_draft(visit, sending.id, Draft)
    first = len(draft.lines) - sending.rest
    count, spread = len(draft.lines), draft.wish.spread
    done = await send_lines(visit, sending.id, draft, first, count, spread)
    further = attrs.evolve(
        sending,
        refused=sending.refused + done.refused,
        held=sending.held + done.held,
        segments=sending.segments + done.segments,
        rest=0,
        ends_at=max(sending.ends_at, visit.now + spread),
        batches=(*sending.batches, *done.batches),
    )
    await visit.desk.write(note_sending, visit.desk.fields, further, visit.now)
    return _told(visit, done)


async def drop_rest(visit: Visit, sending: Sending) -> None:
    """
    The others get nothing.
    """
    kept = sending.recipients - sending.rest
    price = sending.price * kept // max(1, sending.recipients)
    less = attrs.evolve(sending, recipients=kept, price=price, rest=0)
    await visit.desk.write(note_sending, visit.desk.fields, less, visit.now)


def _told(visit: Visit, done: Outcome) -> Told:
    told, kind = visit.say("已受理", "Accepted:"), "success"
    told += visit.say(f" {done.accepted:,} 条。", f" {done.accepted:,}.")
    if done.held:
        kind = "info"
        told += visit.say(
            f"其中 {done.held:,} 条需审核同意后才会发送。",
            f" {done.held:,} of them wait until somebody else consents.",
        )
    if done.refused:
        kind = "warning"
        told += visit.say(
            f"{done.refused:,} 条被拒绝：{done.why}",
            f" {done.refused:,} were refused: {done.why}",
        )
    return told, kind
