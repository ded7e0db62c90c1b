"""
A draft of routing rules: a file's rules among the objects of the record.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

import attrs

from smsgw.config import ConfigError, read_toml, structure
from smsgw.directory import (
    Account,
    Channel,
    Department,
    Directory,
    Group,
    Rule,
    Signature,
    Template,
    in_order,
)
from smsgw.rules.conditions import mistakes_of

__all__ = ["draft_of"]


class _Named(Protocol):
    """
    A business object that has an id.
    """

    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=_Named)


@attrs.frozen
class _Draft:
    """
    What routing looks at; of a file's channels only the ids count.
    """

    departments: tuple[Department, ...] = ()
    accounts: tuple[Account, ...] = ()
    signatures: tuple[Signature, ...] = ()
    templates: tuple[Template, ...] = ()
    groups: tuple[Group, ...] = ()
    rules: tuple[Rule, ...] = ()


def draft_of(path: Path, directory: Directory) -> Directory:
    """
    The directory with the file's rules in the place of its own, and with the
    file's other objects added; L{ConfigError} lists every mistake.
    """
    tables = read_toml(path)
    names = [field.name for field in attrs.fields(_Draft)]
    some = {name: tables[name] for name in names if name in tables}
    draft = structure(path, some, _Draft)
    found = attrs.evolve(
        directory,
        departments=_added(directory.departments, draft.departments),
        accounts=_added(directory.accounts, draft.accounts),
        signatures=_added(directory.signatures, draft.signatures),
        templates=_added(directory.templates, draft.templates),
        channels=_added(_channels(tables), tuple(directory.channels.values())),
        groups=_added(directory.groups, draft.groups),
        rules=in_order(draft.rules),
    )
    mistakes = [
        f"{words} @ $.rules[{index}] ({rule.id})"
        for index, rule in enumerate(draft.rules)
        for words in mistakes_of(rule, found)
    ]
    if not draft.rules:
        mistakes.append("没有 [[rules]] / has no [[rules]]")
    if mistakes:
        raise ConfigError(path, mistakes)
    return found


def _added(known: Mapping[str, N], some: Sequence[N]) -> dict[str, N]:
    return {**known, **{one.id: one for one in some}}


def _channels(tables: Mapping[str, Any]) -> dict[str, Channel]:
    """
    Channels that only the file has, as far as rules care.
    """
    rows = [row for row in tables.get("channels", ()) if isinstance(row, dict)]
    return {
        name: Channel(name, name, "", "", "", "", "", active=row.get("active", True))
        for row in rows
        if isinstance(name := row.get("id"), str)
    }
