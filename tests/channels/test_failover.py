"""
A carrier breaks in every way, under load: the backup takes over, nothing is lost, the
channel comes back, and it does not go to and fro meanwhile.
"""

from collections.abc import Callable

import pytest

from smsgw.simulator.rules import Rule, Rules
from tests.support.pairs import Pair

Change = Callable[[Pair], None]


def faults(**switches: object) -> Change:
    """
    Turn these of channel a's carrier.
    """

    def turn(pair: Pair) -> None:
        pair.carriers["a"].faults.set(**switches)
        pair.carriers["a"].wake()

    return turn


def rules(*found: Rule) -> Change:
    """
    Channel a's carrier follows these.
    """

    def turn(pair: Pair) -> None:
        pair.carriers["a"].intake.rules = Rules.of(found, "cmpp")

    return turn


def closed(pair: Pair) -> None:
    """
    Logins are refused from now on, and those that are there end.
    """
    faults(refuse="busy")(pair)
    for connection in list(pair.carriers["a"].connections):
        connection.abort()


WAYS: dict[str, tuple[Change, Change]] = {
    "close": (faults(abort=1_000_000), faults(abort=0)),
    "hang": (faults(silent=True), faults(silent=False)),
    "slow": (faults(slow=5.0), faults(slow=0.0)),
    "reject": (rules(Rule(result=51)), rules()),
    "reject some": (rules(Rule(result=51, share=0.7)), rules()),
    "no receipts": (faults(hold=True), faults(hold=False)),
    "corrupt": (faults(cut=1_000_000), faults(cut=0)),
    "login": (closed, faults(refuse="")),
}


# Within how many seconds each is seen.
SEEN = {"reject": 6.0, "reject some": 6.0, "no receipts": 40.0}
DOUBLES = 2 * 64 + 20


def share(pair: Pair, name: str, seconds: float = 10.0) -> float:
    """
    How many of the messages that come in some time a channel's phones get then.
    """
    came, shown = len(pair.texts), pair.shown(name).total()
    pair.turn(seconds)
    return (pair.shown(name).total() - shown) / (len(pair.texts) - came)


@pytest.mark.parametrize("way", WAYS)
def test_a_broken_carrier(way: str) -> None:
    """
    It is seen in time, and the backup carries what comes until it is mended.
    """
    breaks, mends = WAYS[way]
    pair = Pair()
    pair.turn(5.0)
    assert share(pair, "a") > 0.9
    breaks(pair)
    assert pair.until("tripped", 60.0) < SEEN.get(way, 15.0)
    pair.turn(20.0)
    assert share(pair, "b") > 0.9
    assert "well" not in [state for _, state, _ in pair.history()]
    mends(pair)
    pair.until("well", 120.0)
    pair.turn(3.0)
    assert share(pair, "a") > 0.9
    pair.finish()
    assert set() == pair.lost()
    assert pair.doubled() <= DOUBLES
    assert pair.world.shard.gates.healths["b"].trips == 0
    pair.stop()


def test_a_slow_carrier_does_not_slow_the_others() -> None:
    """
    With answers that take 5 s on one of three, the others go on as before, alike.
    """
    pair = Pair(60, ("a", "b", "c"), (), speed=15.0)
    pair.turn(10.0)

    def rates() -> list[int]:
        before = [pair.shown(name).total() for name in "bc"]
        pair.turn(40.0)
        after = [pair.shown(name).total() for name in "bc"]
        return [new - old for new, old in zip(after, before, strict=True)]

    first = rates()
    WAYS["slow"][0](pair)
    second = rates()
    assert sum(second) >= 0.98 * sum(first)
    assert max(second) - min(second) < 0.05 * max(second)
    assert "tripped" in [state for _, state, _ in pair.history()]
    pair.stop()


def test_a_carrier_that_comes_and_goes() -> None:
    """
    Each relapse doubles the hold, so that messages do not go to and fro.
    """
    pair = Pair(each=5)
    breaks, mends = WAYS["reject"]
    for _ in range(20):
        breaks(pair)
        pair.turn(10.0)
        mends(pair)
        pair.turn(10.0)
    trips = [at for at, state, _ in pair.history() if state == "tripped"]
    assert 2 <= len(trips) <= 6
    pair.finish()
    assert set() == pair.lost()
    pair.stop()


def test_switched_by_hand() -> None:
    """
    Paused and back within two seconds each; drained, it ends what it has.
    """
    pair = Pair()
    pair.turn(5.0)
    for order in ("paused", "draining"):
        pair.care.order("a", order, "night", "liu")
        assert pair.until(order, 2.0) <= 2.0
        pair.turn(1.0)
        assert 0 == sum(len(one.jobs_of) for one in pair.channels["a"].connections)
        assert share(pair, "b", 5.0) > 0.9
        pair.care.order("a", "", "day", "chen")
        assert pair.until("well", 2.0) <= 2.0
        pair.turn(1.0)
        assert share(pair, "a", 5.0) > 0.9
    pair.finish()
    assert (set(), 0) == (pair.lost(), pair.doubled())
    pair.stop()
