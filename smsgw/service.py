"""
The composition root: constructs every part and connects them, nothing else.
"""

import atexit
import os
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from twisted.application.service import MultiService
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.error import CannotListenError
from twisted.logger import ILogObserver, Logger
from twisted.python import usage
from twisted.python.components import Componentized

from smsgw.config import ConfigError, load
from smsgw.errors import Unavailable
from smsgw.logs import log_observer
from smsgw.node import Node
from smsgw.security.provider import CryptoError
from smsgw.systemd import Systemd
from smsgw.tasks import Task, cancel_all, clock_over, spawn

__all__ = ["GatewayService", "Options", "leave_with", "makeService"]

_FORESEEN = (CannotListenError, ConfigError, CryptoError, OSError, Unavailable)
_ADVICE = {
    "folder": "data_dir must be a folder that the service's user may write to",
    "keys": "put the key file of [protection] back from its backup; without it the"
    " record cannot be read",
    "queue": "end the other gateway, or see [queue] and queue/valkey.log in data_dir",
    "record": "see [database]: is its server running, may this user log in there?",
    "doors": "end what listens there, or change listen in [http], [admin], [[servers]]",
}


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
    Starts and stops a node with its process. C{leave} is told the process' status
    when the start fails; C{observer} becomes the application's log.
    """

    log = Logger()

    def __init__(
        self,
        node: Node,
        reactor: Any,
        leave: Callable[[int], None],
        observer: ILogObserver | None = None,
        systemd: Systemd | None = None,
    ) -> None:
        super().__init__()
        self._node = node
        self._reactor = reactor
        self._leave = leave
        self._observer = observer
        self._systemd = systemd or Systemd.here()
        self._starting: Task | None = None

    def setServiceParent(self, parent: Any) -> None:
        if self._observer is not None and isinstance(parent, Componentized):
            parent.setComponent(ILogObserver, self._observer)
        super().setServiceParent(parent)

    def startService(self) -> None:
        super().startService()
        self._starting = spawn("start", self._start())

    async def _start(self) -> None:
        try:
            await self._node.start()
            self._systemd.ready()
            if self._systemd.each:
                spawn("watchdog", self._watch())
        except CancelledError:
            raise
        except Exception as error:
            self._leave(1)
            self._reactor.callLater(0, self._reactor.stop)
            self.log.critical(
                "not started ({doing}): {why}; {advice}",
                doing=self._node.doing,
                why=str(error) or type(error).__name__,
                advice=_ADVICE.get(self._node.doing, "see the lines above"),
            )
            if not isinstance(error, _FORESEEN):
                raise

    async def _watch(self) -> None:
        """
        Signs of life, as long as the node's loops run.
        """
        while self._node.ready:
            self._systemd.alive()
            await self._node.clock.sleep(self._systemd.each)

    def stopService(self) -> "Deferred[None]":
        return Deferred.fromCoroutine(self._stop())

    async def _stop(self) -> None:
        self._systemd.stopping()
        if self._starting is not None:
            self._starting.cancel()
        await self._node.stop()
        await cancel_all()
        await MultiService.stopService(self)


def leave_with(status: int) -> None:
    """
    The process' status at its end, which twistd has no words for; a signal that
    ends it has its own.
    """

    def leave() -> None:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)

    atexit.register(leave)


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
    clock = clock_over(reactor)
    node = Node(settings, reactor, clock, random.random, config)
    observer = None
    if settings.log.dir is not None or _in_the_foreground(options):
        observer = log_observer(settings.log, "smsgw", sys.stdout, clock.now)
    return GatewayService(node, reactor, leave_with, observer)


def _in_the_foreground(options: Any) -> bool:
    """
    C{twistd -n} without a log file of its own: standard output is read by someone.
    """
    twistd = getattr(options, "parent", None) or {}
    return bool(twistd.get("nodaemon")) and not twistd.get("logfile")
