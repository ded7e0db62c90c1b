"""
What carriers' codes mean: data tables beside this file, and their lookups.
"""

from smsgw.protocols.codes.lookup import (
    CLASSES,
    Class,
    Meaning,
    connect_status,
    stat,
    submit_result,
)

__all__ = [
    "CLASSES",
    "Class",
    "Meaning",
    "connect_status",
    "stat",
    "submit_result",
]
