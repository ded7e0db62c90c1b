"""
Tests for L{smsgw.chronicle.answers}.
"""

from smsgw.chronicle.answers import Answers
from smsgw.directory import Channel
from smsgw.simulator.chance import Chance

CHANNEL = Channel("c", "C", "mobile", "cmpp", "", "", "", access_number="1069")


def test_answers() -> None:
    """
    All kinds come, each delivered once; who opts out is known.
    """
    answers = Answers(Chance(1))
    facts = [
        answers.to("his", f"1380013{n:04d}", CHANNEL, "01", 100.0 + n)
        for n in range(300)
    ]
    inbounds = [one.inbound for one in facts if one.inbound is not None]
    assert {"106901"} == {one.access_number for one in inbounds}
    assert {"1", "2", "TD"} <= {one.text for one in inbounds}
    assert 300 == len({one.message for one in facts})
    stopped = {one.number for one in inbounds if one.text in ("TD", "T", "退订")}
    assert {("his", number) for number in stopped} == set(answers.stopped)
