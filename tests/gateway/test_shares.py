"""
Tests of L{smsgw.gateway.shares}: alone, and on the way through a shard.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import attrs

from smsgw.directory import Directory, Group, Rule, Share
from smsgw.gateway.caps import Caps
from smsgw.gateway.dispatch import Depth
from smsgw.gateway.flight import Flight
from smsgw.gateway.shares import ARREARS, BLIND, Shares
from smsgw.gateway.wants import Room
from tests.support.worlds import FakeCarrier, World, directory

WEIGHTS = {"cm1": 5, "cm2": 3, "cm3": 2}
TICK = 0.01
PLENTY = Room(1000, 1000)
NONE = Room(0, 0)


def proportional(weights: Mapping[str, int] = WEIGHTS, **more: object) -> Directory:
    """
    One group whose channels have these weights.
    """
    shares = tuple(Share(name, weight) for name, weight in weights.items())
    found = directory(*weights)
    channels = {
        name: attrs.evolve(one, window=16) for name, one in found.channels.items()
    }
    group = Group("all", shares, proportional=True)
    return attrs.evolve(found, channels=channels, groups={"all": group})


def chi_square(counts: Mapping[str, int], weights: Mapping[str, int]) -> float:
    """
    The probability of a deviation as large as this by chance, for two or three
    channels.
    """
    total, whole = sum(counts.values()), sum(weights.values())
    wanted = {name: total * weight / whole for name, weight in weights.items()}
    value = sum((counts[name] - want) ** 2 / want for name, want in wanted.items())
    return (
        math.erfc(math.sqrt(value / 2)) if len(weights) == 2 else math.exp(-value / 2)
    )


def assert_shared(counts: Mapping[str, int], weights: Mapping[str, int]) -> None:
    """
    As chance would have it, and within one in a hundred of all.
    """
    total, whole = sum(counts.values()), sum(weights.values())
    assert chi_square(counts, weights) > 0.01, counts
    for name, weight in weights.items():
        assert abs(counts[name] / total - weight / whole) < 0.01, counts


# Alone.


def shares(weights: Mapping[str, int] = WEIGHTS, waiting: int = 10_000) -> Shares:
    """
    So many notices wait.
    """
    found = proportional(weights)
    depth = Depth({"all:notice": waiting})
    return Shares(lambda: found, depth, Caps(lambda: found, depth))


def turn(some: Shares, rooms: Mapping[str, Room], now: float = 1.0) -> Counter[str]:
    """
    Everybody takes all that is allowed.
    """
    counts: Counter[str] = Counter()
    limits = some.limits(rooms, now)
    for channel in rooms:
        by_group = limits.get(channel, {"all": rooms[channel].messages})
        counts[channel] = by_group["all"]
        some.took(channel, "all", counts[channel])
    return counts


def test_a_few_messages_are_shared_exactly() -> None:
    """
    One at a time, ten are as exact as can be.
    """
    some = shares(waiting=1)
    counts: Counter[str] = Counter()
    for _ in range(10):
        counts += turn(some, dict.fromkeys(WEIGHTS, PLENTY))

    assert {"cm1": 5, "cm2": 3, "cm3": 2} == counts
    assert {("all", "cm1"): 5, ("all", "cm2"): 3, ("all", "cm3"): 2} == some.taken


def test_who_has_no_room_is_waited_for_a_moment() -> None:
    """
    Others lead by a quarter of a window, until patience ends or there is room.
    """
    some = shares({"cm1": 1, "cm2": 1})
    rooms = {"cm1": PLENTY, "cm2": NONE}

    assert {"cm1": 4, "cm2": 0} == turn(some, rooms)
    assert {"cm1": 0, "cm2": 0} == turn(some, rooms, 1.05)
    assert {"cm1": 11, "cm2": 11} == turn(
        some, {"cm1": PLENTY, "cm2": Room(11, 11)}, 1.1
    )
    for n in range(2):
        assert 0 == turn(some, rooms, 1.2 + n / 10)["cm1"]
    assert 1000 == turn(some, rooms, 1.4)["cm1"]


def test_who_stumbles_is_not_waited_for_again() -> None:
    """
    A moment of room between long silences changes nothing for the others.
    """
    some = shares({"cm1": 1, "cm2": 1})
    now, held = 1.0, 0
    for tick in range(3000):
        now += 0.01
        cm2 = Room(16, 16) if tick % 500 == 0 else NONE
        counts = turn(some, {"cm1": Room(10, 10), "cm2": cm2}, now)
        held += not counts["cm1"]

    assert held < 30
    assert 5 * 16 < some.taken["all", "cm2"] <= 6 * 16


def test_who_is_full_of_its_own_speed_is_not_waited_for() -> None:
    """
    The others take what they can; the shares hold again when there is less.
    """
    some = shares({"cm1": 1, "cm2": 1})
    rooms = {"cm1": PLENTY, "cm2": Room(5, 5, full=True)}

    assert {"cm1": 1000, "cm2": 5} == turn(some, rooms)
    assert {"cm1": 1000, "cm2": 5} == turn(some, rooms, 1.1)
    some.depth.queues["all:notice"] = 100
    rest = Counter[str]()
    for n in range(20):
        rest += turn(some, dict.fromkeys(("cm1", "cm2"), PLENTY), 1.2 + n / 10)
    assert ARREARS / 2 + 4 >= rest["cm2"] - rest["cm1"] > 400


def test_urgent_messages_wait_for_nobody() -> None:
    """
    Everybody takes what it can while there are any; later it is made up for.
    """
    some = shares({"cm1": 1, "cm2": 1})
    some.depth.queues["all:code"] = 400
    rooms = {"cm1": Room(300, 300), "cm2": NONE}

    assert {"cm1": 300, "cm2": 0} == turn(some, rooms)
    some.depth.queues["all:code"] = 0
    assert 0 == turn(some, rooms, 1.1)["cm1"]
    assert {"cm1": 0, "cm2": 100} == turn(
        some, {"cm1": PLENTY, "cm2": Room(100, 100)}, 1.2
    )


def test_who_comes_back_owes_nothing() -> None:
    """
    What others took meanwhile is theirs; a new share counts from then on.
    """
    some = shares({"cm1": 1, "cm2": 1}, waiting=100)
    both = dict.fromkeys(("cm1", "cm2"), PLENTY)
    assert {"cm1": 50, "cm2": 50} == turn(some, both)
    assert {} == some.limits({"cm1": PLENTY}, 1.1)
    some.took("cm1", "all", 5000)
    assert {"cm1": 50, "cm2": 50} == turn(some, both, 1.2)
    some.directory = lambda: proportional({"cm1": 3, "cm2": 1})
    assert {"cm1": 75, "cm2": 25} == turn(some, both, 1.3)


def test_nothing_to_share() -> None:
    """
    Other groups have no limits; a channel without weight has no part while another
    is there.
    """
    plain = directory("cm1", "cm2")
    some = Shares(lambda: plain, Depth(), Caps(lambda: plain, Depth()))
    assert {} == some.limits({"cm1": PLENTY}, 1.0)
    some = shares({"cm1": 1, "cm2": 0})
    assert {"cm2": {"all": 0}} == some.limits({"cm1": PLENTY, "cm2": PLENTY}, 1.0)
    assert {} == some.limits({"cm2": PLENTY}, 1.0)


def test_the_reserve_is_nobodys_share() -> None:
    """
    What is kept for urgent messages has no room for others.
    """
    some = shares({"cm1": 1, "cm2": 1})
    rooms = {"cm1": Room(10, 10, 8), "cm2": Room(100, 100, 8)}
    assert {"cm2": {"all": 2 + 4}} == some.limits(rooms, 1.0)
    some.depth.queues = {"all:code": 12}
    assert {"cm1": {"all": 6}, "cm2": {"all": 6}} == some.limits(rooms, 1.0)


def test_more_than_is_known_of() -> None:
    """
    What fell due is found out about, few at first, then many.
    """
    some = shares({"cm1": 1, "cm2": 1}, waiting=0)
    rooms = dict.fromkeys(("cm1", "cm2"), PLENTY)
    assert BLIND == turn(some, rooms).total()
    assert 4 * BLIND == turn(some, rooms).total()
    assert 16 * BLIND == turn(some, rooms).total()
    assert 64 * BLIND == some.limits(rooms, 1.0)["cm1"]["all"] * 2
    assert BLIND == some.limits(rooms, 1.0)["cm1"]["all"] * 2


# Through a shard, with a queue in memory.


@attrs.define(eq=False)
class Paced(FakeCarrier):
    """
    Has so many messages on the air at most, of which some are answered at each turn.

    With C{ahead} it is its own speed that makes the others wait: so many at most,
    and it is full when it has half of them.
    """

    window: int = 64
    answers: int = 10
    ahead: int = 0
    busy: int = 0
    total: int = 0

    def room(self, now: float) -> Room:
        room = (self.ahead or self.window) - self.busy
        return Room(room, room, 0, 0 < self.ahead <= 2 * self.busy)

    def carry(self, flights: Sequence[Flight]) -> None:
        self.busy += len(flights)
        self.total += len(flights)

    def answer(self) -> None:
        """
        The carrier answers.
        """
        self.busy -= min(self.answers, self.busy)


def world(**answers: int) -> World:
    """
    Channels of these speeds.
    """
    carriers: dict[str, FakeCarrier] = {
        name: Paced(name, answers=count) for name, count in answers.items()
    }
    return World(objects=proportional(), carriers=carriers)


def counts_of(one: World) -> dict[str, int]:
    """
    How many messages each channel took.
    """
    return {
        name: carrier.total
        for name, carrier in one.carriers.items()
        if isinstance(carrier, Paced)
    }


def carry(one: World, count: int, **more: str) -> int:
    """
    So many messages more are accepted and taken; in how many turns.
    """
    for _ in range(count // 500):
        one.accept(*["您好"] * 500, **more)
    goal, turns = sum(counts_of(one).values()) + count // 500 * 500, 0
    while sum(counts_of(one).values()) < goal:
        one.turn()
        one.clock.at += TICK
        for carrier in one.carriers.values():
            if isinstance(carrier, Paced):
                carrier.answer()
        turns += 1
        assert turns < count, counts_of(one)
    return turns


def test_unequal_speeds() -> None:
    """
    The fastest has the smallest part; all is as it was set, at the pace of the one
    that needs most time for its share.
    """
    one = world(cm1=15, cm2=9, cm3=60)
    turns = carry(one, 20_000)

    assert_shared(counts_of(one), WEIGHTS)
    assert turns < 20_000 / 30 * 1.05


def test_one_goes_away_and_comes_back() -> None:
    """
    The others share its part by their weights; then all is as before.
    """
    one = world(cm1=30, cm2=30, cm3=30)
    carry(one, 6_000)
    before = counts_of(one)
    one.carriers["cm2"].live = False
    carry(one, 7_000)
    away = counts_of(one)
    one.carriers["cm2"].live = True
    carry(one, 7_000)
    after = counts_of(one)

    assert_shared(before, WEIGHTS)
    assert away["cm2"] == before["cm2"]
    between = {name: away[name] - before[name] for name in ("cm1", "cm3")}
    assert_shared(between, {"cm1": 5, "cm3": 2})
    assert_shared({name: after[name] - away[name] for name in after}, WEIGHTS)


def limited() -> World:
    """
    One of the channels may send no more than ten at a turn, by its contract.
    """
    one = world(cm1=10, cm2=60, cm3=60)
    carrier = one.carriers["cm1"]
    assert isinstance(carrier, Paced)
    carrier.ahead = 300
    return one


def test_a_speed_that_is_enough() -> None:
    """
    All that comes can be shared as it was set: it is, though the others could take
    more.
    """
    one = limited()
    for _ in range(40):
        one.accept(*["您好"] * 500)
        for _ in range(27):
            one.turn()
            one.clock.at += TICK
            for carrier in one.carriers.values():
                assert isinstance(carrier, Paced)
                carrier.answer()

    assert 20_000 == sum(counts_of(one).values())
    assert_shared(counts_of(one), WEIGHTS)


def test_a_speed_that_is_not_enough() -> None:
    """
    Nobody waits for it: it sends as fast as it may, the others share the rest.
    """
    one = limited()
    turns = carry(one, 20_000)
    counts = counts_of(one)

    assert turns < 20_000 / (10 + 60 + 40) * 1.02
    assert counts["cm1"] >= 10 * turns
    assert_shared({name: counts[name] for name in ("cm2", "cm3")}, {"cm2": 3, "cm3": 2})


def test_beside_another_group() -> None:
    """
    What is left of a channel's room is for the groups that are not shared.
    """
    objects = proportional()
    plain = Group("plain", (Share("cm1"),))
    rules = (Rule("r0", 0, "plain", category="otp"), *objects.rules)
    groups = {**objects.groups, "plain": plain}
    carriers: dict[str, FakeCarrier] = {name: Paced(name) for name in WEIGHTS}
    one = World(
        objects=attrs.evolve(objects, groups=groups, rules=rules), carriers=carriers
    )
    one.accept(*["您好"] * 20)
    one.accept(*["您好"] * 20, category="otp")
    one.turn(4)

    assert {"cm1": 10 + 20, "cm2": 6, "cm3": 4} == counts_of(one)


def test_few_at_a_time() -> None:
    """
    Far below what the channels could do, the first does not take it all.
    """
    one = world(cm1=60, cm2=60, cm3=60)
    for n in range(200):
        one.accept("您好", category="otp" if n % 2 else "notice")
        one.turn(2)
        for carrier in one.carriers.values():
            assert isinstance(carrier, Paced)
            carrier.answer()

    assert {"cm1": 100, "cm2": 60, "cm3": 40} == counts_of(one)
