"""
A shard's part of each channel, where several shards send.

A carrier allows so many logins and so much speed, however many shards there are:
login number n is that of shard n modulo their count, and speed goes with logins.
"""

from collections.abc import Callable

import attrs

from smsgw.channels.contracts import HTTP
from smsgw.directory import Channel

__all__ = ["Part", "line_of"]


def line_of(channel: str, number: int) -> str:
    """
    The name of a login's lease.
    """
    return f"line:{channel}:{number}"


@attrs.frozen
class Part:
    """
    Shard C{number} of C{count}. With C{sure}, which tells whether this process may
    send now, each login waits until its lease is granted. C{listens} tells whether
    carriers that connect to this process are this shard's.
    """

    number: int = 0
    count: int = 1
    sure: Callable[[], bool] | None = None
    listens: Callable[[], bool] | None = None

    def logins(self, channel: Channel) -> list[int]:
        """
        The numbers of this shard's logins; a vendor has none.
        """
        if channel.protocol == HTTP:
            return []
        return list(range(self.number, channel.connections, self.count))

    def of(self, channel: Channel) -> Channel | None:
        """
        The channel with this shard's part of its speed (and a vendor's window); None
        where it has no login.
        """
        if self.count == 1:
            return channel
        if channel.protocol == HTTP:
            window = max(1, channel.window // self.count)
            part, whole = 1, self.count
        else:
            window = channel.window
            part, whole = len(self.logins(channel)), channel.connections
        if not part:
            return None
        speed = channel.speed * part / whole
        return attrs.evolve(channel, speed=speed, window=window)
