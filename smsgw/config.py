"""
The configuration files: settings of the service, and business objects to apply.

Every mistake of a file is reported, together, each with its path.
"""

import difflib
import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal, NewType, TypeVar, get_args, get_origin
from urllib.parse import quote

import attrs
import cattrs
from cattrs.errors import ForbiddenExtraKeysError
from cattrs.v import transform_error

from smsgw.rules.signs import Limits as Health

__all__ = [
    "Admin",
    "ConfigError",
    "Database",
    "Endpoint",
    "Http",
    "Limits",
    "Log",
    "Positive",
    "Protection",
    "Queue",
    "Retention",
    "Server",
    "Settings",
    "load",
    "read_secret",
    "read_toml",
    "structure",
]

T = TypeVar("T")

Endpoint = NewType("Endpoint", str)
Positive = NewType("Positive", int)
Policy = Literal["off", "index-only", "on"]

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_ENDPOINT = re.compile(r"(tcp6?|ssl|tls|unix|systemd|haproxy):.+")
MOST_SHARDS = 64
LEAST_DAYS = 184


class ConfigError(Exception):
    """
    A file that cannot be used: every mistake found in it, with its path.
    """

    def __init__(self, file: Path, mistakes: list[str]) -> None:
        super().__init__(f"{file}: " + "; ".join(mistakes))
        self.file = file
        self.mistakes = mistakes


@attrs.frozen
class Queue:
    """
    Where messages in motion are kept; C{nodes} are some of a cluster's, by URL. What
    so many C{replicas} do not have yet is not accepted.
    """

    kind: Literal["embedded", "redis", "cluster", "memory"] = "embedded"
    url: str = ""
    nodes: tuple[str, ...] = ()
    password_file: Path | None = None
    durability: Literal["strict", "relaxed"] = "strict"
    replicas: int = 0

    def __attrs_post_init__(self) -> None:
        if (self.kind == "redis") != bool(self.url):
            raise ValueError("url goes with kind = 'redis', and only with it")
        if (self.kind == "cluster") != bool(self.nodes):
            raise ValueError("nodes go with kind = 'cluster', and only with it")
        if self.replicas and not (self.url or self.nodes):
            raise ValueError("replicas are those of a server or cluster of your own")
        if self.kind == "memory" and self.durability == "strict":
            raise ValueError("kind = 'memory' needs durability = 'relaxed'")


@attrs.frozen
class Database:
    """
    Where the record is kept; '' is SQLite in the data directory. C{recorder}: who
    writes it, a process of its own or the gateway's.
    """

    url: str = ""
    recorder: Literal["process", "gateway"] = "process"
    password_file: Path | None = None


@attrs.frozen
class Http:
    """
    The HTTP door; times out a client that sends nothing for C{idle_seconds}.
    """

    listen: tuple[Endpoint, ...] = (
        Endpoint("tcp:8080:interface=127.0.0.1:backlog=1024"),
    )
    idle_seconds: Positive = Positive(60)
    trusted_proxies: tuple[str, ...] = ()


@attrs.frozen
class Admin:
    """
    The console: where, how it looks, how people log in.

    A session ends C{idle_minutes} after its last page. C{logo} is an SVG or PNG file,
    C{colour} a CSS colour; C{vendor} is named in Help, About and nowhere else.
    """

    listen: tuple[Endpoint, ...] = (
        Endpoint("tcp:8081:interface=127.0.0.1:backlog=1024"),
    )
    system_name: str = "短信平台"
    logo: Path | None = None
    colour: str = "#0b7285"
    vendor: str = ""
    idle_minutes: Positive = Positive(30)
    password_days: Positive = Positive(90)
    two_factor: Literal["optional", "required"] = "optional"
    trusted_proxies: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if not _COLOUR.fullmatch(self.colour):
            raise ValueError("colour is a CSS colour such as '#0b7285'")


