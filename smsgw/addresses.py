"""
Where callers may come from.
"""

import ipaddress
from functools import lru_cache

__all__ = ["welcome", "within"]


def welcome(address: str, networks: tuple[str, ...]) -> bool:
    """
    Is an address inside of a list, or is there none?
    """
    return not networks or within(address, networks)


@lru_cache(maxsize=4096)
def within(address: str, networks: tuple[str, ...]) -> bool:
    """
    Is an address inside of one of these networks? What is no address is not.
    """
    try:
        one = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(one, ipaddress.IPv6Address) and one.ipv4_mapped:
        one = one.ipv4_mapped
    return any(one in ipaddress.ip_network(given, strict=False) for given in networks)
