"""
What a server can do beyond what all of them can; found out once per connection pool.

Servers that speak PostgreSQL's protocol are not all PostgreSQL: their partitions and
COPY differ, so that these are used only where the server says that it is the original.
"""

from weakref import WeakKeyDictionary

import attrs
from sqlalchemy import Connection, Dialect

__all__ = ["PLAIN", "Able", "able_of"]


@attrs.frozen
class Able:
    """
    C{server} is the dialect's name; C{copy} takes rows by COPY and lists by unnest,
    C{partitions} are declarative ones by range.
    """

    server: str = ""
    copy: bool = False
    partitions: bool = False


PLAIN = Able()
_found: "WeakKeyDictionary[Dialect, Able]" = WeakKeyDictionary()


def able_of(connection: Connection) -> Able:
    """
    What the server of a connection can do.
    """
    dialect = connection.dialect
    able = _found.get(dialect)
    if able is None:
        able = _found[dialect] = _ask(connection)
    return able


def _ask(connection: Connection) -> Able:
    name = connection.dialect.name
    if name != "postgresql" or connection.dialect.driver != "psycopg":
        return Able(name)
    told = str(connection.exec_driver_sql("SELECT version()").scalar())
    version = connection.dialect.server_version_info or (0,)
    true = told.startswith("PostgreSQL ") and "openGauss" not in told
    return Able(name, true, true and version >= (13,))
