"""
Tests for L{smsgw.chronicle.fates}.
"""

from collections import Counter

import pytest

from smsgw.chronicle.fates import Fates, Going
from smsgw.chronicle.people import People
from smsgw.directory import Channel
from smsgw.message import FINAL, Fact
from smsgw.rules.encyclopaedia import meaning_of
from smsgw.simulator.chance import Chance

START, END = 1_790_000_000.0, 1_793_000_000.0


def fates(protocol: str, count: int) -> list[list[Fact]]:
    """
    What became of so many messages of two segments.
    """
    chance = Chance(5)
    people, fate = People(chance, 2_000), Fates(chance, END)
    channel = Channel("c", "C", "mobile", protocol, "", "", "", access_number="1069")
    return [
        list(fate.of(Going(f"M{n:012d}", "his", people.one(), channel, 2, START + n)))
        for n in range(count)
    ]


@pytest.mark.parametrize("protocol", ["cmpp", "sgip", "smgp"])
def test_each_ends(protocol: str) -> None:
    """
    In order of time, in one final state, by a code that the tables know.
    """
    ends = Counter()
    for facts in fates(protocol, 3_000):
        times = [one.at for one in facts]
        assert sorted(times) == times
        final = [one for one in facts if one.kind == "final"]
        assert 1 == len(final)
        assert final[0].state in FINAL
        ends[final[0].state] += 1
        code = final[0].code
        if code:
            meaning = meaning_of(protocol, code, receipt=True)
            assert final[0].state == meaning.state
            assert not meaning.zh.startswith("未知状态")
    assert 0.93 < ends["delivered"] / 3_000 < 0.99
    assert {"undelivered", "expired"} <= set(ends)


def test_some_are_sent_again_or_reported_late() -> None:
    """
    A refusal is followed by another try; a late receipt by nothing else.
    """
    kinds = Counter(one.kind for facts in fates("cmpp", 4_000) for one in facts)
    assert kinds["refused"] == kinds["again"] > 0
    assert kinds["orphan"] > 0


def test_nothing_after_the_end() -> None:
    """
    Everything that happened had happened then.
    """
    chance = Chance(5)
    people, fate = People(chance, 2_000), Fates(chance, START + 10)
    channel = Channel("c", "C", "mobile", "cmpp", "", "", "")
    for n in range(500):
        going = Going(f"M{n:012d}", "his", people.one(), channel, 1, START)
        assert all(one.at <= START + 10 for one in fate.of(going))
