"""
Tests of L{smsgw.rules.health}.
"""

from collections.abc import Iterable
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from smsgw.rules.health import Change, Health
from smsgw.rules.signs import Limits, Sample

GOOD = Sample(taken=50, delays=(0.01,), delivered=50)
BAD = Sample(refused=50, delays=(0.01,))
IDLE = Sample()


def play(
    health: Health, samples: Iterable[Sample], begin: float = 0.0
) -> list[tuple[float, str]]:
    """
    A sample every second; when it went to which state.
    """
    told = []
    for at, sample in enumerate(samples):
        change = health.look(sample, begin + at)
        if change is not None:
            told.append((begin + at, change.after))
    return told


def test_refusals_trip_and_canaries_bring_it_back() -> None:
    """
    Tripped at once, tried after the hold, well after five good answers.
    """
    health = Health()
    assert [(2.0, "tripped")] == play(health, [GOOD, IDLE, Sample(refused=60)])
    assert (0, True, False) == (health.allowance, health.hard, health.well)
    assert [(17.0, "canary")] == play(health, [IDLE] * 15, 3.0)
    assert 5 == health.allowance
    health.took(5)
    assert 0 == health.allowance
    assert [] == play(health, [Sample(taken=4, held=1)], 18.0)
    change = health.look(Sample(taken=1), 19.0)
    assert Change(19.0, "canary", "well", "5 good answers") == change
    assert None is health.allowance


def test_each_relapse_doubles_the_hold_until_it_was_calm() -> None:
    """
    15 s, 30 s, 60 s; after five good minutes 15 s again.
    """
    health, at, holds = Health(), 0.0, []
    for _ in range(3):
        assert health.look(BAD, at) is not None
        holds.append(health.hold)
        at = health.until
        assert health.look(IDLE, at) is not None
        health.took(5)
    assert [15.0, 30.0, 60.0] == holds
    assert health.look(Sample(taken=5), at + 1) is not None
    assert [] == play(health, [GOOD] * 302, at + 2)
    health.look(Sample(refused=50_000), at + 304)
    assert 15.0 == health.hold


def test_canaries_that_came_to_nothing_are_followed_by_others() -> None:
    """
    What was granted and then stopped by a rule does not block the way back.
    """
    health = Health()
    play(health, [BAD, *[IDLE] * 15])
    health.took(5)
    health.look(Sample(taken=1, held=2), 16.0)
    assert 0 == health.allowance
    health.look(IDLE, 17.0)
    assert 4 == health.allowance


def test_a_hanging_canary_trips_again() -> None:
    """
    So do a lost link, slow answers and refusals.
    """
    for relapse, why in (
        (Sample(waiting=10.0), "no answer while it was tried"),
        (Sample(lost=1), "no answer while it was tried"),
        (Sample(drops=1), "link lost while it was tried"),
        (Sample(taken=5, delays=(4.0,)), "still slow: 4.0 s"),
        (Sample(refused=2, taken=3), "refuses still"),
    ):
        health = Health()
        play(health, [BAD, *[IDLE] * 15])
        change = health.look(relapse, 16.0)
        assert Change(16.0, "canary", "tripped", why) == change


def test_who_gave_no_receipts_has_to_give_some() -> None:
    """
    Answers alone do not bring it back; in vain it is tripped again.
    """
    silent = Sample(taken=60, quiet=31.0, since=60)
    health = Health()
    play(health, [silent, *[IDLE] * 15])
    health.took(5)
    assert [] == play(health, [Sample(taken=5), *[IDLE] * 100], 16.0)
    assert 0 == health.allowance
    assert [(117.0, "well")] == play(health, [Sample(delivered=5)], 117.0)
    health = Health()
    play(health, [silent, *[IDLE] * 15])
    assert [(315.0, "tripped")] == play(health, [Sample(taken=5), *[IDLE] * 299], 16.0)
    health = Health()
    play(health, [silent, *[IDLE] * 15])
    assert [(16.0, "tripped")] == play(health, [Sample(taken=5, failed=5)], 16.0)


def test_only_people_switch_what_is_not_automatic() -> None:
    """
    It is looked at all the same.
    """
    health = Health(Limits(automatic=False))
    assert [] == play(health, [BAD] * 5)
    assert 1.0 == health.total().refusals
    assert health.order("tripped", "odd", "liu", 5.0) is not None
    assert [(20.0, "canary")] == play(health, [IDLE], 20.0)


def test_without_a_link_it_is_not_tried() -> None:
    """
    The hold may be long over: it needs a link first.
    """
    health, gone = Health(), Sample(links=0)
    assert [(10.0, "tripped")] == play(health, [gone] * 60)
    assert [(60.0, "canary")] == play(health, [IDLE], 60.0)


def test_orders_stand_above_signs() -> None:
    """
    Paused stays paused whatever happens, and resumed is well at once.
    """
    health = Health()
    change = health.order("paused", "contract ends", "liu", 5.0)
    assert Change(5.0, "well", "paused", "contract ends", "liu") == change
    assert None is health.order("paused", "again", "chen", 6.0)
    assert [] == play(health, [BAD] * 100, 7.0)
    assert 0 == health.allowance
    assert health.order("", "extended", "liu", 200.0) is not None
    assert (True, 0.0) == (health.well, health.hold)
    assert health.order("draining", "", "liu", 201.0) is not None
    assert 0 == health.allowance
    health.order("tripped", "looks odd", "liu", 202.0)
    assert ("tripped", True, 217.0) == (health.state, health.hard, health.until)
    assert None is health.order("tripped", "looks odd", "liu", 203.0)


samples_of = st.builds(
    Sample,
    links=st.integers(0, 2),
    taken=st.integers(0, 60),
    refused=st.integers(0, 60),
    other=st.integers(0, 9),
    lost=st.integers(0, 4),
    drops=st.integers(0, 2),
    delays=st.lists(st.floats(0, 20), max_size=3).map(tuple),
    waiting=st.floats(0, 20),
    backlog=st.floats(0, 40),
    held=st.integers(0, 3),
    delivered=st.integers(0, 60),
    failed=st.integers(0, 60),
    quiet=st.floats(0, 60),
    since=st.integers(0, 90),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(samples_of, st.integers(0, 5)), max_size=200))
def test_it_never_flaps_and_always_comes_back(
    steps: list[tuple[Sample, int]],
) -> None:
    """
    Whatever is seen: no way back before the hold is over and without a trial, no
    more canaries at a time than are allowed; and once all is good, it is well.
    """
    health, limits, changes = Health(), Limits(), []
    for at, (sample, wanted) in enumerate(steps):
        change = health.look(sample, float(at))
        if change is not None:
            changes.append(change)
        allowance = health.allowance
        health.took(wanted if allowance is None else min(wanted, allowance))
        assert health.granted <= limits.canaries
    for one, other in pairwise(changes):
        assert one.after == other.before
        if one.after == "tripped":
            assert "canary" == other.after
            assert other.at - one.at >= limits.hold
        if one.after == "well":
            assert "tripped" == other.after
    begin = float(len(steps))
    waits = int(limits.hold_most + limits.window) + 5
    for at in range(waits):
        allowance = health.allowance
        flows = allowance is None or allowance > 0
        health.look(Sample(taken=5, delivered=5) if flows else Sample(), begin + at)
    assert health.well
