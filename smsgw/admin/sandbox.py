"""
Whether this gateway is a sandbox: all its channels lead to this machine.
"""

import re
from ipaddress import ip_address
from urllib.parse import urlsplit

import attrs

from smsgw.directory import Channel, Directory

__all__ = ["Sandbox", "leads_here", "sandbox_of"]

_PLACE = re.compile(r"[a-z0-9]+:(?:host=)?(?P<host>(?:\\:|[^:])+)")


@attrs.frozen
class Sandbox:
    """
    Channels in use, apart by where they lead.
    """

    here: tuple[Channel, ...]
    outside: tuple[Channel, ...]

    @property
    def whole(self) -> bool:
        """
        Nothing leaves this machine.
        """
        return bool(self.here) and not self.outside


def leads_here(endpoint: str) -> bool:
    """
    Whether an address (C{tcp:host:port}, or of the web) is one of this machine.
    """
    if "://" in endpoint:
        host = urlsplit(endpoint).hostname or ""
    else:
        found = _PLACE.match(endpoint)
        host = found["host"].replace("\\:", ":").strip("[]") if found else ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def sandbox_of(directory: Directory) -> Sandbox:
    """
    What a directory's channels say.
    """
    used = [one for one in directory.channels.values() if one.active]
    return Sandbox(
        tuple(one for one in used if leads_here(one.endpoint)),
        tuple(one for one in used if not leads_here(one.endpoint)),
    )
