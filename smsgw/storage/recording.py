"""
One transaction of the recorder: a stretch of facts becomes rows, once.
"""

import gc
from collections.abc import Iterable, Sequence
from itertools import islice
from types import ModuleType
from typing import Any

import attrs
import msgspec
from sqlalchemy import Connection, Update, insert, select, update

from smsgw.directory import Directory
from smsgw.rules.encyclopaedia import Encyclopaedia
from smsgw.security.fields import Fields
from smsgw.storage import bulk_portable, bulk_postgres, bulk_sqlite, tables
from smsgw.storage.codes import keep_unknown, unknown_in
from smsgw.storage.columns import NONE
from smsgw.storage.fold import Event, Fold, Stretch, read_stretch
from smsgw.storage.late import keep_orphans, late_facts, owners
from smsgw.storage.line import Line, steps_text
from smsgw.storage.replies import keep_reply
from smsgw.storage.reviews import keep_reviews
from smsgw.storage.servers import able_of

__all__ = ["Known", "Overtaken", "Recording", "bulk_for", "position_of", "restart"]

WHO = "recorder"
_EVENTS = "events"
_KNOWN = 50_000
_LINE = (
    "id",
    "batch_id",
    "account",
    "category",
    "client_ref",
    "segments",
    "accepted_ms",
    "state",
    "state_rank",
    "channel",
    "attempts",
    "code",
    "uncertain",
    "late",
    "submitted_ms",
    "final_ms",
)
_INSERT = (
    *_LINE,
    "phone_blob",
    "phone_index",
    "text_blob",
    "signature",
    "history",
)
_json = msgspec.json.Encoder().encode
_astuple = msgspec.structs.astuple
_MOVED = _LINE[7:]
_UPDATE = ("id", *_MOVED, "history")
_BATCH = (
    "id",
    "account",
    "category",
    "callback_data",
    "biz",
    "accepted_ms",
)
_ROUTING = ("id", "routing")
_SEGMENT = tuple(tables.segments.primary_key.columns.keys())
_EVENT = ("seq", *Event.__struct_fields__)
_TALLY = (
    *tables.tallies.primary_key.columns.keys(),
    "message_count",
    "segment_count",
)


class Overtaken(Exception):
    """
    Another recorder moved the watermark: this stretch is recorded already.
    """


def bulk_for(connection: Connection) -> ModuleType:
    """
    How this server takes many rows.
    """
    able = able_of(connection)
    if able.server == "sqlite":
        return bulk_sqlite
    return bulk_postgres if able.copy else bulk_portable


def position_of(connection: Connection, shard: int) -> int:
    """
    How far a shard's facts are recorded.
    """
    marks = tables.watermarks.c
    found = connection.execute(select(marks.place).where(marks.name == mark_of(shard)))
    return found.scalar() or 0


def restart(connection: Connection, shard: int, place: int, now_ms: int) -> None:
    """
    Record a shard's facts from another place on: its queue is not the same.
    """
    marks = tables.watermarks
    moved = update(marks).where(marks.c.name == mark_of(shard))
    version = marks.c.version + 1
    connection.execute(moved.values(place=place, version=version, updated_at=now_ms))


def mark_of(shard: int) -> str:
    return f"shard-{shard}"


@attrs.define(eq=False)
class Known:
    """
    Messages on their way, kept from one stretch to the next so that they need
    not be read again. After a recording that failed, begin with none.
    """

    lines: dict[str, Line] = attrs.field(factory=dict)

    def take(self, ids: set[str]) -> dict[str, Line]:
        """
        Those of the wanted messages that are known.
        """
        lines = self.lines
        return {one: lines.pop(one) for one in ids if one in lines}

    def keep(self, lines: Iterable[Line]) -> None:
        """
        Keep those that will go on; the oldest make room.
        """
        for line in lines:
            if not line.rank:
                line.history = []
                self.lines[line.id] = line
        for one in list(islice(self.lines, max(0, len(self.lines) - _KNOWN))):
            del self.lines[one]


