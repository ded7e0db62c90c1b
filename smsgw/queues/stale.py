"""
The error of a node whose shard was taken over.
"""

__all__ = ["Stale"]


class Stale(Exception):
    """
    Another process claimed this shard; whoever sees this must stop sending.
    """
