"""
A connection to the queue that the settings name.
"""

from functools import partial
from typing import Any
from urllib.parse import SplitResult, urlsplit

from twisted.internet.endpoints import UNIXClientEndpoint, clientFromString

from smsgw.config import Queue, Settings, read_secret
from smsgw.queues.cluster import ClusterConnection, Place
from smsgw.queues.redis import Connection, RedisConnection

__all__ = ["open_queue"]


def open_queue(settings: Settings, reactor: Any, socket: str) -> Connection:
    """
    A connection to the embedded server's socket, or to the configured server or
    cluster.
    """
    queue = settings.queue
    if queue.kind == "embedded":
        return RedisConnection(UNIXClientEndpoint(reactor, socket), reactor)
    password = read_secret(queue.password_file) if queue.password_file else ""
    urls = [urlsplit(url) for url in queue.nodes or (queue.url,)]
    opening = partial(_open_to, queue, reactor, urls[0], password)
    places = [(url.hostname or "", url.port or 6379) for url in urls]
    if queue.kind == "cluster":
        return ClusterConnection(places, opening, reactor)
    return opening(places[0])


def _open_to(
    queue: Queue, reactor: Any, like: SplitResult, password: str, place: Place
) -> RedisConnection:
    """
    To one server; how is said by the URL C{like}, for a cluster's nodes are alike.
    """
    host, port = place
    kind = "tls" if like.scheme == "rediss" else "tcp"
    quoted = host.replace(":", "\\:")
    return RedisConnection(
        clientFromString(reactor, f"{kind}:{quoted}:{port}"),
        reactor,
        username=like.username or "",
        password=password,
        database=int(like.path.strip("/") or 0),
        durable=queue.durability == "strict",
        replicas=queue.replicas,
    )
