"""
Shared queries use what every server has; a server's own form is in its module.
"""

import ast
import re
from pathlib import Path

import pytest

import smsgw.storage

FOLDER = Path(smsgw.storage.__file__).parent
ONES = {"bulk_sqlite", "bulk_postgres", "partitions"}
SHARED = [path for path in sorted(FOLDER.glob("*.py")) if path.stem not in ONES]
OWN = {"database", "servers", "standing"}
SQL = re.compile(
    r"^\s*(SELECT|INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP|PRAGMA|BEGIN)\s",
)
FOREIGN_CALLS = {
    "returning": "SQL-1",
    "on_conflict_do_update": "SQL-2",
    "on_conflict_do_nothing": "SQL-2",
    "on_duplicate_key_update": "SQL-2",
    "with_for_update": "SQL-3",
    "offset": "SQL-11",
    "tuple_": "SQL-11",
    "ilike": "SQL-12",
    "nulls_last": "SQL-12",
    "nullslast": "SQL-12",
    "filter": "SQL-12",
    "regexp_match": "SQL-12",
    "Boolean": "SQL-7",
    "DateTime": "SQL-7",
    "JSON": "SQL-6",
    "Sequence": "SQL-1",
    "Identity": "SQL-1",
}


def tree(path: Path) -> ast.Module:
    """
    A module's syntax.
    """
    return ast.parse(path.read_text("utf-8"))


@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.stem)
def test_no_statement_is_written_out(path: Path) -> None:
    """
    SQL text stands only in a server's own module.
    """
    if path.stem in OWN:
        return
    found = [
        f"{path.name}:{node.lineno}"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and SQL.match(node.value)
    ]
    assert [] == found


@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.stem)
def test_no_call_is_one_servers(path: Path) -> None:
    """
    None of the constructs that some server lacks is called or imported from
    SQLAlchemy.
    """
    found = [
        f"{path.name}:{node.lineno} {node.func.attr} ({FOREIGN_CALLS[node.func.attr]})"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in FOREIGN_CALLS
    ]
    found += [
        f"{path.name}:{node.lineno} {name.name} ({FOREIGN_CALLS[name.name]})"
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("sqlalchemy")
        for name in node.names
        if name.name in FOREIGN_CALLS
    ]
    assert [] == found


@pytest.mark.parametrize("path", SHARED, ids=lambda path: path.stem)
def test_no_dialect_is_imported(path: Path) -> None:
    """
    Dialects are chosen by the address, not by imports.
    """
    found = [
        node.module
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("sqlalchemy.dialects")
    ]
    assert [] == found
