"""
Tests for L{bench.burst}.
"""

from bench.burst import refusals


def test_refusals_are_counted_by_their_status() -> None:
    """
    With those that had no answer at all.
    """
    busy = b"HTTP/1.1 503 Service Unavailable"
    found = refusals([busy, b"no answer: timed out", busy])
    assert {"HTTP/1.1 503 Service Unavailable": 2, "no answer: timed out": 1} == found
