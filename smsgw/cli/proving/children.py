"""
Which processes a process started.
"""

from pathlib import Path

__all__ = ["children"]


def children(parent: int) -> list[int]:
    """
    The processes that a process started.
    """
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == parent:
                found.append(int(entry.name))
    return sorted(found)
