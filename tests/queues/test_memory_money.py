"""
Money and quotas in memory; their contract is in contract_money.py.
"""

from twisted.trial.unittest import SynchronousTestCase

from smsgw.ports import Verdict, Wallet
from smsgw.queues.memory_money import Money, Quotas
from tests.queues.contract import NOW, TALLY, entry


class MoneyTests(SynchronousTestCase):
    """
    Wallets by account.
    """

    def test_ends_are_paid_from_what_is_reserved(self) -> None:
        """
        A price is split into what is spent and what goes back.
        """
        money = Money()
        self.assertEqual(0, money.grant("his", 0, 50))
        self.assertEqual(50, money.grant("his", 1, 50))
        money.settle(TALLY, entry("m1", price=30), 20)
        self.assertEqual(Wallet(60, -30, 20, 50, 1), money.of("his"))
        money.settle("lis|20260921", entry("m1", price=30), 20)
        self.assertEqual(["his"], list(money.by_account))


class QuotasTests(SynchronousTestCase):
    """
    Counters with a lifetime.
    """

    def test_lifetime(self) -> None:
        """
        A counter is forgotten when its time is over.
        """
        quotas = Quotas()
        limits = [("his|m|1", 3, 60)]
        quotas.count(limits, 3, NOW)
        self.assertEqual(Verdict("quota"), quotas.refusal(limits, 1, NOW + 59))
        self.assertIsNone(quotas.refusal(limits, 1, NOW + 60))
        quotas.count([("his|m|2", 3, 60)], 1, NOW + 60)
        self.assertEqual(["his|m|2"], list(quotas.by_name))
