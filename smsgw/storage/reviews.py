"""
What waits for consent: kept as it is recorded, decided by somebody else than who
wrote it, and done once the gateway acted on it.
"""

from collections.abc import Iterable, Mapping, Sequence

import attrs
from sqlalchemy import Connection, insert, or_, select, update

from smsgw.errors import Refused
from smsgw.message import Chunk
from smsgw.storage.columns import NONE
from smsgw.storage.journal import log_change
from smsgw.storage.line import millis_of
from smsgw.storage.rule_tables import reviews

__all__ = [
    "Review",
    "decide_review",
    "decided_reviews",
    "done_reviews",
    "keep_reviews",
    "waiting_reviews",
]


@attrs.frozen
class Review:
    """
    Part of a submission that waits, or has been decided.

    C{state}: waiting, approved, refused, expired.
    """

    id: str
    batch: str
    account: str
    category: str
    reason: str
    maker: str
    messages: int
    state: str
    checker: str = ""
    note: str = ""
    at: float = 0.0


def keep_reviews(
    connection: Connection, chunks: Iterable[Chunk], made: tuple[str, int]
) -> None:
    """
    A row for each chunk that is held.
    """
    held = {chunk.id: chunk for chunk in chunks if chunk.held}
    if not held:
        return
    rows = [
        {
            "id": chunk.id,
            "batch_id": chunk.batch,
            "account": chunk.account,
            "category": chunk.category,
            "reason": chunk.held[:200],
            "maker": chunk.maker or NONE,
            "message_count": len(chunk.ids),
            "state": "waiting",
            "expires_ms": millis_of(chunk.expires_at),
            "at_ms": millis_of(chunk.accepted_at),
            "created_by": made[0],
            "created_at": made[1],
        }
        for chunk in held.values()
    ]
    connection.execute(insert(reviews), rows)


def waiting_reviews(connection: Connection, limit: int = 1000) -> list[Review]:
    """
    The oldest that nobody decided.
    """
    columns = reviews.c
    return _read(
        connection,
        select(reviews)
        .where(columns.done == 0, columns.state == "waiting")
        .order_by(columns.id)
        .limit(limit),
    )


def decided_reviews(connection: Connection, now: float) -> list[Review]:
    """
    Those that the gateway has to act on: decided, or too late to be.
    """
    columns = reviews.c
    late = (columns.state == "waiting") & (columns.expires_ms <= millis_of(now))
    found = _read(
        connection,
        select(reviews)
        .where(columns.done == 0, or_(columns.state != "waiting", late))
        .order_by(columns.id)
        .limit(500),
    )
    return [
        attrs.evolve(one, state="expired") if one.state == "waiting" else one
        for one in found
    ]


def _read(connection: Connection, query: object) -> list[Review]:
    rows = connection.execute(query)  # type: ignore[call-overload]  # a select
    return [
        Review(
            row.id,
            row.batch_id,
            row.account,
            row.category,
            row.reason,
            row.maker,
            row.message_count,
            row.state,
            "" if row.checker == NONE else row.checker,
            "" if row.note == NONE else row.note,
            row.at_ms / 1000,
        )
        for row in rows
    ]


def decide_review(
    connection: Connection, batch: str, state: str, checker: str, note: str, now: float
) -> int:
    """
    Approve or refuse all of a submission that waits; how many messages.

    L{Refused} when nothing of it waits, or the checker wrote it.
    """
    columns = reviews.c
    waits = (columns.batch_id == batch) & (columns.state == "waiting")
    found = _read(connection, select(reviews).where(waits, columns.done == 0))
    if not found:
        raise Refused(7404, batch[:64], "batch")
    if checker in {one.maker for one in found}:
        raise Refused(1008, checker, "checker")
    at, messages = millis_of(now), sum(one.messages for one in found)
    made = {"updated_by": checker, "updated_at": at}
    decided = {"state": state, "checker": checker, "note": note[:200] or NONE}
    connection.execute(update(reviews).where(waits).values(decided | made))
    before: Mapping[str, object] = {"state": "waiting", "maker": found[0].maker}
    log_change(connection, reviews.name, batch, before, decided, checker, at)
    return messages


def done_reviews(connection: Connection, done: Sequence[Review], now: float) -> None:
    """
    The gateway acted on these.
    """
    for one in done:
        connection.execute(
            update(reviews)
            .where(reviews.c.id == one.id)
            .values(
                done=1,
                state=one.state,
                updated_by="gateway",
                updated_at=millis_of(now),
            )
        )
