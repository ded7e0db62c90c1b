"""
Routes can be gone back to, and going back is a version of its own.
"""

import attrs
import pytest

from smsgw.directory import Channel, Directory, Group, Rule, Share
from smsgw.errors import Refused
from smsgw.storage.database import Database
from smsgw.storage.directory_store import apply_directory, load_directory
from smsgw.storage.route_versions import go_back, versions
from tests.support.record import now_or_never

NOW = 1_800_000_000.0
CM = Channel("cm", "移动", "mobile", "cmpp", "tcp:h:1", "u", "secret")
FIRST = Directory(
    channels={"cm": CM, "cu": attrs.evolve(CM, id="cu")},
    groups={"g": Group("g", (Share("cm"),))},
    rules=(Rule("r", 1, "g"),),
)
SECOND = attrs.evolve(
    FIRST,
    groups={"g": Group("g", (Share("cu", 3),)), "h": Group("h", (Share("cm"),))},
    rules=(Rule("r", 2, "g", carrier="mobile"), Rule("s", 3, "h")),
)


def publish(database: Database, directory: Directory, at: float) -> None:
    """
    An operator applies a file.
    """
    now_or_never(database.write(apply_directory, directory, "liu", at, True))


def held(database: Database) -> Directory:
    """
    What the record holds, as if never changed.
    """
    return attrs.evolve(now_or_never(database.read(load_directory)), version=0)


def test_back_and_forth(database: Database) -> None:
    """
    Added goes, changed is as before, gone is there again; secrets stay.
    """
    publish(database, FIRST, NOW)
    first = held(database)
    publish(database, SECOND, NOW + 60)
    second = held(database)
    newest, oldest = now_or_never(database.read(versions))
    assert ("liu", {"r", "s", "g", "h"}) == (newest.who, set(newest.objects))
    now_or_never(database.write(go_back, oldest.id, "wang", NOW + 120))
    assert first == held(database)
    assert "secret" == held(database).channels["cm"].secret
    now_or_never(database.write(go_back, newest.id, "wang", NOW + 180))
    assert second == held(database)
    assert 4 == len(now_or_never(database.read(versions)))


def test_where_it_is_nothing_changes(database: Database) -> None:
    """
    And a version that never was is refused.
    """
    publish(database, FIRST, NOW)
    [version] = now_or_never(database.read(versions))
    assert [] == now_or_never(database.write(go_back, version.id, "wang", NOW))
    with pytest.raises(Refused):
        now_or_never(database.write(go_back, 999, "wang", NOW))


def test_a_channel_that_is_gone(database: Database) -> None:
    """
    Routes to it are not published again.
    """
    publish(database, FIRST, NOW)
    [version] = now_or_never(database.read(versions))
    channels = {"cu": FIRST.channels["cu"]}
    only = attrs.evolve(SECOND, channels=channels, rules=(), groups={})
    publish(database, only, NOW + 60)
    with pytest.raises(Refused) as caught:
        now_or_never(database.write(go_back, version.id, "wang", NOW))
    assert ("channel", "g: cm") == (caught.value.field, caught.value.detail)