@attrs.define(eq=False)
class Recording:
    """
    Writes stretches of one shard; call it inside a write transaction.

    C{careful}: look for messages and events that are recorded already, and leave
    those out; else they are an error of the database. C{spoiled} are the places
    of items that could not be read.
    """

    fields: Fields
    directory: Directory
    shard: int
    now_ms: int
    known: Known = attrs.field(factory=Known)
    careful: bool = False
    spoiled: list[int] = attrs.field(factory=list, init=False)

    def record(
        self,
        connection: Connection,
        before: int,
        after: int,
        items: Sequence[tuple[str, bytes]],
    ) -> int:
        """
        Write the items that take the shard from C{before} to C{after}; how many
        facts were about messages that nobody knows.

        What a stretch makes lives until it is written, so that looking for garbage
        meanwhile only takes time.
        """
        self._advance(connection, before, after)
        enabled = gc.isenabled()
        gc.disable()
        try:
            return self._record(connection, read_stretch(items))
        finally:
            if enabled:
                gc.enable()

    def _record(self, connection: Connection, stretch: Stretch) -> int:
        self.spoiled = stretch.spoiled
        wanted = stretch.wanted()
        if self.careful:
            wanted |= stretch.fresh()
        fold = Fold(self.directory, self._known(connection, wanted))
        fold.take(stretch)
        self._write(connection, fold)
        told = unknown_in(Encyclopaedia.of(self.directory.channels), stretch.facts)
        keep_unknown(connection, told, self.now_ms)
        events = fold.events
        if fold.orphans:
            events += self._late(connection, fold)
        for fact in fold.inbound:
            events += keep_reply(
                connection, self.fields, self.directory, fact, self.now_ms
            )
        self._events(connection, events)
        self.known.keep(fold.lines.values())
        return fold.strays

    def _known(self, connection: Connection, ids: set[str]) -> dict[str, Line]:
        found = self.known.take(ids)
        missing = ids - found.keys()
        if missing:
            fetch = bulk_for(connection).fetch
            rows = fetch(connection, tables.messages, _LINE, missing)
            found |= {row[0]: _line(row) for row in rows}
        return found

    def _late(self, connection: Connection, told: Fold) -> list[Event]:
        """
        Receipts that found no message in the queue may find it in the record; what
        was known of those messages is not the newest any more.
        """
        found, lost = owners(connection, told.orphans)
        about = {one.message_id for one, _fact in found}
        for message_id in about:
            told.lines.pop(message_id, None)
        known = self._known(connection, about)
        fold = Fold(self.directory, known)
        for owner, fact in found:
            line = known[owner.message_id]
            for late in late_facts(connection, owner, fact, line):
                fold.take_fact(late)
        self._write(connection, fold)
        keep_orphans(connection, self.fields, lost, self.now_ms)
        return fold.events

    def _write(self, connection: Connection, fold: Fold) -> None:
        """
        Batches, messages, segments, tallies.
        """
        bulk, made = bulk_for(connection), (WHO, self.now_ms)
        bulk.insert(connection, tables.batches, _BATCH, self._batches(fold), made)
        keep_reviews(connection, fold.held, made)
        notes = [[key, steps_text(told)] for key, told in fold.routing.items()]
        bulk.update(connection, tables.batches, _ROUTING, notes, made)
        bulk.insert(connection, tables.messages, _INSERT, self._fresh(fold), made)
        fresh = {line.id for line, _chunk, _index in fold.fresh}
        moved = [
            (line.id, *_values(line)[7:], steps_text(line.history))
            for line in fold.touched.values()
            if line.id not in fresh
        ]
        bulk.update(connection, tables.messages, _UPDATE, moved, made)
        bulk.replace(connection, tables.segments, _SEGMENT, sorted(fold.segments), made)
        tallies = [[*key, *add] for key, add in fold.tallies().items()]
        bulk.add(connection, tables.tallies, _TALLY, tallies, made)

    def _batches(self, fold: Fold) -> list[list[Any]]:
        return [
            [
                chunk.batch,
                chunk.account,
                chunk.category,
                chunk.callback_data or None,
                _json(chunk.biz).decode() if chunk.biz else None,
                line.accepted_ms,
            ]
            for line, chunk, _index in fold.fresh
            if line.id == chunk.batch
        ]

    def _fresh(self, fold: Fold) -> list[tuple[Any, ...]]:
        seal, index_of = self.fields.seal, self.fields.index
        rows, of, text = [], None, b""
        for line, chunk, index in fold.fresh:
            if chunk is not of:
                of, text = chunk, seal("text", chunk.text)
            number = chunk.to[index]
            rows.append(
                (
                    *_values(line),
                    seal("phone", number),
                    index_of("phone", number),
                    seal("text", chunk.texts[index]) if chunk.texts else text,
                    chunk.signature or NONE,
                    steps_text(line.history) if line.history else None,
                )
            )
        return rows

    def _events(self, connection: Connection, events: list[Event]) -> None:
        """
        Events get their places in the order of recording.
        """
        if self.careful:
            events = _unsaid(connection, events)
        if not events:
            return
        marks, now = tables.watermarks, self.now_ms
        found = connection.execute(select(marks.c.seq).where(marks.c.name == _EVENTS))
        seq = found.scalar()
        if seq is None:
            seq = 0
            row = {"name": _EVENTS, "seq": len(events), "created_by": WHO}
            connection.execute(insert(marks).values(created_at=now, **row))
        else:
            moved = update(marks).where(marks.c.name == _EVENTS, marks.c.seq == seq)
            _compared(connection, moved.values(seq=seq + len(events), updated_at=now))
        rows = [
            (seq + place, *_astuple(event)) for place, event in enumerate(events, 1)
        ]
        insert_rows = bulk_for(connection).insert
        insert_rows(connection, tables.account_events, _EVENT, rows, (WHO, now))

    def _advance(self, connection: Connection, before: int, after: int) -> None:
        """
        Move the watermark, if it still stands where this stretch began.
        """
        marks, now, name = tables.watermarks, self.now_ms, mark_of(self.shard)
        at = connection.execute(select(marks.c.place).where(marks.c.name == name))
        if at.scalar() is None:
            row = {"name": name, "place": 0, "created_by": WHO, "created_at": now}
            connection.execute(insert(marks).values(row))
        moved = update(marks).where(marks.c.name == name, marks.c.place == before)
        _compared(
            connection,
            moved.values(place=after, version=marks.c.version + 1, updated_at=now),
        )


def _compared(connection: Connection, statement: Update) -> None:
    if not connection.execute(statement).rowcount:
        raise Overtaken


def _unsaid(connection: Connection, events: list[Event]) -> list[Event]:
    """
    Events that are not recorded yet, each once.
    """
    table, name = tables.account_events, "event_id"
    by_id = {event.event_id: event for event in events}
    rows = bulk_for(connection).fetch(connection, table, (name,), by_id, name)
    for (one,) in rows:
        del by_id[one]
    return list(by_id.values())


def _line(row: Sequence[Any]) -> Line:
    line = Line(*row)
    if line.rank:
        line.counted = (line.state, line.channel)
    return line


def _values(line: Line) -> tuple[Any, ...]:
    return _astuple(line)[: len(_LINE)]
