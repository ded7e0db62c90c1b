"""
The composition root: constructs every part and connects them, nothing else.
"""

import random
from pathlib import Path
from typing import Any, ClassVar

from twisted.application.service import MultiService
from twisted.internet.defer import CancelledError, Deferred
from twisted.python import usage

from smsgw.config import ConfigError, load
from smsgw.node import Node
from smsgw.tasks import SystemClock, Task, cancel_all, spawn

__all__ = ["GatewayService", "Options", "makeService"]


class Options(usage.Options):
    """
    C{twistd -n smsgw -c etc/smsgw.toml}.
    """

    synopsis = "-c FILE"
    optParameters: ClassVar[list[list[str]]] = [
        ["config", "c", "etc/smsgw.toml", "the configuration file"]
    ]


class GatewayService(MultiService):
    """
    Starts and stops a node with its process.
    """

    def __init__(self, node: Node, reactor: Any) -> None:
        super().__init__()
        self._node = node
        self._reactor = reactor
        self._starting: Task | None = None

    def startService(self) -> None:
        super().startService()
        self._starting = spawn("start", self._start())

    async def _start(self) -> None:
        try:
            await self._node.start()
        except CancelledError:
            raise
        except Exception:
            self._reactor.callLater(0, self._reactor.stop)
            raise

    def stopService(self) -> "Deferred[None]":
        return Deferred.fromCoroutine(self._stop())

    async def _stop(self) -> None:
        if self._starting is not None:
            self._starting.cancel()
        await self._node.stop()
        await cancel_all()
        await MultiService.stopService(self)


def makeService(options: Any) -> GatewayService:
    """
    What twistd runs; a configuration with mistakes ends it in words.
    """
    from twisted.internet import reactor

    config = Path(options["config"]).resolve()
    try:
        settings = load(config)
    except ConfigError as error:
        raise SystemExit("\n  ".join((f"{error.file}:", *error.mistakes))) from error
    node = Node(settings, reactor, SystemClock(reactor), random.random, config)
    return GatewayService(node, reactor)
