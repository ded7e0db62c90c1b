"""
How the gateway is, as pages show it.
"""

from collections.abc import Mapping, Sequence

import attrs

__all__ = ["ChannelState", "Status"]


@attrs.frozen
class ChannelState:
    """
    A channel now: connections logged in of those wanted, places in windows.

    C{health} is what failover thinks of it, C{waiting} messages that wait for it.
    """

    id: str
    name: str
    carrier: str
    protocol: str
    active: bool
    connections: int
    wanted: int
    window: int
    used: int
    health: str = ""
    waiting: int = 0

    @property
    def kind(self) -> str:
        """
        C{good}, C{wait} (some connections), C{bad}, or C{off}.
        """
        if not self.active:
            return "off"
        if not self.connections:
            return "bad"
        well = self.connections >= self.wanted and self.health in ("", "well")
        return "good" if well else "wait"


@attrs.frozen
class Status:
    """
    Parts that work or not, depths of queues, counters since the start; C{lag} is how
    far the record is behind, in facts.
    """

    node: str
    parts: Mapping[str, bool]
    depths: Mapping[str, float]
    counters: Mapping[str, float]
    channels: Sequence[ChannelState] = ()
    lag: int = 0

    @property
    def healthy(self) -> bool:
        """
        Whether every part works.
        """
        return all(self.parts.values())
