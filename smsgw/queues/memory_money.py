"""
Money and quotas in memory: what an accept reserves, an end spends, a grant brings.
"""

from collections.abc import Sequence

import attrs

from smsgw.ports import Admission, Verdict, Wallet
from smsgw.queues.entries import account_of, price_in

__all__ = ["Money", "Quotas"]


@attrs.define(eq=False)
class Money:
    """
    Wallets by account. One is there as soon as something was reserved or granted;
    prices of messages whose account has none mean nothing.
    """

    by_account: dict[str, Wallet] = attrs.field(factory=dict)

    def of(self, account: str) -> Wallet:
        """
        An account's wallet; an empty one if it has none.
        """
        return self.by_account.get(account, Wallet())

    def allows(self, one: Admission) -> bool:
        """
        Enough is left after an admission's charge.
        """
        if not (one.wallet and one.charge):
            return True
        return self.of(one.wallet).available - one.charge >= one.floor

    def reserve(self, one: Admission) -> None:
        """
        An admission's charge, if it has one.
        """
        if one.wallet and one.charge:
            self._pay(one.wallet, -one.charge, one.charge)

    def refund(self, tally: str, amount: int) -> None:
        """
        Prices of messages that were refused.
        """
        if amount:
            self._pay(account_of(tally), amount, -amount)

    def settle(self, tally: str, entry: bytes, spent: int) -> None:
        """
        A message ended: what it costs is spent, the rest goes back.
        """
        price = price_in(entry)
        if price and account_of(tally) in self.by_account:
            spent = min(spent, price)
            self._pay(account_of(tally), price - spent, -price, spent)

    def grant(self, account: str, ledger_id: int, amount: int) -> int:
        """
        Once for each id; what is available then.
        """
        before = self.of(account)
        if ledger_id > before.ledger:
            self._pay(account, amount, granted=amount, ledger=ledger_id)
        return self.of(account).available

    def _pay(
        self,
        account: str,
        available: int,
        reserved: int = 0,
        spent: int = 0,
        granted: int = 0,
        ledger: int = 0,
    ) -> None:
        before = self.of(account)
        self.by_account[account] = Wallet(
            before.available + available,
            before.reserved + reserved,
            before.spent + spent,
            before.granted + granted,
            max(before.ledger, ledger),
        )


@attrs.define(eq=False)
class Quotas:
    """
    Messages accepted by limit, each until its lifetime is over.
    """

    by_name: dict[str, tuple[int, float]] = attrs.field(factory=dict)

    def refusal(
        self, limits: Sequence[tuple[str, int, int]], messages: int, now: float
    ) -> Verdict | None:
        """
        The first limit that so many more would exceed.
        """
        for index, (name, most, _) in enumerate(limits):
            if messages and self._used(name, now) + messages > most:
                return Verdict("quota", limit=index)
        return None

    def count(
        self, limits: Sequence[tuple[str, int, int]], messages: int, now: float
    ) -> None:
        """
        Messages that were accepted.
        """
        for name, _, lifetime in limits:
            if name not in self.by_name:
                self._forget(now)
            used = self._used(name, now) + messages
            self.by_name[name] = (used, now + max(1, lifetime))

    def _used(self, name: str, now: float) -> int:
        used, until = self.by_name.get(name, (0, now))
        return used if until > now else 0

    def _forget(self, now: float) -> None:
        over = [name for name, (_, until) in self.by_name.items() if until <= now]
        for name in over:
            del self.by_name[name]