@attrs.frozen
class Server:
    """
    A door for systems that speak a carrier's protocol; C{gateway} is the code in
    the ids it gives, another one on each node.
    """

    protocol: Literal["cmpp", "sgip", "smgp", "smpp"]
    listen: tuple[Endpoint, ...]
    gateway: Positive = Positive(1)


@attrs.frozen
class Log:
    """
    The log files, a new one each day and above C{max_mib}, together C{total_mib} at
    most; without C{dir} lines go to standard output.
    """

    dir: Path | None = None
    level: Literal["debug", "info", "warn", "error"] = "info"
    format: Literal["text", "json"] = "text"
    max_mib: Positive = Positive(256)
    retention_days: Positive = Positive(30)
    total_mib: Positive = Positive(4096)


@attrs.frozen
class Retention:
    """
    How many days the record keeps messages with all that belongs to them, and the
    hourly totals; 0 is for ever. C{partition}: what PostgreSQL's partitions hold.
    """

    messages_days: int = 0
    totals_days: int = 0
    partition: Literal["day", "month"] = "day"

    def __attrs_post_init__(self) -> None:
        for days in (self.messages_days, self.totals_days):
            if days and days < LEAST_DAYS:
                raise ValueError(f"at least {LEAST_DAYS} days by law, or 0 for ever")
        if 0 < self.totals_days < (self.messages_days or self.totals_days + 1):
            raise ValueError("totals_days: not shorter than messages are kept")


@attrs.frozen
class Limits:
    """
    Where doors begin to refuse; C{disk_mib} is the room that must be left,
    C{memory_mib} and C{queue_memory_mib} what the gateway and its queue server may use.
    """

    body_bytes: Positive = Positive(8 * 1024 * 1024)
    queue_messages: Positive = Positive(5_000_000)
    disk_mib: Positive = Positive(2048)
    ballast_mib: Positive = Positive(64)
    connections: Positive = Positive(10_000)
    memory_mib: Positive = Positive(4096)
    queue_memory_mib: Positive = Positive(16384)


@attrs.frozen
class Protection:
    """
    How phones, texts and patient ids are kept in the record.
    """

    phone: Policy = "off"
    text: Policy = "off"
    patient: Policy = "off"
    key_file: Path | None = None

    def __attrs_post_init__(self) -> None:
        used = {self.phone, self.text, self.patient} != {"off"}
        if used and self.key_file is None:
            raise ValueError("key_file is needed unless every policy is 'off'")


@attrs.frozen
class Settings:
    """
    Everything the service is told by its file.
    """

    data_dir: Path
    node: str = "node1"
    shards: Positive = Positive(1)
    queue: Queue = attrs.field(factory=Queue)
    database: Database = attrs.field(factory=Database)
    http: Http = attrs.field(factory=Http)
    admin: Admin = attrs.field(factory=Admin)
    servers: tuple[Server, ...] = ()
    log: Log = attrs.field(factory=Log)
    limits: Limits = attrs.field(factory=Limits)
    retention: Retention = attrs.field(factory=Retention)
    health: Health = attrs.field(factory=Health)
    protection: Protection = attrs.field(factory=Protection)

    def __attrs_post_init__(self) -> None:
        alone = self.queue.kind in ("embedded", "memory")
        if self.shards > (1 if alone else MOST_SHARDS):
            raise ValueError(
                f"shards: at most {MOST_SHARDS} with a redis or cluster queue, else 1"
            )

    @property
    def database_url(self) -> str:
        """
        With the password of C{password_file}, read anew: not for logs.
        """
        url, file = self.database.url, self.database.password_file
        if not url:
            return f"sqlite:///{self.data_dir / 'record.sqlite'}"
        scheme, _, rest = url.partition("://")
        user, at, place = rest.rpartition("@")
        if file is None or not at or ":" in user:
            return url
        return f"{scheme}://{user}:{quote(read_secret(file), safe='')}@{place}"


def load(path: Path) -> Settings:
    """
    The settings in a file; relative paths in it are relative to its folder.
    """
    return structure(path, read_toml(path), Settings)


