"""
What every queue keeps to: money reserved, spent, given back and granted; quotas.
"""

from typing import Any

from smsgw.ports import Admission, Dispatched, Put, Settle, Stored, Up, Verdict, Wallet
from tests.queues.contract import NOW, TALLY, QueueCase, admission, entry
from tests.queues.contract_exchange import want

__all__ = ["MoneyContract"]

QUEUE = "all:notice"
HUGE = -(10**15)


def charged(name: str, charge: int, count: int = 2, **fields: Any) -> Admission:
    """
    A submission that costs something.
    """
    return admission(name, count, wallet="his", charge=charge, **fields)


class MoneyContract(QueueCase):
    """
    Wallets and quotas; the account is C{his}.
    """

    async def wallet(self, name: str = "his") -> Wallet:
        """
        An account's wallet, which adds up.
        """
        found = (await self.queue.wallets([name]))[name]
        self.assertEqual(found.granted, found.available + found.reserved + found.spent)
        return found

    async def has(self, available: int, reserved: int, spent: int) -> None:
        """
        The wallet's money is there.
        """
        found = await self.wallet()
        self.assertEqual(
            (available, reserved, spent),
            (found.available, found.reserved, found.spent),
        )

    async def sell(self, *prices: int) -> None:
        """
        Messages C{m1}, C{m2}... at these prices, paid from 1000, into an out queue.
        """
        await self.queue.grant("his", 1, 1000)
        await self.accept(charged("00", sum(prices), len(prices)))
        entries = [entry(f"m{n}", price=price) for n, price in enumerate(prices, 1)]
        done = Dispatched("c00", "notice", [Put(QUEUE, entries)])
        await self.queue.dispatch(self.epoch, [done], NOW)

    async def finish(self, *ends: tuple[str, int]) -> None:
        """
        Messages end and cost something.
        """
        settles = [Settle("end", name, TALLY, spent=spent) for name, spent in ends]
        await self.exchange(settles=settles)

    async def test_nothing_is_in_no_wallet(self) -> None:
        """
        Accounts without money have none of anything.
        """
        self.assertEqual({}, await self.queue.wallets([]))
        none = {"his": Wallet(), "lis": Wallet()}
        self.assertEqual(none, await self.queue.wallets(["his", "lis"]))

    async def test_grants_are_applied_once(self) -> None:
        """
        By their ids, which only grow; a correction takes.
        """
        self.assertEqual(500, await self.queue.grant("his", 3, 500))
        for ledger_id in (3, 2):
            self.assertEqual(500, await self.queue.grant("his", ledger_id, 500))
        self.assertEqual(-100, await self.queue.grant("his", 7, -600))
        self.assertEqual(10**13, await self.queue.grant("lis", 1, 10**13))
        self.assertEqual(Wallet(-100, 0, 0, -100, 7), await self.wallet())
        self.assertEqual(10**13, (await self.wallet("lis")).available)

    async def test_accept_reserves(self) -> None:
        """
        Until nothing is left; each admission sees what those before it took.
        """
        await self.queue.grant("his", 1, 1000)
        kinds = await self.accept(
            charged("1", 600), charged("2", 500), charged("3", 400), charged("4", 1)
        )
        self.assertEqual(["accepted", "funds", "accepted", "funds"], kinds)
        await self.has(0, 1000, 0)
        await self.counted(accepted=4, waiting=4)

    async def test_funds_keep_nothing(self) -> None:
        """
        What cannot be paid leaves no nonce, key, reference or count behind.
        """
        fields: dict[str, Any] = {
            "nonce": "n",
            "key": "k",
            "refs": [("his|r", "m", b"")],
            "limits": [("his|m|1", 2, 60)],
        }
        self.assertEqual(["funds"], await self.accept(charged("1", 1, **fields)))
        self.assertEqual([], await self.queue.peek("notice", 9))
        await self.queue.grant("his", 1, 1)
        self.assertEqual(["accepted"], await self.accept(charged("2", 1, **fields)))

    async def test_floor(self) -> None:
        """
        Who pays later may go below nothing, as far as the floor.
        """
        kinds = await self.accept(
            charged("1", 600, floor=-600), charged("2", 1, floor=-600)
        )
        self.assertEqual(["accepted", "funds"], kinds)
        self.assertEqual(["accepted"], await self.accept(charged("3", 9, floor=HUGE)))
        await self.has(-609, 609, 0)

    async def test_free_submissions(self) -> None:
        """
        Without a charge or a wallet nobody asks for money.
        """
        await self.queue.grant("his", 1, -5)
        free = charged("1", 0), admission("2", charge=7)
        self.assertEqual(["accepted"] * 2, await self.accept(*free))
        await self.has(-5, 0, 0)

    async def test_repeats_are_free(self) -> None:
        """
        The call again, the key again, a reference again: charged once.
        """
        await self.queue.grant("his", 1, 1000)
        one = charged("1", 300, key="k", answer=b"a", refs=[("his|r", "m", b"h")])
        again = charged("2", 300, key="k")
        known = charged("3", 300, refs=[("his|r", "n", b"h")])
        for _ in range(2):
            kinds = await self.accept(one, again, known)
            self.assertEqual(["accepted", "replay", "known"], kinds)
            await self.has(700, 300, 0)

    async def test_quota(self) -> None:
        """
        Each limit counts messages; the first that is exceeded is named.
        """
        minute, day = ("his|minute|1", 4, 60), ("his|day|1", 5, 86_400)
        found = await self.queue.accept(
            [admission(str(n), limits=[minute, day]) for n in range(3)], NOW
        )
        wanted = [Verdict("accepted")] * 2 + [Verdict("quota", limit=0)]
        self.assertEqual(wanted, found)
        later = [("his|minute|2", 4, 60), day]
        (found,) = [await self.queue.accept([admission("4", limits=later)], NOW)]
        self.assertEqual([Verdict("quota", limit=1)], found)
        self.assertEqual(
            ["accepted"], await self.accept(admission("5", 1, limits=later))
        )
        await self.counted(accepted=5, waiting=5)

    async def test_quota_takes_no_money(self) -> None:
        """
        A submission above its quota is not charged; one without messages has none.
        """
        await self.queue.grant("his", 1, 1000)
        over = charged("1", 300, limits=[("his|minute|1", 1, 60)])
        self.assertEqual(["quota"], await self.accept(over))
        await self.has(1000, 0, 0)
        nothing = admission("2", chunks=[], limits=[("his|minute|1", 0, 60)])
        self.assertEqual(["accepted"], await self.accept(nothing))

    async def test_repeats_count_once(self) -> None:
        """
        A call whose answer was lost uses no quota again.
        """
        limits = [("his|minute|1", 4, 60)]
        for _ in range(3):
            self.assertEqual(
                ["accepted"], await self.accept(admission("1", limits=limits))
            )
        self.assertEqual(
            ["accepted", "quota"],
            await self.accept(*(admission(n, limits=limits) for n in "23")),
        )

    async def test_dispatch_refunds(self) -> None:
        """
        What is refused on the way to an out queue is given back, once.
        """
        await self.queue.grant("his", 1, 1000)
        await self.accept(charged("1", 700, 2))
        puts = [Put(QUEUE, [entry("m1", price=300)])]
        done = Dispatched("c1", "notice", puts, b"", 1, TALLY, 400)
        for _ in range(2):
            await self.queue.dispatch(self.epoch, [done], NOW)
            await self.has(700, 300, 0)

    async def test_ends(self) -> None:
        """
        What a message costs is spent, at most its price; the rest goes back.
        """
        await self.sell(100, 100, 100, 0)
        await self.exchange(wants=[want(9)])
        await self.has(700, 300, 0)
        await self.finish(("m1", 100), ("m2", 30), ("m3", 500), ("m4", 500))
        await self.has(770, 0, 230)
        await self.finish(("m1", 100), ("m2", 100))
        await self.has(770, 0, 230)

    async def test_ends_of_submitted_messages(self) -> None:
        """
        Opened and ended in one exchange, or days later.
        """
        await self.sell(100, 100)
        await self.exchange(wants=[want(9)])
        await self.exchange(
            settles=[
                Settle("open", "m1", TALLY, b"s", [("cm|X", 0)]),
                Settle("end", "m1", TALLY, spent=100),
                Settle("open", "m2", TALLY, b"s"),
            ]
        )
        await self.has(800, 100, 100)
        ends = [Settle("end", "m2", TALLY, spent=100)]
        await self.exchange(NOW + 80 * 3600, settles=ends)
        await self.has(800, 0, 200)

    async def test_dropped_messages_cost_nothing(self) -> None:
        """
        What expired or was canceled in the queue is given back whole.
        """
        await self.sell(100, 100)
        await self.queue.cancel(["m1"], NOW)
        down = await self.exchange(wants=[want(9, messages=1)])
        self.assertEqual(["canceled", ""], [one.reason for one in down.leases])
        await self.finish(("m1", 0))
        await self.has(900, 100, 0)

    async def test_again_keeps_the_price(self) -> None:
        """
        A message that goes again costs what was reserved for it.
        """
        await self.sell(100)
        await self.exchange(wants=[want(9)])
        for not_before, price in ((0.0, 0), (NOW + 5, 7000)):
            back = Settle("again", "m1", TALLY, queue=QUEUE, not_before=not_before)
            back.entry = entry("m1", price=price)
            down = await self.exchange(NOW, settles=[back])
            down = await self.exchange(NOW + 5, wants=[want(9)])
            self.assertEqual([entry("m1", price=100)], [x.entry for x in down.leases])
            await self.has(900, 100, 0)
        await self.finish(("m1", 7000))
        await self.has(900, 0, 100)

    async def test_prices_without_a_wallet(self) -> None:
        """
        Mean nothing: such an account is not billed.
        """
        await self.put([entry("m1", price=100), entry("m2")], QUEUE)
        await self.exchange(wants=[want(9)])
        await self.finish(("m1", 100))
        self.assertEqual(Wallet(), await self.wallet())
        dear = entry("m2", price=100)
        again = Settle("again", "m2", TALLY, queue=QUEUE, entry=dear)
        await self.queue.grant("his", 1, 1000)
        down = await self.exchange(settles=[again], wants=[want(9)])
        self.assertEqual([entry("m2")], [lease.entry for lease in down.leases])

    async def test_repeated_exchange_spends_once(self) -> None:
        """
        A repeat with the same number settles nothing again.
        """
        await self.sell(100, 100)
        await self.exchange(wants=[want(1)])
        settles = [Settle("end", "m1", TALLY, spent=60)]
        up = Up(self.epoch, 99, settles, wants=[want(9)])
        first = await self.queue.exchange(up, NOW)
        self.assertEqual(first, await self.queue.exchange(up, NOW))
        await self.has(840, 100, 60)

    async def test_each_account_pays_its_own(self) -> None:
        """
        Messages of several accounts and days end together.
        """
        tallies = ["his|20260921", "his|20260922", "lis|20260921", "pis|20260921"]
        for n, tally in enumerate(tallies):
            account = tally.partition("|")[0]
            if account != "pis":
                await self.queue.grant(account, n + 1, 100)
            chunks = [Stored(f"c{n}", "notice", 1, b"body")]
            charge = 0 if account == "pis" else 40
            one = Admission(tally, chunks, str(n), wallet=account, charge=charge)
            self.assertEqual(["accepted"], await self.accept(one))
            put = Put(QUEUE, [entry(f"m{n}", price=charge, tally=tally)])
            done = Dispatched(f"c{n}", "notice", [put])
            await self.queue.dispatch(self.epoch, [done], NOW)
        await self.exchange(wants=[want(9)])
        ends = [
            Settle("end", f"m{n}", tally, spent=40) for n, tally in enumerate(tallies)
        ]
        await self.exchange(settles=ends)
        await self.has(120, 0, 80)
        self.assertEqual(Wallet(60, 0, 40, 100, 3), await self.wallet("lis"))
        self.assertEqual(Wallet(), await self.wallet("pis"))
