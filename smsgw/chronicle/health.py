"""
How channels were in the past: counted from what happened, with made-up times.
"""

from collections import Counter
from collections.abc import Sequence

import attrs
import msgspec

from smsgw.directory import Directory
from smsgw.message import Fact
from smsgw.storage.channel_history import History

__all__ = ["Health"]

SPAN, NODE = 1800.0, "demo-data"
_KINDS = ("answered", "refused", "delivered", "failed")
_QUICK, _BUSY, _SLOWEST = 0.045, 0.0004, 0.2
_facts = msgspec.msgpack.Decoder(list[Fact])


@attrs.define(eq=False)
class Health:
    """
    Half hours of each channel; the more it had to do the slower it was.
    """

    directory: Directory
    _counts: Counter[tuple[str, float, str]] = attrs.field(factory=Counter, init=False)

    def heard(self, items: Sequence[tuple[str, bytes]]) -> None:
        """
        Count what the queue told.
        """
        for kind, body in items:
            if kind != "facts":
                continue
            for fact in _facts.decode(body):
                if fact.kind in ("answered", "refused", "receipt"):
                    what = fact.note if fact.kind == "receipt" else fact.kind
                    what = what if what in _KINDS else "failed"
                    self._counts[fact.channel, fact.at - fact.at % SPAN, what] += 1

    def lines(self) -> list[History]:
        """
        Oldest first.
        """
        keys = sorted({(at, channel) for channel, at, _ in self._counts})
        return [self._line(channel, at) for at, channel in keys]

    def _line(self, channel: str, at: float) -> History:
        told = {what: self._counts[channel, at, what] for what in _KINDS}
        known = self.directory.channels.get(channel)
        links = known.connections if known is not None else 1
        median = min(_SLOWEST, _QUICK + _BUSY * told["answered"])
        return History(
            at, channel, NODE, links, links, told["answered"], told["refused"], 0, 0,
            told["delivered"], told["failed"], median, 2.6 * median,
        )  # fmt: skip
