"""
The vectors of a protocol, by kind.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parents[1] / "protocols/data"


@cache
def vectors_of(protocol: str) -> list[dict[str, Any]]:
    """
    All vectors of a protocol.
    """
    path = _DATA / f"{protocol}_vectors.json"
    vectors: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return vectors


VECTORS = vectors_of("cmpp")


def of_kind(kind: str, protocol: str = "cmpp") -> list[dict[str, Any]]:
    """
    The vectors of a kind.
    """
    return [v for v in vectors_of(protocol) if v["kind"] == kind]


def version_of(vector: dict[str, Any]) -> str:
    """
    Its version, 3.0 for any.
    """
    return "3.0" if vector["version"] == "any" else str(vector["version"])
