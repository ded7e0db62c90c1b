"""
Which channels are traced: asked for by files, so that no restart is needed.

C{smsgw watch} and the console put C{CHANNEL.json} into the folder; the node looks
every second.
"""

from pathlib import Path
from typing import Protocol

import attrs
import msgspec
from twisted.logger import Logger

from smsgw.channels.trace import Trace
from smsgw.ports import Clock
from smsgw.protocols.protocol import Protocol as Rules

__all__ = ["Traces", "Watch", "Watched", "ask", "asked", "release"]


class Watch(msgspec.Struct):
    """
    A wish: trace until a time (epoch seconds), plain or masked, into files that
    are called C{stem}; C{frames} at most if it is not 0, with their C{octets} or not.
    """

    until: float
    stem: str
    plain: bool = False
    frames: int = 0
    octets: bool = False


class Watched(Protocol):
    """
    A channel that can be traced.
    """

    @property
    def rules(self) -> Rules: ...
    def listen_in(self, trace: Trace | None) -> None: ...


def _file(folder: Path, channel: str) -> Path:
    return folder / f"{channel}.json"


def ask(folder: Path, channel: str, watch: Watch) -> None:
    """
    Wish for a trace.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _file(folder, channel).write_bytes(msgspec.json.encode(watch))


def release(folder: Path, channel: str) -> None:
    """
    Wish for it no more.
    """
    _file(folder, channel).unlink(missing_ok=True)


def asked(folder: Path, now: float) -> dict[str, Watch]:
    """
    All wishes whose time has not run out, by channel; unreadable ones are none.
    """
    found = {}
    for path in folder.glob("*.json"):
        try:
            watch = msgspec.json.decode(path.read_bytes(), type=Watch)
        except (OSError, msgspec.MsgspecError):
            continue
        if watch.until > now:
            found[path.stem] = watch
    return found


@attrs.define(eq=False)
class Traces:
    """
    The traces that are on.
    """

    folder: Path
    clock: Clock
    _on: dict[str, tuple[Watch, Watched, Trace]] = attrs.field(factory=dict, init=False)

    log = Logger()

    def look(self, channels: dict[str, Watched]) -> None:
        """
        Begin and end traces as wished.
        """
        wanted = asked(self.folder, self.clock.now()) if self.folder.exists() else {}
        for name, (watch, channel, trace) in list(self._on.items()):
            same = wanted.get(name) == watch and channels.get(name) is channel
            if not same or trace.full:
                self._end(name, channel, trace)
            if same and trace.full:
                del wanted[name]
        for name, watch in wanted.items():
            if name in channels and name not in self._on:
                self._begin(name, watch, channels[name])

    def _begin(self, name: str, watch: Watch, channel: Watched) -> None:
        stem = self.folder / Path(watch.stem).name
        trace = Trace(
            stem,
            channel.rules,
            self.clock.now,
            watch.plain,
            frames=watch.frames,
            octets=watch.octets,
        )
        channel.listen_in(trace)
        self._on[name] = watch, channel, trace
        self.log.info(
            "trace of {channel} on, {how}",
            channel=name,
            how="plain" if watch.plain else "masked",
        )

    def _end(self, name: str, channel: Watched, trace: Trace) -> None:
        channel.listen_in(None)
        trace.close()
        del self._on[name]
        if trace.full:
            release(self.folder, name)
        self.log.info("trace of {channel} off", channel=name)

    def stop(self) -> None:
        """
        End all of them.
        """
        for name, (_, channel, trace) in list(self._on.items()):
            self._end(name, channel, trace)
