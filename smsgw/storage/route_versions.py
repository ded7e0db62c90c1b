"""
Versions of the routes: every change of rules and groups is one, and can be gone back
to; going back is itself a change.
"""

import json
from typing import Any

import attrs
import msgspec
from sqlalchemy import Connection, select

from smsgw.directory import Directory, Group, Rule, in_order
from smsgw.errors import Refused
from smsgw.storage.directory_store import apply_directory, load_directory
from smsgw.storage.tables import changes, route_groups, route_rules

__all__ = ["Version", "go_back", "routes_at", "versions"]

_TABLES = (route_rules.name, route_groups.name)


@attrs.frozen
class Version:
    """
    What was published at once: C{id} is that of its last line in the change log.
    """

    id: int
    at: float
    who: str
    objects: tuple[str, ...]


def versions(connection: Connection, limit: int = 50) -> list[Version]:
    """
    The newest first.
    """
    columns = changes.c
    rows = connection.execute(
        select(columns.id, columns.at_ms, columns.who, columns.row_id)
        .where(columns.table_name.in_(_TABLES))
        .order_by(columns.id.desc())
        .limit(limit * 100)
    )
    found: dict[tuple[int, str], list[Any]] = {}
    for row in rows:
        found.setdefault((row.at_ms, row.who), []).append(row)
    told = [
        Version(some[0].id, at / 1000, who, tuple(row.row_id for row in some))
        for (at, who), some in found.items()
    ]
    return told[:limit]


def routes_at(connection: Connection, version: int) -> Directory:
    """
    The directory of now with the rules and groups of a version; 0 is before the
    first.
    """
    columns = changes.c
    known = select(columns.id).where(columns.id == version)
    if version and connection.execute(known).first() is None:
        raise Refused(7404, str(version), "version")
    directory = load_directory(connection)
    rules = {one.id: one for one in directory.rules}
    groups = dict(directory.groups)
    rows = connection.execute(
        select(columns.table_name, columns.row_id, columns.before_json)
        .where(columns.table_name.in_(_TABLES), columns.id > version)
        .order_by(columns.id.desc())
    )
    for table, name, before in rows:
        if table == route_rules.name:
            _put(rules, name, before, Rule)
        else:
            _put(groups, name, before, Group)
    return attrs.evolve(directory, rules=in_order(rules.values()), groups=groups)


def _put(objects: dict[str, Any], name: str, before: str | None, cls: type) -> None:
    """
    As it was before a change.
    """
    if before is None:
        objects.pop(name, None)
    else:
        objects[name] = msgspec.convert(json.loads(before), cls)


def go_back(connection: Connection, version: int, who: str, now: float) -> list[str]:
    """
    Publish a version's rules and groups again; the plan's lines. L{Refused} if a
    channel of theirs is not there any more.
    """
    wanted = routes_at(connection, version)
    for group in wanted.groups.values():
        names = [*(share.channel for share in group.primaries), *group.backups]
        missing = sorted(set(names) - wanted.channels.keys())
        if missing:
            raise Refused(7404, f"{group.id}: {', '.join(missing)}", "channel")
    return apply_directory(connection, wanted, who, now, prune=True)
