"""
Tests of L{smsgw.channels.vitals}.
"""

from smsgw.channels.vitals import Vitals
from smsgw.rules.signs import Sample


def take(vitals: Vitals, now: float, **more: float) -> Sample:
    """
    A sample of a channel that has its one link.
    """
    known = {"waiting": 0.0, "oldest": now, "held": 0, **more}
    return vitals.take(1, 1, known["waiting"], known["oldest"], int(known["held"]), now)


def test_counts_are_taken_once() -> None:
    """
    A refusal is the channel's or the message's own.
    """
    vitals = Vitals()
    vitals.taken += 2
    for class_ in ("carrier_fault", "permanent", "content", "config"):
        vitals.said_no(class_)
    vitals.answered_in(0.5)
    vitals.unanswered(0.0)
    vitals.receipt("delivered")
    vitals.receipt("expired")
    expected = Sample(
        taken=2, refused=2, other=2, lost=1, delays=(0.5,), delivered=1, failed=1
    )
    assert expected == take(vitals, 1.0)
    assert Sample() == take(vitals, 2.0)


def test_what_came_before_does_not_count() -> None:
    """
    After a change of state it is judged by what it is given from then on.
    """
    vitals = Vitals()
    vitals.taken += 2
    vitals.fresh(10.0)
    vitals.unanswered(9.9)
    assert Sample() == take(vitals, 11.0)
    vitals.unanswered(10.0)
    assert Sample(lost=1) == take(vitals, 12.0)


def test_a_backlog_is_old_only_while_nothing_moves() -> None:
    """
    A long message at a slow channel takes its time.
    """
    vitals = Vitals()
    vitals.taken += 1
    assert 0.0 == take(vitals, 30.0, oldest=5.0, held=1).backlog
    assert 12.0 == take(vitals, 42.0, oldest=5.0, held=1).backlog
    assert 2.0 == take(vitals, 42.0, oldest=40.0, held=1).backlog
    assert 0.0 == take(vitals, 43.0, oldest=40.0, held=0).backlog


def test_silence_counts_from_the_first_segment_without_a_receipt() -> None:
    """
    A channel that never gave one owes none, and one that had nothing to do is not
    silent.
    """
    vitals = Vitals()
    vitals.taken += 60
    assert (0.0, 60) == (take(vitals, 1.0).quiet, take(vitals, 50.0).since)
    vitals.receipt("delivered")
    assert (0.0, 0) == (take(vitals, 60.0).quiet, take(vitals, 90.0).since)
    vitals.taken += 60
    assert 0.0 == take(vitals, 3600.0).quiet
    vitals.taken += 1
    sample = take(vitals, 3631.0)
    assert (31.0, 61) == (sample.quiet, sample.since)
    vitals.fresh(3632.0)
    assert 0.0 == take(vitals, 3640.0).quiet


def test_measured_times_are_bounded() -> None:
    """
    Nobody may look for long.
    """
    vitals = Vitals()
    for _ in range(1000):
        vitals.answered_in(0.1)
    assert 200 == len(take(vitals, 1.0).delays)
