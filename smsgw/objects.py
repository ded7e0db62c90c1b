"""
Business objects as C{smsgw apply} reads them from a file: a directory of values.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

import attrs

from smsgw.config import ConfigError, read_secret, read_toml, structure
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
from smsgw.rules.mistakes import mistakes_of as rule_mistakes

__all__ = ["directory_mistakes", "load_directory", "secret_files"]


class _Named(Protocol):
    """
    A business object that has an id.
    """

    @property
    def id(self) -> str: ...


N = TypeVar("N", bound=_Named)

_REFERENCES = (
    ("departments", "parent", "departments"),
    ("accounts", "department", "departments"),
    ("credentials", "account", "accounts"),
    ("webhooks", "account", "accounts"),
    ("peers", "account", "accounts"),
    ("rules", "account", "accounts"),
    ("rules", "group", "groups"),
    ("rules", "department", "departments"),
    ("rules", "campus", "departments"),
    ("rules", "template", "templates"),
    ("signatures", "account", "accounts"),
    ("signatures", "department", "departments"),
    ("templates", "account", "accounts"),
    ("templates", "department", "departments"),
    ("templates", "signature", "signatures"),
    ("retries", "channel", "channels"),
    ("prices", "account", "accounts"),
    ("prices", "department", "departments"),
    ("prices", "channel", "channels"),
    ("schedules", "account", "accounts"),
    ("schedules", "template", "templates"),
    ("frequencies", "account", "accounts"),
    ("windows", "account", "accounts"),
    ("keywords", "account", "accounts"),
    ("keywords", "answer", "templates"),
    ("people", "department", "departments"),
    ("people", "role", "roles"),
    ("people", "account", "accounts"),
)


@attrs.frozen
class _File:
    """
    The tables of a file; each is a list of one kind of object.
    """

    departments: tuple[Department, ...] = ()
    accounts: tuple[Account, ...] = ()
    credentials: tuple[Credential, ...] = ()
    channels: tuple[Channel, ...] = ()
    groups: tuple[Group, ...] = ()
    rules: tuple[Rule, ...] = ()
    webhooks: tuple[Webhook, ...] = ()
    peers: tuple[Peer, ...] = ()
    signatures: tuple[Signature, ...] = ()
    templates: tuple[Template, ...] = ()
    retries: tuple[RetryRule, ...] = ()
    prices: tuple[Price, ...] = ()
    schedules: tuple[Schedule, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    frequencies: tuple[Frequency, ...] = ()
    windows: tuple[SendWindow, ...] = ()
    roles: tuple[Role, ...] = ()
    people: tuple[Person, ...] = ()


def _unchecked(_: Channel) -> Sequence[str]:
    return ()


def load_directory(
    path: Path,
    secrets: Path | None = None,
    mistakes_of: Callable[[Channel], Sequence[str]] = _unchecked,
) -> Directory:
    """
    The objects in a file, references checked, and channels by C{mistakes_of}.

    C{secret_file = "x"} and C{secret_files = ["x"]} stand for the secrets in
    these files, relative to C{secrets} (default: the file's own folder).
    """
    tables = read_toml(path)
    for table in _tables(tables):
        _put_secrets(table, secrets or path.parent)
    file = structure(path, tables, _File)
    mistakes = [*_doubles(file), *_dangling(file)]
    for index, channel in enumerate(file.channels):
        mistakes += [f"{one} @ $.channels[{index}]" for one in mistakes_of(channel)]
    directory = Directory(
        departments=_by_id(file.departments),
        accounts=_by_id(file.accounts),
        credentials={one.app_id: one for one in file.credentials},
        channels=_by_id(file.channels),
        groups=_by_id(file.groups),
        rules=in_order(file.rules),
        webhooks=_by_id(file.webhooks),
        peers=_by_id(file.peers),
        signatures=_by_id(file.signatures),
        templates=_by_id(file.templates),
        retries=in_order(file.retries),
        prices=_by_id(file.prices),
        schedules=_by_id(file.schedules),
        keywords=_by_id(file.keywords),
        frequencies=_by_id(file.frequencies),
        windows=_by_id(file.windows),
        roles=_by_id(file.roles),
        people=_by_id(file.people),
    )
    mistakes += [
        f"{mistake} @ $.{table}[{name!r}]"
        for table, name, mistake in rule_mistakes(directory)
    ]
    if mistakes:
        raise ConfigError(path, mistakes)
    return directory


def secret_files(path: Path, secrets: Path | None = None) -> list[Path]:
    """
    The secret files that a file of objects names, there or not.
    """
    folder = secrets or path.parent
    return [
        folder / name
        for table in _tables(read_toml(path))
        for name in [table.get("secret_file"), *table.get("secret_files", [])]
        if isinstance(name, str)
    ]


def _tables(file: Mapping[str, Any]) -> Iterable[dict[str, Any]]:
    for rows in file.values():
        if isinstance(rows, list):
            yield from (row for row in rows if isinstance(row, dict))


def _put_secrets(table: dict[str, Any], folder: Path) -> None:
    if isinstance(name := table.get("secret_file"), str):
        del table["secret_file"]
        table["secret"] = read_secret(folder / name)
    if isinstance(names := table.get("secret_files"), list):
        del table["secret_files"]
        table["secrets"] = [read_secret(folder / str(name)) for name in names]


def _by_id(rows: Sequence[N]) -> dict[str, N]:
    return {row.id: row for row in rows}


def _ids(file: _File) -> dict[str, list[str]]:
    return {
        field.name: [_id(row) for row in getattr(file, field.name)]
        for field in attrs.fields(_File)
    }


def _doubles(file: _File) -> list[str]:
    return [
        f"{one!r} is there twice @ $.{table}[{index}]"
        for table, ids in _ids(file).items()
        for index, one in enumerate(ids)
        if one in ids[:index]
    ]


Tables = Mapping[str, Sequence[Any]]


def directory_mistakes(
    directory: Directory,
    mistakes_of: Callable[[Channel], Sequence[str]] = _unchecked,
) -> Iterator[tuple[str, str, str]]:
    """
    (table, id, what is wrong) of everything in a directory: references, rules, and
    channels by C{mistakes_of}.
    """
    tables = {
        field.name: _values(getattr(directory, field.name))
        for field in attrs.fields(_File)
    }
    for table, index, field, into, wanted in _missing(tables):
        name = _id(tables[table][index])
        yield table, name, f"{field}: {_not_among(wanted, into)}"
    yield from rule_mistakes(directory)
    for channel in directory.channels.values():
        yield from (("channels", channel.id, one) for one in mistakes_of(channel))


def _values(held: Any) -> Sequence[Any]:
    return list(held.values()) if isinstance(held, Mapping) else held


def _id(one: Any) -> str:
    return str(one.app_id if isinstance(one, Credential) else one.id)


def _not_among(wanted: str, into: str) -> str:
    return f"there is no {wanted!r} among {into}"


def _missing(tables: Tables) -> Iterator[tuple[str, int, str, str, str]]:
    """
    (table, index, field, table referred to, id that is not there).
    """
    ids = {name: {_id(one) for one in rows} for name, rows in tables.items()}
    for table, index, field, into, wanted in _references(tables):
        if wanted and wanted not in ids[into]:
            yield table, index, field, into, wanted


def _references(tables: Tables) -> Iterator[tuple[str, int, str, str, str]]:
    for table, field, into in _REFERENCES:
        for index, row in enumerate(tables[table]):
            yield table, index, field, into, getattr(row, field)
    for index, group in enumerate(tables["groups"]):
        for share in group.primaries:
            yield "groups", index, "primaries", "channels", share.channel
        for channel in group.backups:
            yield "groups", index, "backups", "channels", channel


def _dangling(file: _File) -> list[str]:
    tables = {field.name: getattr(file, field.name) for field in attrs.fields(_File)}
    return [
        f"{_not_among(wanted, into)} @ $.{table}[{index}].{field}"
        for table, index, field, into, wanted in _missing(tables)
    ]
