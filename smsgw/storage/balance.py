"""
What the record counts, beside the queue's counters: accepted and ended by tally.
"""

from collections.abc import Mapping, Sequence

import attrs
from sqlalchemy import Connection, func, select

from smsgw.gateway.plan import tally_of
from smsgw.message import FINAL
from smsgw.storage import tables
from smsgw.storage.recording import position_of

__all__ = ["RecordCounts", "count_record"]

_SOME = 500


@attrs.frozen
class RecordCounts:
    """
    Everything up to C{position} in the queue's facts is counted. C{canceled} are
    messages that count as ended here and whose tombstone is still in the queue.
    """

    position: int
    accepted: Mapping[str, int]
    ended: Mapping[str, int]
    canceled: Mapping[str, int]


def count_record(
    connection: Connection, shard: int, tombstones: Sequence[str]
) -> RecordCounts:
    """
    Count by account and day of acceptance; the hours are those of the day in China.

    In the tallies a message is C{accepted} for ever, and in one final state besides.
    """
    columns = tables.tallies.c
    rows = connection.execute(
        select(
            columns.account,
            columns.hour_ms,
            columns.state,
            func.sum(columns.message_count),
        ).group_by(columns.account, columns.hour_ms, columns.state)
    )
    accepted: dict[str, int] = {}
    ended: dict[str, int] = {}
    for account, hour, state, messages in rows:
        tally = tally_of(account, hour / 1000)
        counts = ended if state in FINAL else accepted
        counts[tally] = counts.get(tally, 0) + int(messages)
    return RecordCounts(
        position_of(connection, shard),
        accepted,
        ended,
        _canceled(connection, tombstones),
    )


def _canceled(connection: Connection, tombstones: Sequence[str]) -> dict[str, int]:
    columns = tables.messages.c
    found: dict[str, int] = {}
    for start in range(0, len(tombstones), _SOME):
        rows = connection.execute(
            select(columns.account, columns.accepted_ms).where(
                columns.id.in_(tombstones[start : start + _SOME]),
                columns.state.in_(sorted(FINAL)),
            )
        )
        for account, accepted_ms in rows:
            tally = tally_of(account, accepted_ms / 1000)
            found[tally] = found.get(tally, 0) + 1
    return found
