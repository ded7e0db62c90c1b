"""
Random lives of a wallet beside a model of it; every step is done twice.
"""

from collections.abc import Coroutine
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from smsgw.ports import Dispatched, Down, Put, Queue, Settle, Up, Wallet
from tests.queues.contract import NOW, TALLY, admission, entry
from tests.queues.contract_exchange import want

__all__ = ["MoneyMachine", "finish"]

QUEUE = "all:notice"
PRICES = st.sampled_from([0, 1, 450, 900])
LEDGER_LIMIT = 30
T = TypeVar("T")


def finish(step: Coroutine[Any, Any, T]) -> T:
    """
    The result of a step that never waits.
    """
    try:
        step.send(None)
    except StopIteration as ended:
        found: T = ended.value
        return found
    raise AssertionError("it waits")


class MoneyMachine(RuleBasedStateMachine):
    """
    One prepaid account. Prices by message in C{waiting} (an out queue), C{leased}
    and C{open}; chunks in intake with theirs.
    """

    queue: Queue

    def make(self) -> Queue:
        """
        An empty queue.
        """
        raise NotImplementedError

    @initialize()
    def begin(self) -> None:
        """
        A shard that is claimed.
        """
        self.queue = self.make()
        self.epoch = finish(self.queue.claim("node"))
        self.made = self.number = self.ledger = self.used = 0
        self.available = self.spent = self.granted = 0
        self.chunks: dict[str, dict[str, int]] = {}
        self.waiting: dict[str, int] = {}
        self.leased: dict[str, int] = {}
        self.open: dict[str, int] = {}

    def _name(self) -> str:
        self.made += 1
        return f"{self.made:06}"

    @rule(amount=st.integers(-500, 2000), back=st.integers(0, 2))
    def grant(self, amount: int, back: int) -> None:
        """
        A grant that is new, or one of before.
        """
        if not back:
            self.ledger += 3
            self.granted += amount
            self.available += amount
        for _ in range(2):
            number = max(0, self.ledger - back)
            left = finish(self.queue.grant("his", number, amount))
            assert self.available == left

    @rule(prices=st.lists(PRICES, min_size=1, max_size=4), below=st.integers(0, 900))
    def accept(self, prices: list[int], below: int) -> None:
        """
        A submission that may be too dear, or one too many.
        """
        name, charge = self._name(), sum(prices)
        limit = ("his|day|1", LEDGER_LIMIT, 86_400)
        one = admission(
            name, len(prices), wallet="his", charge=charge, floor=-below, limits=[limit]
        )
        wanted = "accepted"
        if charge and self.available - charge < -below:
            wanted = "funds"
        elif self.used + len(prices) > LEDGER_LIMIT:
            wanted = "quota"
        for _ in range(2):
            (found,) = finish(self.queue.accept([one], NOW))
            assert wanted == found.kind
        if wanted == "accepted":
            self.available -= charge
            self.used += len(prices)
            self.chunks[name] = {f"{name}m{n}": p for n, p in enumerate(prices)}

    @precondition(lambda self: self.chunks)
    @rule(refused=st.sets(st.integers(0, 3)))
    def dispatch(self, refused: set[int]) -> None:
        """
        Some of a chunk's messages end on the way.
        """
        name, prices = self.chunks.popitem()
        gone = {m: p for n, (m, p) in enumerate(prices.items()) if n in refused}
        kept = {m: p for m, p in prices.items() if m not in gone}
        entries = [entry(message, price=price) for message, price in kept.items()]
        refund = sum(gone.values())
        puts = [Put(QUEUE, entries)] if entries else []
        done = Dispatched(f"c{name}", "notice", puts, b"", len(gone), TALLY, refund)
        for _ in range(2):
            finish(self.queue.dispatch(self.epoch, [done], NOW))
        self.available += refund
        self.waiting |= kept

    def _exchange(self, **fields: Any) -> Down:
        self.number += 1
        up = Up(self.epoch, self.number, **fields)
        down = finish(self.queue.exchange(up, NOW))
        assert down == finish(self.queue.exchange(up, NOW))
        return down

    @rule(room=st.integers(1, 5))
    def lease(self, room: int) -> None:
        """
        The longest waiting go to a channel, with what was reserved for them.
        """
        down = self._exchange(wants=[want(room)])
        for name in list(self.waiting)[:room]:
            self.leased[name] = self.waiting.pop(name)
        last = list(self.leased)[len(self.leased) - len(down.leases) :]
        wanted = [entry(name, price=self.leased[name]) for name in last]
        assert wanted == [one.entry for one in down.leases]

    @precondition(lambda self: self.leased)
    @rule(spent=st.none() | PRICES)
    def submit(self, spent: int | None) -> None:
        """
        The carrier takes one; with a receipt at once it ends in the same exchange.
        """
        name, price = self.leased.popitem()
        settles = [Settle("open", name, TALLY, b"s", [(f"cm|{name}", 0)])]
        if spent is None:
            self.open[name] = price
        else:
            settles.append(Settle("end", name, TALLY, spent=spent))
            self._spend(price, spent)
        self._exchange(settles=settles)

    @precondition(lambda self: self.leased or self.open)
    @rule(spent=PRICES)
    def end(self, spent: int) -> None:
        """
        One that is leased or submitted ends; it cannot cost more than its price.
        """
        name, price = (self.open or self.leased).popitem()
        self._exchange(settles=[Settle("end", name, TALLY, spent=spent)])
        self._exchange(settles=[Settle("end", name, TALLY, spent=spent)])
        self._spend(price, spent)

    def _spend(self, price: int, spent: int) -> None:
        costs = min(price, spent)
        self.spent += costs
        self.available += price - costs

    @precondition(lambda self: self.leased or self.open)
    @rule(price=PRICES)
    def go_again(self, price: int) -> None:
        """
        Back to the queue, with a header that says another price.
        """
        name, reserved = (self.leased or self.open).popitem()
        again = entry(name, price=price)
        self._exchange(settles=[Settle("again", name, TALLY, queue=QUEUE, entry=again)])
        self.waiting[name] = reserved

    @rule()
    def restart(self) -> None:
        """
        Another process takes the shard.
        """
        self.epoch = finish(self.queue.claim("node"))
        self.number = 0
        found = finish(self.queue.recover(self.epoch, NOW))
        assert len(self.leased) == len(found.leases)

    @invariant()
    def adds_up(self) -> None:
        """
        Granted is available, reserved and spent; reserved is what can still be spent.
        """
        places = [self.waiting, self.leased, self.open, *self.chunks.values()]
        reserved = sum(sum(prices.values()) for prices in places)
        found = finish(self.queue.wallets(["his"]))["his"]
        wanted = (self.available, reserved, self.spent, self.granted, self.ledger)
        assert Wallet(*wanted) == found
        assert found.granted == found.available + found.reserved + found.spent
