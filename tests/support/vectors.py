"""
The vectors of CMPP, by kind.
"""

import json
from pathlib import Path
from typing import Any

_PATH = Path(__file__).parents[1] / "protocols/data/cmpp_vectors.json"
VECTORS: list[dict[str, Any]] = json.loads(_PATH.read_text("utf-8"))


def of_kind(kind: str) -> list[dict[str, Any]]:
    """
    The vectors of a kind.
    """
    return [vector for vector in VECTORS if vector["kind"] == kind]


def version_of(vector: dict[str, Any]) -> str:
    """
    Its version, 3.0 for any.
    """
    return "3.0" if vector["version"] == "any" else str(vector["version"])
