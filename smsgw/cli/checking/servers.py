"""
Facts about queue servers and the database, asked over the product's own
connections. Nothing is judged here, and nothing changed.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs

from smsgw.config import ConfigError, Settings
from smsgw.errors import Unavailable
from smsgw.queues.opening import open_queue
from smsgw.queues.redis import Connection, ReplyError
from smsgw.storage.database import Database
from smsgw.storage.standing import Standing, standing_of

__all__ = ["Record", "Server", "ask_queue", "ask_record"]

PATIENCE = 3.0
WANTED = ("appendonly", "appendfsync", "maxmemory", "maxmemory-policy")


@attrs.frozen
class Server:
    """
    A queue server: C{trouble} if it could not be asked; C{idle} if it is the private
    one, which runs with its gateway. C{ahead} is its clock less ours.
    """

    name: str
    trouble: str = ""
    idle: bool = False
    kind: str = ""
    version: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    used: int = 0
    ahead: float = 0.0
    spread: float = 0.0
    aof: str = ""
    role: str = ""
    cluster: str = ""


@attrs.frozen
class Record:
    """
    The database: C{trouble} if it could not be asked, C{absent} if SQLite's file is
    not there yet.
    """

    name: str
    trouble: str = ""
    absent: bool = False
    standing: Standing | None = None
    ahead: float = 0.0


async def ask_queue(
    settings: Settings, reactor: Any, now: Callable[[], float]
) -> list[Server]:
    """
    Each server that the settings name; the private one where it runs.
    """
    queue = settings.queue
    if queue.kind == "memory":
        return []
    if queue.kind == "embedded":
        socket = _socket_of(settings.data_dir)
        if socket is None:
            return [Server("embedded 内置", idle=True)]
        return [await _asked("embedded 内置", settings, reactor, now, str(socket))]
    found = []
    for url in queue.nodes or (queue.url,):
        one = attrs.evolve(queue, kind="redis", url=url, nodes=(), durability="relaxed")
        alone = attrs.evolve(settings, queue=one)
        found.append(await _asked(_without_login(url), alone, reactor, now))
    return found


def _without_login(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def _socket_of(data_dir: Path) -> Path | None:
    """
    Where the private server listens, if it seems to run; makes nothing.
    """
    try:
        path = Path((data_dir / "queue" / "socket").read_text("utf-8"))
    except OSError:
        return None
    return path if path.exists() else None


async def _asked(
    name: str,
    settings: Settings,
    reactor: Any,
    now: Callable[[], float],
    socket: str = "",
) -> Server:
    try:
        connection = open_queue(settings, reactor, socket)
    except (ConfigError, ValueError) as error:
        return Server(name, str(error))
    connection.start()
    try:
        await connection.connected(PATIENCE)
        return await server_of(name, connection, now)
    except (Unavailable, ReplyError) as error:
        return Server(name, str(error))
    finally:
        await connection.stop()


async def server_of(
    name: str, connection: Connection, now: Callable[[], float]
) -> Server:
    """
    What a server that answers tells of itself.
    """
    begun = now()
    seconds, micros = await connection.command("TIME")
    ended = now()
    info = _fields(await connection.command("INFO"))
    settings = await _settings(connection)
    cluster = ""
    if info.get("cluster_enabled") == "1":
        told = _fields(await connection.command("CLUSTER", "INFO"))
        cluster = told.get("cluster_state", "?")
    valkey = info.get("valkey_version", "")
    return Server(
        name,
        kind="Valkey" if valkey else "Redis",
        version=valkey or info.get("redis_version", ""),
        settings=settings,
        used=int(info.get("used_memory", 0)),
        ahead=int(seconds) + int(micros) / 1e6 - (begun + ended) / 2,
        spread=ended - begun,
        aof=info.get("aof_last_write_status", "ok"),
        role=info.get("role", ""),
        cluster=cluster,
    )


async def _settings(connection: Connection) -> tuple[tuple[str, str], ...]:
    """
    Empty where the server does not tell them.
    """
    try:
        flat = await connection.command("CONFIG", "GET", *WANTED)
    except ReplyError:
        return ()
    words = [one.decode() for one in flat]
    return tuple(sorted(zip(words[::2], words[1::2], strict=True)))


def _fields(info: bytes) -> dict[str, str]:
    rows = (line.partition(":") for line in info.decode().splitlines())
    return {name: value for name, colon, value in rows if colon}


async def ask_record(settings: Settings, now: Callable[[], float]) -> Record:
    """
    The database, in this thread.
    """
    name = "sqlite"
    try:
        url = settings.database_url
        if url.startswith("sqlite"):
            file = url.partition(":///")[2]
            if file and not Path(file).exists():
                return Record(name, absent=True)
        else:
            name = _without_login(url).partition("?")[0]
            url += f"{'&' if '?' in url else '?'}connect_timeout={PATIENCE:.0f}"
        database = Database.open(url)
    except (ConfigError, ValueError) as error:
        return Record(name, str(error))
    try:
        begun = now()
        found = await database.read(standing_of)
        ahead = found.now - (begun + now()) / 2 if found.now else 0.0
    except Unavailable as error:
        return Record(name, error.detail)
    finally:
        database.close()
    return Record(name, standing=found, ahead=ahead)
