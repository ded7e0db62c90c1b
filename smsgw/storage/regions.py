"""
The list of regions in the record: loaded whole or not at all, read whole.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Select, bindparam, delete, insert, select, update

from smsgw.numbering.regions import Region, Regions
from smsgw.storage.columns import NONE, unnull
from smsgw.storage.line import millis_of
from smsgw.storage.lists import (
    Hand,
    Loaded,
    Told,
    log_load,
    next_version,
    silent,
    version_of,
    write_many,
)
from smsgw.storage.tables import regions

__all__ = ["load_regions", "regions_of", "regions_version"]

_MANY = 5000
_FIELDS = ("province", "city", "carrier")


def load_regions(
    connection: Connection,
    rows: Iterable[Region],
    who: str,
    now: float,
    prune: bool = False,
    told: Told = silent,
) -> Loaded:
    """
    Bring the list to these rows; others go only with C{prune}.

    C{told} hears how many rows are written, part by part.
    """
    known = {row[0]: tuple(row) for row in connection.execute(_whole())}
    wanted = {row[0]: tuple(value or NONE for value in row) for row in rows}
    new = [row for prefix, row in wanted.items() if prefix not in known]
    other = [row for prefix, row in wanted.items() if known.get(prefix, row) != row]
    gone = sorted(known.keys() - wanted.keys()) if prune else []
    loaded = Loaded(len(new), len(other), len(gone))
    if not loaded:
        return loaded
    hand = Hand(who, millis_of(now))
    next_version(connection, regions.name, hand)
    made, touched = hand.made(), hand.touched()
    same = regions.c.prefix == bindparam("key")
    added = (_named("prefix", row) | made for row in new)
    changed = (_named("key", row) | touched for row in other)
    write_many(connection, insert(regions), added, told)
    write_many(connection, update(regions).where(same), changed, told)
    taken = ({"key": prefix} for prefix in gone)
    write_many(connection, delete(regions).where(same), taken, told)
    log_load(connection, regions.name, len(wanted), loaded, hand)
    return loaded


def _whole() -> Select[str, str, str, str]:
    columns = regions.c
    return select(columns.prefix, columns.province, columns.city, columns.carrier)


def _named(key: str, row: Sequence[str]) -> dict[str, object]:
    return dict(zip((key, *_FIELDS), row, strict=True))


def regions_of(connection: Connection, number: str = "") -> tuple[Regions, int]:
    """
    The list and its version; with C{number} only what it has for this one.
    """
    version = regions_version(connection)
    wanted = _whole()
    if number:
        wanted = wanted.where(regions.c.prefix == number[:7])
    rows = connection.execute(wanted.execution_options(yield_per=_MANY))
    found = Regions.of(
        (prefix, unnull(province), unnull(city), unnull(carrier))
        for prefix, province, city, carrier in rows
    )
    return found, version


def regions_version(connection: Connection) -> int:
    """
    It grows with each load that changed anything; 0 before the first.
    """
    return version_of(connection, regions.name)
