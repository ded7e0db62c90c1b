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


def test_a_set_is_named_by_who_failed() -> None:
    """Order and repetition make no difference."""
    assert "all!cm1!cm2" == set_name("all", ["cm2", "cm1", "cm2"])


def test_not_where_it_failed() -> None:
    """A channel serves its group and the sets that others failed in."""
    known = ["all", "all!cm1", "all!cm2"]

    assert ["all", "all!cm2"] == sets_of(OBJECTS, known, "cm1", lambda _: True)


def test_a_backup_waits_for_its_turn() -> None:
    """A backup takes nothing while a primary is live, all when none is."""
    assert [] == sets_of(OBJECTS, [], "cm3", lambda name: name == "cm1")
    assert ["all"] == sets_of(OBJECTS, [], "cm3", lambda _: False)


def test_others() -> None:
    """Whether there is anybody left to send."""
    assert others(OBJECTS, "all", ["cm1", "cm2"])
    assert not others(OBJECTS, "all", ["cm1", "cm2", "cm3"])
    assert not others(OBJECTS, "gone", [])
