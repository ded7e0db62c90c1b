"""
The directory in its tables: loaded whole, changed by a plan, logged before and
after.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import msgspec
from sqlalchemy import Connection, Table, delete, insert, select, update

from smsgw.directory import (
    Account,
    Channel,
    Credential,
    Department,
    Directory,
    Frequency,
    Group,
    Keyword,
    Peer,
    Person,
    Price,
    RetryRule,
    Role,
    Rule,
    Schedule,
    SendWindow,
    Signature,
    Template,
    Webhook,
    in_order,
)
from smsgw.storage import rule_tables, tables
from smsgw.storage.columns import NONE
from smsgw.storage.journal import log_change

__all__ = [
    "Change",
    "apply_directory",
    "dump_toml",
    "load_directory",
    "plan_changes",
    "put_object",
    "remove_object",
]

Fields = dict[str, Any]
_WATERMARK = "directory"
_MASK = "***"
_SECRET = frozenset({"secret", "secrets", "bearer_hash"})


@attrs.frozen
class _Kind:
    """
    One kind of object: its word, its place, its table, the columns beside JSON.
    """

    word: str
    place: str
    table: Table
    cls: type[Any]
    columns: Mapping[str, str] = attrs.field(factory=dict)
    key: str = "id"


_KINDS = (
    _Kind(
        "department",
        "departments",
        tables.departments,
        Department,
        {"name": "name", "parent": "parent"},
    ),
    _Kind(
        "account",
        "accounts",
        tables.accounts,
        Account,
        {"name": "name", "department": "department"},
    ),
    _Kind(
        "credential",
        "credentials",
        tables.credentials,
        Credential,
        {"account": "account"},
        "app_id",
    ),
    _Kind(
        "channel",
        "channels",
        tables.channels,
        Channel,
        {"name": "name", "carrier": "carrier", "protocol": "protocol"},
    ),
    _Kind("group", "groups", tables.route_groups, Group),
    _Kind("rule", "rules", tables.route_rules, Rule, {"route_group": "group"}),
    _Kind("webhook", "webhooks", tables.webhooks, Webhook, {"account": "account"}),
    _Kind(
        "peer",
        "peers",
        tables.peers,
        Peer,
        {"account": "account", "protocol": "protocol"},
    ),
    _Kind(
        "signature",
        "signatures",
        rule_tables.signatures,
        Signature,
        {"account": "account"},
    ),
    _Kind(
        "template",
        "templates",
        rule_tables.templates,
        Template,
        {"name": "name", "account": "account"},
    ),
    _Kind("retry", "retries", rule_tables.retry_rules, RetryRule),
    _Kind("price", "prices", rule_tables.prices, Price, {"account": "account"}),
    _Kind(
        "schedule",
        "schedules",
        rule_tables.schedules,
        Schedule,
        {"account": "account"},
    ),
    _Kind("keyword", "keywords", rule_tables.keywords, Keyword),
    _Kind("frequency", "frequencies", rule_tables.frequencies, Frequency),
    _Kind("window", "windows", rule_tables.send_windows, SendWindow),
    _Kind("role", "roles", rule_tables.roles, Role, {"name": "name"}),
    _Kind(
        "person",
        "people",
        rule_tables.people,
        Person,
        {"name": "name", "department": "department"},
    ),
)

_PLACES = {kind.place: kind for kind in _KINDS}
_ORDERED = frozenset({"rules", "retries"})


@attrs.frozen
class Change:
    """
    One object to add (C{before} is None), change, or take away (C{after} is None).
    """

    kind: _Kind
    id: str
    before: Fields | None
    after: Fields | None

    def line(self) -> str:
        """
        The change as an operator reads it; secrets are never shown.
        """
        if self.before is None:
            return f"+ {self.kind.word} {self.id}"
        if self.after is None:
            return f"- {self.kind.word} {self.id}"
        old, new = _masked(self.before) or {}, _masked(self.after) or {}
        told = [
            f"{name} changed"
            if name in _SECRET
            else f"{name} {_word(old.get(name))} -> {_word(new.get(name))}"
            for name in self.after
            if self.before.get(name) != self.after[name]
        ]
        return f"~ {self.kind.word} {self.id}: {', '.join(told)}"


def load_directory(connection: Connection) -> Directory:
    """
    Every object, at the version that stands in the watermarks.
    """
    found: dict[str, dict[str, Any]] = {}
    for kind in _KINDS:
        rows = _rows(connection, kind)
        found[kind.place] = {
            row_id: msgspec.convert(row, kind.cls) for row_id, row in rows.items()
        }
    rules = in_order(found.pop("rules").values())
    retries = in_order(found.pop("retries").values())
    return Directory(_version(connection), rules=rules, retries=retries, **found)


def _rows(connection: Connection, kind: _Kind) -> dict[str, Fields]:
    columns = kind.table.c
    rows = connection.execute(select(columns.id, columns.settings).order_by(columns.id))
    return {row.id: json.loads(row.settings) for row in rows}


def _version(connection: Connection) -> int:
    marks = tables.watermarks.c
    found = connection.execute(select(marks.version).where(marks.name == _WATERMARK))
    return found.scalar() or 0


def plan_changes(current: Directory, wanted: Directory, prune: bool) -> list[Change]:
    """
    What must change so that the record holds C{wanted}.

    A secret that C{wanted} leaves empty stays as it is. Objects that are not
    wanted go only with C{prune}.
    """
    changes = []
    for kind in _KINDS:
        before, after = _objects(current, kind), _objects(wanted, kind)
        for row_id, fields in after.items():
            old = before.get(row_id)
            new = fields if old is None else _keep_secrets(old, fields)
            if new != old:
                changes.append(Change(kind, row_id, old, new))
        if prune:
            gone = before.keys() - after.keys()
            changes += [Change(kind, one, before[one], None) for one in sorted(gone)]
    return changes


def _objects(directory: Directory, kind: _Kind) -> dict[str, Fields]:
    held = getattr(directory, kind.place)
    objects: Iterable[Any] = held.values() if isinstance(held, Mapping) else held
    return {getattr(one, kind.key): msgspec.to_builtins(one) for one in objects}


def _keep_secrets(old: Fields, new: Fields) -> Fields:
    kept = {name: old[name] for name in _SECRET & old.keys() if not new.get(name)}
    return {**new, **kept}


def apply_directory(
    connection: Connection,
    wanted: Directory,
    who: str,
    now: float,
    prune: bool = False,
) -> list[str]:
    """
    Bring the record to C{wanted}; the plan's lines, none when nothing changed.
    """
    changes = plan_changes(load_directory(connection), wanted, prune)
    at = int(now * 1000)
    for change in changes:
        _write(connection, change, who, at)
        before, after = _masked(change.before), _masked(change.after)
        name = change.kind.table.name
        log_change(connection, name, change.id, before, after, who, at)
    if changes:
        _bump(connection, who, at)
    return [change.line() for change in changes]


def put_object(
    connection: Connection, place: str, one: Any, who: str, now: float
) -> list[str]:
    """
    One object added or changed, the others as they are; the plan's lines.
    """
    kind = _PLACES[place]
    held: Any = (one,) if place in _ORDERED else {getattr(one, kind.key): one}
    wanted = attrs.evolve(Directory(), **{place: held})
    return apply_directory(connection, wanted, who, now)


def remove_object(
    connection: Connection, place: str, name: str, who: str, now: float
) -> list[str]:
    """
    One object taken away; none when it is not there.
    """
    kind = _PLACES[place]
    before = _rows(connection, kind).get(name)
    if before is None:
        return []
    change, at = Change(kind, name, before, None), int(now * 1000)
    _write(connection, change, who, at)
    log_change(connection, kind.table.name, name, _masked(before), None, who, at)
    _bump(connection, who, at)
    return [change.line()]


def _write(connection: Connection, change: Change, who: str, at: int) -> None:
    table, after = change.kind.table, change.after
    if after is None:
        connection.execute(delete(table).where(table.c.id == change.id))
        return
    row: Fields = {
        name: after[field] or NONE for name, field in change.kind.columns.items()
    }
    row |= {
        "settings": json.dumps(after, ensure_ascii=False),
        "active": int(after.get("active", True)),
        "updated_by": who,
        "updated_at": at,
    }
    if change.before is None:
        row |= {"id": change.id, "created_by": who, "created_at": at}
        connection.execute(insert(table).values(row))
    else:
        connection.execute(update(table).where(table.c.id == change.id).values(row))


def _masked(fields: Fields | None) -> Fields | None:
    return fields and {
        name: _MASK if name in _SECRET and value else value
        for name, value in fields.items()
    }


def _bump(connection: Connection, who: str, at: int) -> None:
    marks = tables.watermarks
    audit = {"updated_by": who, "updated_at": at}
    done = connection.execute(
        update(marks)
        .where(marks.c.name == _WATERMARK)
        .values(version=marks.c.version + 1, **audit)
    )
    if not done.rowcount:
        connection.execute(
            insert(marks).values(
                name=_WATERMARK, version=1, created_by=who, created_at=at, **audit
            )
        )


def _word(value: object) -> str:
    return value if isinstance(value, str) and value else json.dumps(value)


def dump_toml(directory: Directory) -> str:
    """
    The directory as a file for C{smsgw apply}, without secrets and defaults.
    """
    blocks = []
    for kind in _KINDS:
        defaults = _defaults(kind.cls)
        for fields in _objects(directory, kind).values():
            lines = [f"[[{kind.place}]]"]
            lines += [
                f"{name} = {_toml(value)}"
                for name, value in fields.items()
                if name not in _SECRET and value != defaults.get(name, _MASK)
            ]
            blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _defaults(cls: type[Any]) -> Fields:
    """
    Default values as they look after C{to_builtins}; absent when required.
    """
    found: Fields = {}
    for field in attrs.fields(cls):
        default = field.default
        if default is attrs.NOTHING:
            continue
        if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
            default = default.factory()
        found[field.name] = list(default) if isinstance(default, tuple) else default
    return found


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        inner = ", ".join(f"{_key(name)} = {_toml(one)}" for name, one in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_toml(one) for one in value)}]"
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    bare = name.replace("_", "").replace("-", "")
    return name if bare.isascii() and bare.isalnum() else json.dumps(name)
