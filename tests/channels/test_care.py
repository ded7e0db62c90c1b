"""
Tests of L{smsgw.channels.care}.
"""

import attrs

from smsgw.channels.care import Care
from smsgw.gateway.dispatch import Depth
from smsgw.gateway.gates import Gates
from smsgw.gateway.outbox import Outbox
from smsgw.rules.health import Change
from smsgw.rules.signs import Sample
from tests.support.shards import NOW, FakeClock, FakeSignal, directory

BAD, SLOW = Sample(refused=99), Sample(waiting=10.0)


@attrs.define(eq=False)
class Patient:
    """
    Says what it is told.
    """

    id: str
    said: Sample = attrs.field(factory=Sample)
    given_back: int = 0
    fresh_at: list[float] = attrs.field(factory=list)

    def sample(self, now: float) -> Sample:
        return self.said

    def fresh(self, now: float) -> None:
        self.fresh_at.append(now)

    def give_back(self) -> int:
        self.given_back += 1
        return 0


@attrs.define(eq=False)
class Ward:
    """
    Channel C{a} with its backup C{b}, both live.
    """

    clock: FakeClock = attrs.field(factory=FakeClock)
    patients: list[Patient] = attrs.field(factory=lambda: [Patient("a"), Patient("b")])
    live: set[str] = attrs.field(factory=lambda: {"a", "b"})
    signal: FakeSignal = attrs.field(init=False)
    care: Care = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        known = directory("a", backups=["b"])
        gates = Gates(lambda: known, self.live.__contains__, Depth())
        self.signal = FakeSignal(self.clock)
        self.care = Care(gates, Outbox(self.signal.set), self.clock)

    def look(self, seconds: float = 1.0) -> str:
        """
        A moment later; the state of C{a}.
        """
        self.clock.time += seconds
        self.care.look(self.patients)
        return self.care.gates.healths["a"].state


def test_a_channel_that_refuses_gives_its_messages_back() -> None:
    """
    The decision is told, and the exchange is woken.
    """
    ward = Ward()
    first = ward.patients[0]
    assert "well" == ward.look()
    assert 0 == first.given_back
    first.said = BAD
    assert "tripped" == ward.look()
    assert (1, [NOW + 2]) == (first.given_back, first.fresh_at)
    change = Change(NOW + 2, "well", "tripped", "refuses 100% of 99")
    assert [("a", change)] == list(ward.care.decided)
    assert 1 == ward.signal.sets
    first.said = Sample()
    assert "canary" == ward.look(15.0)
    assert 1 == first.given_back


def test_monitoring_reads_how_a_channel_is() -> None:
    """
    Counts of each look, and the shares of lately.
    """
    ward = Ward()
    ward.patients[0].said = Sample(taken=3, refused=1, delays=(0.2,), delivered=2)
    ward.look()
    ward.patients[0].said = SLOW
    ward.look()
    ward.patients[0].said = Sample()
    for _ in range(4):
        ward.look()
    lines = ward.care.metrics.render().decode().splitlines()
    for line in (
        'smsgw_responses_total{channel="a",outcome="taken"} 3.0',
        'smsgw_receipts_total{channel="a",state="delivered"} 2.0',
        'smsgw_response_seconds_count{channel="a"} 1.0',
        'smsgw_switches_total{channel="a",to="tripped"} 1.0',
        'smsgw_channel_well{channel="a"} 0.0',
        'smsgw_channel_well{channel="b"} 1.0',
        'smsgw_connections{channel="a"} 1.0',
    ):
        assert line in lines


def test_the_only_one_to_count_on_keeps_what_it_has() -> None:
    """
    A channel that is slow is better than none.
    """
    ward = Ward(live={"a"})
    ward.patients[0].said = SLOW
    assert "tripped" == ward.look()
    assert 0 == ward.patients[0].given_back
    ward.live.add("b")
    ward.look()
    assert 1 == ward.patients[0].given_back


def test_people_are_followed_at_the_next_look() -> None:
    """
    Paused gives back, draining does not; both stay, whatever is seen.
    """
    ward = Ward()
    first = ward.patients[0]
    ward.care.order("a", "draining", "night", "liu")
    first.said = BAD
    assert "draining" == ward.look()
    assert 0 == first.given_back
    ward.care.order("a", "paused", "night", "liu")
    assert "paused" == ward.look()
    assert 1 == first.given_back
    first.said = Sample()
    ward.care.order("a", "", "day", "chen")
    assert "well" == ward.look()
    assert ["liu", "liu", "chen"] == [change.who for _, change in ward.care.decided]


def test_a_pause_stands_for_a_channel_that_comes_later() -> None:
    """
    A trip does not; and one that went is forgotten.
    """
    ward = Ward()
    first = ward.patients.pop(0)
    ward.care.order("a", "paused", "contract ends", "liu")
    ward.care.look(ward.patients)
    assert "a" not in ward.care.gates.healths
    ward.patients.insert(0, first)
    assert "paused" == ward.look()
    ward.patients.pop(0)
    ward.care.order("a", "tripped", "odd", "liu")
    ward.care.look(ward.patients)
    ward.patients.insert(0, first)
    assert "well" == ward.look()
