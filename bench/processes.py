"""
What processes cost, which the product's own proof asks, too.
"""

from smsgw.cli.proving.processes import Cost, children, valkey_pid

__all__ = ["Cost", "children", "valkey_pid"]
