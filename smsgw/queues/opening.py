"""
A connection to the queue that the settings name.
"""

from typing import Any
from urllib.parse import urlsplit

from twisted.internet.endpoints import UNIXClientEndpoint, clientFromString

from smsgw.config import Settings, read_secret
from smsgw.queues.redis import RedisConnection

__all__ = ["open_queue"]


def open_queue(settings: Settings, reactor: Any, socket: str) -> RedisConnection:
    """
    A connection to the embedded server's socket, or to the configured server.
    """
    queue = settings.queue
    if queue.kind == "embedded":
        return RedisConnection(UNIXClientEndpoint(reactor, socket), reactor)
    password = read_secret(queue.password_file) if queue.password_file else ""
    url = urlsplit(queue.url)
    kind = "tls" if url.scheme == "rediss" else "tcp"
    place = f"{kind}:{url.hostname}:{url.port or 6379}"
    return RedisConnection(
        clientFromString(reactor, place),
        reactor,
        username=url.username or "",
        password=password,
        database=int(url.path.strip("/") or 0),
        durable=queue.durability == "strict",
    )
