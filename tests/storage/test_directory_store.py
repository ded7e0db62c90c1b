"""
The directory survives its tables; changes are planned, logged and repeatable.
"""

import json
from pathlib import Path

import attrs
from sqlalchemy import Connection, select, update

from smsgw import objects
from smsgw.directory import (
    Account,
    Channel,
    Credential,
    Department,
    Directory,
    Group,
    Peer,
    Rule,
    Share,
    Webhook,
)
from smsgw.storage.database import Database
from smsgw.storage.directory_store import apply_directory, dump_toml, load_directory
from smsgw.storage.tables import changes, route_groups
from tests.support.record import now_or_never

NOW = 1_790_000_000.0
CMCC = Channel(
    "cmcc",
    "移动",
    "mobile",
    "cmpp",
    "tcp:127.0.0.1:7890",
    "900001",
    "s3cret",
    speed=100.0,
    settings={"long_text": True, "coding": "ucs2", "cost": 0.035, "retries": 3},
)
WHOLE = Directory(
    departments={"main": Department("main", "本部")},
    accounts={"his": Account("his", "HIS 系统", "main", "市一医院")},
    credentials={"app1": Credential("app1", "his", ("k3y",), "hash")},
    channels={"cmcc": CMCC},
    groups={"all": Group("all", (Share("cmcc", 2, 5000),), ())},
    rules=(Rule("r2", 20, "all"), Rule("r1", 10, "all", account="his")),
    webhooks={"w": Webhook("w", "his", "https://his.invalid/sms", ("wk3y",))},
    peers={"700001": Peer("700001", "his", "cmpp", ("pk3y",), access="106900")},
)


def apply(database: Database, wanted: Directory, prune: bool = False) -> list[str]:
    """
    Apply as an operator would.
    """
    return now_or_never(database.write(apply_directory, wanted, "admin", NOW, prune))


def log(connection: Connection) -> list[tuple[str, str | None, str | None]]:
    """
    The change log's rows.
    """
    columns = changes.c
    wanted = select(columns.row_id, columns.before_json, columns.after_json)
    return [tuple(row) for row in connection.execute(wanted.order_by(columns.id))]


def test_a_directory_comes_back_whole(database: Database) -> None:
    """
    What was applied is loaded, rules in order, one version further.
    """
    lines = apply(database, WHOLE)
    loaded = now_or_never(database.read(load_directory))
    rules = tuple(sorted(WHOLE.rules, key=lambda rule: rule.order))
    assert attrs.evolve(WHOLE, version=1, rules=rules) == loaded
    assert "+ account his" in lines
    assert 9 == len(lines)


def test_applying_twice_changes_nothing(database: Database) -> None:
    """
    The second time there is no line, no log, no version.
    """
    apply(database, WHOLE)
    assert [] == apply(database, WHOLE)
    assert 9 == len(now_or_never(database.read(log)))
    assert 1 == now_or_never(database.read(load_directory)).version


def test_a_change_is_told_field_by_field(database: Database) -> None:
    """
    The plan says what was and what will be, but no secrets.
    """
    apply(database, WHOLE)
    changed = attrs.evolve(CMCC, speed=200.0, secret="n3w")
    wanted = attrs.evolve(WHOLE, channels={"cmcc": changed})
    assert ["~ channel cmcc: secret changed, speed 100.0 -> 200.0"] == apply(
        database, wanted
    )
    assert changed == now_or_never(database.read(load_directory)).channels["cmcc"]


def test_the_log_has_before_and_after_but_no_secret(database: Database) -> None:
    """
    Every change leaves both values behind, secrets masked.
    """
    apply(database, WHOLE)
    changed = attrs.evolve(CMCC, speed=200.0, secret="n3w")
    apply(database, attrs.evolve(WHOLE, channels={"cmcc": changed}))
    rows = now_or_never(database.read(log))
    row_id, before, after = rows[-1]
    assert ("cmcc", 100.0) == (row_id, json.loads(before or "")["speed"])
    assert 200.0 == json.loads(after or "")["speed"]
    for secret in ("s3cret", "n3w", "k3y", "hash"):
        assert secret not in str([row[1:] for row in rows]).replace("bearer_hash", "")


def test_a_share_of_before_there_were_caps(database: Database) -> None:
    """
    It has none, which is no change; setting one is.
    """
    uncapped = {"all": Group("all", (Share("cmcc", 2),))}
    before = attrs.evolve(WHOLE, groups=uncapped)
    apply(database, before)
    kept = '{"id": "all", "primaries": [{"channel": "cmcc", "weight": 2}]}'
    now_or_never(
        database.write(lambda c: c.execute(update(route_groups), {"settings": kept}))
    )

    assert uncapped == now_or_never(database.read(load_directory)).groups
    assert [] == apply(database, before)
    (line,) = apply(database, WHOLE)
    assert line.startswith("~ group all: primaries ")
    assert '"cap": 5000' in line


def test_objects_go_only_when_pruned(database: Database) -> None:
    """
    A file that lacks an object takes it away only if asked to.
    """
    apply(database, WHOLE)
    wanted = attrs.evolve(WHOLE, webhooks={})
    assert [] == apply(database, wanted)
    assert ["- webhook w"] == apply(database, wanted, prune=True)
    assert {} == now_or_never(database.read(load_directory)).webhooks


def test_a_dump_can_be_applied_again(database: Database, tmp_path: Path) -> None:
    """
    A dump has no secrets; applied again it changes nothing, secrets stay.
    """
    apply(database, WHOLE)
    dumped = dump_toml(now_or_never(database.read(load_directory)))
    for secret in ("s3cret", "k3y", "wk3y"):
        assert secret not in dumped
    path = tmp_path / "objects.toml"
    path.write_text(dumped.replace('login = "900001"', 'login = "900001"\nsecret = ""'))
    assert [] == apply(database, objects.load_directory(path))
    assert CMCC == now_or_never(database.read(load_directory)).channels["cmcc"]
