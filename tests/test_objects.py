"""
Tests for L{smsgw.objects}.
"""

from pathlib import Path

import pytest

from smsgw.config import ConfigError
from smsgw.directory import Share
from smsgw.objects import load_directory, secret_files

DEMO = Path(__file__).parent.parent / "etc" / "demo.toml"


def write(folder: Path, text: str) -> Path:
    """
    A file of business objects with this text.
    """
    file = folder / "objects.toml"
    file.write_text(text, "utf-8")
    return file


def test_demo_loads(tmp_path: Path) -> None:
    """
    The demonstration's objects load once their secrets are there.
    """
    wanted = secret_files(DEMO, tmp_path)
    for number, file in enumerate(wanted):
        file.write_text(f"secret{number}\n")
    directory = load_directory(DEMO, tmp_path)

    assert 7 == len(wanted)
    assert {"his", "lis", "binhai"} <= set(directory.accounts)
    campuses = [one.id for one in directory.departments.values() if not one.parent]
    assert ["main", "binhai"] == campuses
    assert 20 == len(directory.departments) - len(campuses)
    assert 12 == len(directory.accounts)
    assert "日期" in {one.name for one in directory.templates["appointment"].variables}
    assert "示范医院" == directory.signatures["binhai"].former
    assert {"all", "department"} == {one.scope for one in directory.roles.values()}
    assert ("secret0",) == directory.credentials["his"].secrets
    assert "secret2" == directory.channels["cmcc"].secret
    assert (Share("cmcc", 1),) == directory.groups["all"].primaries


def test_rules_are_in_order(tmp_path: Path) -> None:
    """
    Rules stand in the order in which they are tried.
    """
    file = write(
        tmp_path,
        """
        groups = [{id = "g", primaries = []}]
        rules = [
            {id = "b", order = 2, group = "g"},
            {id = "c", order = 1, group = "g"},
            {id = "a", order = 2, group = "g"},
        ]
        """,
    )

    assert ["c", "a", "b"] == [rule.id for rule in load_directory(file).rules]


def test_mistakes_in_fields(tmp_path: Path) -> None:
    """
    Unknown keys and wrong kinds are named together with their paths.
    """
    file = write(
        tmp_path,
        """
        accounts = [{id = "a", name = 3}, {id = "b", name = "b", departement = "x"}]
        chanels = []
        """,
    )
    with pytest.raises(ConfigError) as caught:
        load_directory(file)

    assert [
        "expected str, got 3 @ $.accounts[0].name",
        "unknown key 'departement' (did you mean 'department'?) @ $.accounts[1]",
        "unknown key 'chanels' (did you mean 'channels'?) @ $",
    ] == caught.value.mistakes


def test_mistakes_between_objects(tmp_path: Path) -> None:
    """
    What refers to nothing, or is there twice, is named with its path.
    """
    file = write(
        tmp_path,
        """
        accounts = [
            {id = "a", name = "a", department = "none"},
            {id = "a", name = "a"},
        ]
        groups = [{id = "g", primaries = [{channel = "x"}], backups = ["y"]}]
        retries = [{id = "r", order = 1, action = "resend"}]
        """,
    )
    with pytest.raises(ConfigError) as caught:
        load_directory(file)

    assert [
        "'a' is there twice @ $.accounts[1]",
        "there is no 'none' among departments @ $.accounts[0].department",
        "there is no 'x' among channels @ $.groups[0].primaries",
        "there is no 'y' among channels @ $.groups[0].backups",
        "action 'resend' is none of same, other, later, void @ $.retries['r']",
    ] == caught.value.mistakes


def test_missing_secret(tmp_path: Path) -> None:
    """
    A secret whose file is not there is named by that file.
    """
    file = write(
        tmp_path,
        """
        accounts = [{id = "a", name = "a"}]
        credentials = [{app_id = "a", account = "a", secret_files = ["a.secret"]}]
        """,
    )
    with pytest.raises(ConfigError, match=r"a\.secret: secret not readable"):
        load_directory(file)
