"""
The tables keep the rules that make them portable.
"""

import pytest
from sqlalchemy import Boolean, DateTime, String, Table
from sqlalchemy.dialects import mysql, oracle, postgresql
from sqlalchemy.schema import CreateTable

from smsgw.storage.console_tables import metadata

TABLES = list(metadata.tables.values())
WORDS = """
access account_lock add all alter and any as asc audit between by char check cluster
column comment compress connect create current date decimal default delete desc
distinct drop else exclusive exists file float for from grant group having
identified immediate in increment index initial insert integer intersect into is key
keys level like limit lock long mode modify noaudit not null number of offline
offset on online option or order percent prior public rank raw rename resource row
rowid rownum rows select session set share size smallint start status successful
synonym sysdate table then to trigger type uid union unique update user validate
value values varchar view whenever where with
"""
RESERVED = frozenset(WORDS.split())


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_and_column_is_explained(table: Table) -> None:
    """
    The data dictionary is made of these comments.
    """
    assert table.comment
    for column in table.columns:
        assert column.comment, column.name


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_names_fit_every_server(table: Table) -> None:
    """
    Names are lower case, short and reserved nowhere.
    """
    names = [table.name, *table.columns.keys()]
    names += [str(index.name) for index in table.indexes]
    for name in names:
        assert name == name.lower()
        assert len(name) <= 30
        assert name not in RESERVED


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_columns_are_of_portable_kinds(table: Table) -> None:
    """
    No booleans, no server times, no '' defaults, no ids from the server.
    """
    for column in table.columns:
        assert not isinstance(column.type, Boolean | DateTime)
        assert column.autoincrement in (False, "auto")
        if isinstance(column.type, String) and not column.nullable:
            default = column.server_default
            assert column.primary_key or "-" == getattr(default, "arg", "")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_says_who_and_when(table: Table) -> None:
    """
    The four audit columns are everywhere.
    """
    wanted = {"created_by", "created_at", "updated_by", "updated_at"}
    assert wanted <= set(table.columns.keys())


@pytest.mark.parametrize("dialect", [postgresql, mysql, oracle])
def test_tables_compile_elsewhere(dialect: object) -> None:
    """
    Other servers' dialects can express every table.
    """
    for table in TABLES:
        made = CreateTable(table).compile(dialect=dialect.dialect())  # type: ignore[attr-defined]
        assert "SERIAL" not in str(made)
