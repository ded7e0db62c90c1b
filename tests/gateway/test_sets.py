"""
Which sets of channels a channel serves.
"""

import attrs

from smsgw.directory import Group, Share
from smsgw.gateway.sets import others, set_name, sets_of
from tests.support.worlds import directory

OBJECTS = attrs.evolve(
    directory("cm1", "cm2", "cm3"),
    groups={"all": Group("all", (Share("cm1"), Share("cm2")), ("cm3",))},
)


def nobody(_group: str, _channel: str) -> bool:
    """Who is at its cap."""
    return False


def test_a_set_is_named_by_who_failed() -> None:
    """Order and repetition make no difference."""
    assert "all!cm1!cm2" == set_name("all", ["cm2", "cm1", "cm2"])


def test_not_where_it_failed() -> None:
    """A channel serves its group and the sets that others failed in."""
    known = ["all", "all!cm1", "all!cm2"]

    assert ["all!cm2", "all"] == sets_of(OBJECTS, known, "cm1", lambda _: True, nobody)


def test_a_backup_waits_for_its_turn() -> None:
    """A backup takes nothing while a primary is live, all when none is."""
    assert [] == sets_of(OBJECTS, [], "cm3", lambda name: name == "cm1", nobody)
    assert ["all"] == sets_of(OBJECTS, [], "cm3", lambda _: False, nobody)


def test_a_backup_takes_what_failed_at_all_that_are_better() -> None:
    """Though they are live; nobody else would."""
    known = ["all!cm1", "all!cm1!cm2", "all!cm1!cm2!cm3"]
    expected = ["all!cm1!cm2", "all!cm1!cm2!cm3"]

    assert expected == sets_of(OBJECTS, known, "cm3", lambda _: True, nobody)
    some = sets_of(OBJECTS, known, "cm3", lambda name: name != "cm2", nobody)
    assert ["all!cm1", *expected] == some


def test_who_is_full_serves_nobody() -> None:
    """Of that group; when all primaries are away or full, it is the backups' turn."""

    def full(group: str, channel: str) -> bool:
        return (group, channel) == ("all", "cm1")

    def live(name: str) -> bool:
        return name != "cm2"

    assert [] == sets_of(OBJECTS, ["all!cm2"], "cm1", live, full)
    assert ["all"] == sets_of(OBJECTS, [], "cm2", live, full)
    assert [] == sets_of(OBJECTS, [], "cm3", lambda _: True, full)
    assert ["all"] == sets_of(OBJECTS, [], "cm3", live, full)


def test_others() -> None:
    """Whether there is anybody left to send."""
    assert others(OBJECTS, "all", ["cm1", "cm2"])
    assert not others(OBJECTS, "all", ["cm1", "cm2", "cm3"])
    assert not others(OBJECTS, "gone", [])
