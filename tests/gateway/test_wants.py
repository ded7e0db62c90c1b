"""
Tests of L{smsgw.gateway.wants}.
"""

from hypothesis import given
from hypothesis import strategies as st

from smsgw.gateway.wants import Room, lanes_in_turn, wants_of
from smsgw.ports import Want

LANES = lanes_in_turn(1)


def wants(
    room: Room,
    sets: list[str],
    limits: dict[str, int] | None = None,
    caps: dict[str, int] | None = None,
) -> list[Want]:
    """
    What channel C{cm} asks for.
    """
    return list(wants_of("cm", room, sets, LANES, limits or {}, caps or {}))


def queues(*sets: str) -> list[str]:
    """
    The queues of some sets, best lane first.
    """
    return [f"{name}:{lane}" for lane in LANES for name in sets]


def test_bulk_has_its_turn() -> None:
    """
    Every fourth time it comes before notices.
    """
    assert ["critical", "code", "notice", "bulk"] == LANES
    assert ["critical", "code", "bulk", "notice"] == lanes_in_turn(8)


def test_what_is_free() -> None:
    """
    The reserve is for urgent messages.
    """
    assert (7, 9) == (Room(10, 9, 2).free(), Room(10, 9, 2).free(True))
    assert 0 == Room(1, 1, 2).free()


def test_one_want_for_all() -> None:
    """
    Without limits, or with room for no more than they allow.
    """
    want = Want("cm", 10, 10, queues("all", "other"), 2, 4)

    assert [want] == wants(Room(10, 10, 2), ["all", "other"])
    assert [want] == wants(Room(10, 10, 2), ["all", "other"], {"all": 10})


def test_a_limited_set_alone() -> None:
    """
    Fewer messages, however many segments they have.
    """
    assert [Want("cm", 10, 3, queues("all"), 2, 2)] == wants(
        Room(10, 10, 2), ["all"], {"all": 3}
    )
    assert [] == wants(Room(10, 10, 2), ["all"], {"all": 0})


def test_a_limited_set_among_others() -> None:
    """
    It leaves the rest of the room to them; the reserve is kept once.
    """
    assert [
        Want("cm", 3, 3, queues("all"), 0, 2),
        Want("cm", 7, 7, queues("all!x", "b"), 2, 4),
    ] == wants(Room(10, 10, 2), ["all", "all!x", "b"], {"all": 3})
    assert [
        Want("cm", 9, 9, queues("all"), 1, 2),
        Want("cm", 1, 1, queues("b"), 2, 2),
    ] == wants(Room(10, 10, 2), ["all", "b"], {"all": 9})


def test_a_cap_is_for_all_sets_of_a_group() -> None:
    """
    Together; within it the group's first set has a limit of its own.
    """
    sets = ["all", "all!x", "b"]

    assert [
        Want("cm", 4, 4, queues("all", "all!x"), 0, 4),
        Want("cm", 6, 6, queues("b"), 2, 2),
    ] == wants(Room(10, 10, 2), sets, {}, {"all": 4})
    assert [
        Want("cm", 1, 1, queues("all"), 0, 2),
        Want("cm", 3, 3, queues("all!x"), 0, 2),
        Want("cm", 6, 6, queues("b"), 2, 2),
    ] == wants(Room(10, 10, 2), sets, {"all": 1}, {"all": 4})
    assert [Want("cm", 10, 4, queues("all"), 2, 2)] == wants(
        Room(10, 10, 2), ["all"], {"all": 9}, {"all": 4, "gone": 1}
    )


def test_no_room_no_want() -> None:
    """
    Nor without a set.
    """
    assert [] == wants(Room(0, 10), ["all"])
    assert [] == wants(Room(10, 0), ["all"])
    assert [] == wants(Room(10, 10), [])


@given(
    st.integers(0, 50),
    st.integers(0, 50),
    st.integers(0, 8),
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 60)),
)
def test_never_more_than_there_is_room_for(
    segments: int, messages: int, reserve: int, limits: dict[str, int]
) -> None:
    """
    All wants of a channel together, and each group within its limit.
    """
    found = wants(Room(segments, messages, reserve), ["a", "b", "d"], limits)

    assert sum(want.room for want in found) <= segments
    assert sum(want.messages for want in found) <= messages
    assert sum(max(0, want.room - want.reserve) for want in found) <= max(
        segments - reserve, 0
    ) or (reserve > segments)
    for want in found:
        assert min(want.room, want.messages) > 0
        for name in ("a", "b"):
            alone = {queue.split(":")[0] for queue in want.queues} == {name}
            assert not alone or want.messages <= max(limits.get(name, 50), 0)