def read_secret(path: Path) -> str:
    """
    The secret in a file of its own, without the line end.
    """
    try:
        secret = path.read_text("utf-8").strip()
    except OSError as error:
        raise ConfigError(path, [f"secret not readable: {error.strerror}"]) from error
    if not secret:
        raise ConfigError(path, ["secret is empty"])
    return secret


def read_toml(path: Path) -> dict[str, Any]:
    """
    The tables of a TOML file, or one mistake that says where it is broken.
    """
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise ConfigError(path, [f"not readable: {error.strerror}"]) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(path, [f"not TOML in UTF-8: {error}"]) from error


def structure(file: Path, tables: Mapping[str, Any], into: type[T]) -> T:
    """
    Tables as a value of an attrs class; C{file} is for paths and for mistakes.
    """
    try:
        return _converter(file.parent).structure(tables, into)
    except cattrs.BaseValidationError as error:
        mistakes = transform_error(error, format_exception=_words)
        raise ConfigError(file, mistakes) from error


def _converter(folder: Path) -> cattrs.Converter:
    converter = cattrs.Converter(forbid_extra_keys=True)
    for kind in (str, int, bool):
        converter.register_structure_hook(kind, _exactly(kind))
    converter.register_structure_hook(float, _number)
    converter.register_structure_hook(Path, lambda value, _: folder / _text(value))
    converter.register_structure_hook(Endpoint, _endpoint)
    converter.register_structure_hook_func(lambda kind: _is(kind, Literal), _one_of)
    converter.register_structure_hook_func(
        lambda kind: _is(kind, tuple),
        lambda value, kind: _tuple(converter, value, kind),
    )
    converter.register_structure_hook(Positive, _positive)
    converter.register_structure_hook(str | int | float | bool, _scalar)
    return converter


def _exactly(kind: type) -> Callable[[object, object], object]:
    def hook(value: object, _: object) -> object:
        if type(value) is not kind:
            raise ValueError(f"expected {kind.__name__}, got {value!r}")
        return value

    return hook


def _number(value: object, _: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"expected a number, got {value!r}")
    return float(value)


def _scalar(value: object, _: object) -> object:
    if not isinstance(value, str | int | float):
        raise ValueError(f"expected text, a number or true/false, got {value!r}")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"expected text, got {value!r}")
    return value


def _is(kind: Any, origin: object) -> bool:
    return get_origin(kind) is origin


def _one_of(value: object, kind: object) -> object:
    if value not in get_args(kind):
        names = ", ".join(map(repr, get_args(kind)))
        raise ValueError(f"expected one of {names}, got {value!r}")
    return value


def _tuple(converter: cattrs.Converter, value: object, kind: Any) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise ValueError(f"expected a list, got {value!r}")
    rows: Any = list[get_args(kind)[0]]  # type: ignore[misc]
    return tuple(converter.structure(value, rows))


def _endpoint(value: object, _: object) -> Endpoint:
    if not _ENDPOINT.fullmatch(_text(value)):
        raise ValueError(f"expected an endpoint such as 'tcp:8080', got {value!r}")
    return Endpoint(str(value))


def _positive(value: object, _: object) -> Positive:
    if type(value) is not int or value <= 0:
        raise ValueError(f"expected a whole number above 0, got {value!r}")
    return Positive(value)


def _words(error: BaseException, into: type | None) -> str:
    """
    One mistake in words; the path is put behind it by cattrs.
    """
    if isinstance(error, ForbiddenExtraKeysError):
        return ", ".join(
            f"unknown key {key!r}{_nearest(key, error.cl)}"
            for key in sorted(error.extra_fields)
        )
    if isinstance(error, KeyError):
        return "required key is missing"
    if isinstance(error, TypeError | AttributeError):
        return "expected a table"
    return str(error)


def _nearest(key: str, cls: type) -> str:
    names = [field.name for field in attrs.fields(cls)]
    near = difflib.get_close_matches(key, names, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""
