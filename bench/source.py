"""
The load source, which the product's own proof uses, too.
"""

from smsgw.cli.proving.source import Source, bearer, signed

__all__ = ["Source", "bearer", "signed"]
