"""
What systemd is told: ready, alive, stopping (sd_notify(3)).

A datagram to the socket that the unit's environment names; without one, nothing.
"""

import os
import socket
from collections.abc import Mapping

import attrs

__all__ = ["Systemd"]

_MICRO = 1_000_000


@attrs.frozen
class Systemd:
    """
    C{address} is the socket's, C{@} for an abstract one; C{each} is how often (s)
    it wants a sign of life, 0 for never.
    """

    address: str = ""
    each: float = 0.0

    @classmethod
    def of(cls, environ: Mapping[str, str], pid: int) -> "Systemd":
        """
        From the unit's environment; a watchdog that is for another process is none.
        """
        address = environ.get("NOTIFY_SOCKET", "")
        wanted = environ.get("WATCHDOG_USEC", "")
        ours = environ.get("WATCHDOG_PID", str(pid)) == str(pid)
        if not (address and wanted.isdigit() and ours):
            return cls(address)
        return cls(address, int(wanted) / _MICRO / 2)

    @classmethod
    def here(cls) -> "Systemd":
        """
        Of this process.
        """
        return cls.of(os.environ, os.getpid())

    def ready(self) -> bool:
        """
        Started: doors are open.
        """
        return self._tell("READY=1")

    def alive(self) -> bool:
        """
        A sign of life.
        """
        return self._tell("WATCHDOG=1")

    def stopping(self) -> bool:
        """
        It ends as it was asked to.
        """
        return self._tell("STOPPING=1")

    def _tell(self, words: str) -> bool:
        """
        Whether it was told; systemd restarts whoever stays silent.
        """
        if not self.address:
            return False
        target = self.address
        if target.startswith("@"):
            target = f"\0{target[1:]}"
        kind = socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK
        with socket.socket(socket.AF_UNIX, kind) as teller:
            try:
                teller.sendto(words.encode(), target)
            except OSError:
                return False
        return True
