"""
The order in which segments leave a connection.
"""

from smsgw.channels.jobs import Job, Jobs
from smsgw.gateway.flight import Flight, entry_of
from smsgw.message import Message
from smsgw.text import TextPolicy, split


def job(name: str, lane: str = "notice", parts: int = 1, upto: int = 99) -> Job:
    """
    A job of so many segments.
    """
    text = "好" * (60 if parts == 1 else 67 * parts - 20)
    message = Message(
        1, name, "his", name, "notice", lane, "13800138000", text, "", "", 0.0, 9e9,
        parts, "all",
    )  # fmt: skip
    flight = Flight.of("cm1", upto, entry_of(message), b"")
    segments = split(text, "", TextPolicy(), 7)
    flight.prepare(len(segments))
    return Job(flight, segments)


def drain(jobs: Jobs) -> list[str]:
    """
    Send everything that may be sent.
    """
    sent = []
    while head := jobs.head():
        job, part = head
        jobs.sent(job, part)
        sent.append(f"{job.flight.message.id}{part}")
    return sent


def test_urgent_first_then_in_order() -> None:
    """Codes overtake notices; notices keep their order."""
    jobs = Jobs()
    for one in (job("a"), job("b"), job("c", "code")):
        jobs.add(one)

    assert 3 == jobs.unsent
    assert ["c0", "a0", "b0"] == drain(jobs)
    assert 0 == jobs.unsent


def test_segments_of_a_message_stay_together() -> None:
    """A long message is not interleaved with others of its lane."""
    jobs = Jobs()
    for one in (job("a", parts=3), job("b", parts=2)):
        jobs.add(one)

    assert ["a0", "a1", "a2", "b0", "b1"] == drain(jobs)


def test_a_begun_message_waits_for_its_grant() -> None:
    """Nobody of its lane overtakes it; urgent ones do."""
    jobs = Jobs()
    first = job("a", parts=3, upto=1)
    jobs.add(first)
    jobs.add(job("b"))
    assert ["a0"] == drain(jobs)
    assert [first] == list(jobs.starved())
    jobs.add(job("c", "critical"))
    assert ["c0"] == drain(jobs)
    first.flight.attempt.upto = 3
    jobs.add(first)

    assert ["a1", "a2", "b0"] == drain(jobs)


def test_a_dropped_job_sends_nothing_more() -> None:
    """A refused message's other segments do not leave."""
    jobs = Jobs()
    first = job("a", parts=3)
    jobs.add(first)
    assert (first, 0) == jobs.head()
    jobs.sent(first, 0)
    jobs.drop(first)

    assert 0 == jobs.unsent
    assert [] == drain(jobs)
