"""
Pages that live: one look at the gateway for everybody who watches.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import attrs
from twisted.internet.interfaces import IPushProducer
from zope.interface import implementer

from smsgw.admin.words import Language
from smsgw.ports import Clock
from smsgw.tasks import spawn

__all__ = ["Live", "Tap"]

EACH = 2.0
AT_ONCE, PAUSE = 25, 0.004  # 2,500 browsers are told within half a second
PATIENCE = 15  # fragments that a browser may not take, then it is let go
Write = Callable[[bytes], None]


@attrs.define(eq=False)
class Live:
    """
    Every two seconds, while anybody watches, C{look} is asked once and C{draw} makes
    a fragment of it for each language.
    """

    clock: Clock
    look: Callable[[], Awaitable[None]]
    draw: Callable[[Language], str] = lambda _language: ""
    _watching: dict[Write, Language] = attrs.field(factory=dict, init=False)
    _running: bool = attrs.field(default=False, init=False)

    def watch(self, write: Write, language: Language) -> Callable[[], None]:
        """
        Fragments from now on; what is returned ends it.
        """
        self._watching[write] = language
        if not self._running:
            self._running = True
            spawn("live pages", self._run())
        return lambda: self._leave(write)

    def _leave(self, write: Write) -> None:
        self._watching.pop(write, None)

    @property
    def watching(self) -> int:
        """
        How many browsers.
        """
        return len(self._watching)

    async def _run(self) -> None:
        try:
            while self._watching:
                await self.look()
                await self._tell()
                await self.clock.sleep(EACH)
        finally:
            self._running = False

    async def _tell(self) -> None:
        """
        To some, then others have their turn, then to the next.
        """
        drawn: dict[Language, bytes] = {}
        for count, (write, language) in enumerate(list(self._watching.items()), 1):
            if language not in drawn:
                drawn[language] = event(self.draw(language), self.clock.now())
            if write in self._watching:
                write(drawn[language])
            if not count % AT_ONCE:
                await self.clock.sleep(PAUSE)


@implementer(IPushProducer)
class Tap:
    """
    To one browser: what it does not take is left out, not piled up, and after half a
    minute it is cut off. C{request} is twisted.web's.
    """

    def __init__(self, request: Any) -> None:
        self._request = request
        self._paused = False
        self._missed = 0
        request.registerProducer(self, True)

    def write(self, fragment: bytes) -> None:
        """
        Now or not at all.
        """
        if not self._paused:
            self._missed = 0
            self._request.write(fragment)
            return
        self._missed += 1
        if self._missed == PATIENCE:
            self._request.channel.forceAbortClient()

    def close(self) -> None:
        """
        The browser has gone.
        """
        if self._request.channel is not None:
            self._request.unregisterProducer()

    def pauseProducing(self) -> None:
        self._paused = True

    def resumeProducing(self) -> None:
        self._paused = False

    def stopProducing(self) -> None:
        self._paused = True


def event(fragment: str, at: float) -> bytes:
    """
    A server-sent event named C{shown} with some markup; its id is when it was drawn,
    in milliseconds.
    """
    lines = "".join(f"data: {line}\n" for line in fragment.splitlines())
    return f"id: {at * 1000:.0f}\nevent: shown\n{lines}\n".encode()
