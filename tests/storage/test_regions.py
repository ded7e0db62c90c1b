"""
The list of regions is brought to a file's rows, whole or not at all.
"""

import pytest
from sqlalchemy import Connection, func, select

from smsgw.numbering.regions import Region
from smsgw.storage.database import Database
from smsgw.storage.lists import Loaded
from smsgw.storage.regions import load_regions, regions_of, regions_version
from smsgw.storage.tables import changes, regions
from tests.support.record import now_or_never

NOW = 1_790_000_000.0
NUMBER = "13800138000"
HANGZHOU: Region = ("1380013", "浙江", "杭州", "")
HAINAN: Region = ("1540013", "海南", "", "telecom")


def load(database: Database, *rows: Region, prune: bool = False) -> Loaded:
    """
    Load as an operator would.
    """
    return now_or_never(database.write(load_regions, rows, "admin", NOW, prune))


def lines(connection: Connection) -> int:
    """
    How long the change log is.
    """
    return connection.execute(select(func.count()).select_from(changes)).scalar_one()


def test_a_list_comes_back(database: Database) -> None:
    """
    Regions and carriers are as they were given, one version further.
    """
    assert Loaded(added=2) == load(database, HANGZHOU, HAINAN)
    found, version = now_or_never(database.read(regions_of))
    assert 1 == version == now_or_never(database.read(regions_version))
    assert 2 == len(found)
    assert "浙江/杭州" == found.region_of(NUMBER)
    assert "海南" == found.region_of("15400138000")
    assert {"1540013": "telecom"} == found.carriers


def test_the_same_list_changes_nothing(database: Database) -> None:
    """
    No version, no line in the log.
    """
    load(database, HANGZHOU)
    assert not load(database, HANGZHOU)
    assert 1 == now_or_never(database.read(regions_version))
    assert 1 == now_or_never(database.read(lines))


def test_others_stay_unless_pruned(database: Database) -> None:
    """
    What changed is changed; what the file lacks goes only when asked to.
    """
    load(database, HANGZHOU, HAINAN)
    ningbo: Region = ("1380013", "浙江", "宁波", "")
    assert Loaded(changed=1) == load(database, ningbo)
    found, _ = now_or_never(database.read(regions_of))
    assert ["浙江/宁波", 2] == [found.region_of(NUMBER), len(found)]
    assert Loaded(gone=1) == load(database, ningbo, prune=True)
    found, version = now_or_never(database.read(regions_of))
    assert ["unknown", 1, 3] == [
        found.region_of("15400138000"),
        len(found),
        version,
    ]
    assert 3 == now_or_never(database.read(lines))


def test_who_made_a_row_is_kept(database: Database) -> None:
    """
    A change leaves its maker and says who changed it.
    """
    load(database, HANGZHOU)
    later = [("1380013", "浙江", "宁波", "")]
    now_or_never(database.write(load_regions, later, "other", NOW + 1))

    def audit(connection: Connection) -> tuple[str, int, str, int]:
        columns = regions.c
        found = select(
            columns.created_by,
            columns.created_at,
            columns.updated_by,
            columns.updated_at,
        )
        who, made, other, changed = connection.execute(found).one()
        return who, made, other, changed

    at = int(NOW * 1000)
    assert ("admin", at, "other", at + 1000) == now_or_never(database.read(audit))


def test_progress_is_told(database: Database) -> None:
    """
    The parts that were heard of are the whole.
    """
    heard: list[int] = []
    rows: list[Region] = [(f"13{n:05d}", "浙江", "", "") for n in range(3000)]
    now_or_never(database.write(load_regions, rows, "admin", NOW, False, heard.append))
    assert 2 == len(heard)
    assert 3000 == sum(heard)


def test_a_load_that_breaks_leaves_nothing(database: Database) -> None:
    """
    One transaction: what was written before the fault is gone.
    """

    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        now_or_never(
            database.write(load_regions, [HANGZHOU], "admin", NOW, False, stop)
        )
    found, version = now_or_never(database.read(regions_of))
    assert (0, 0) == (len(found), version)


def test_one_number_alone(database: Database) -> None:
    """
    A command looks up one number without reading the list.
    """
    load(database, HANGZHOU, HAINAN)
    found, _ = now_or_never(database.read(regions_of, NUMBER))
    assert ["浙江/杭州", 1] == [found.region_of(NUMBER), len(found)]
