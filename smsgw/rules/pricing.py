"""
What a segment costs: the most specific price counts.

An account's own price comes before its nearest department's, that before one for
all; then a channel's before a carrier's, and a category's before none.
"""

from collections.abc import Iterable, Mapping, Sequence

import attrs

from smsgw.directory import Price

__all__ = ["PriceList"]


@attrs.frozen
class PriceList:
    """
    All prices, in units of 0.0001 yuan a segment; C{chains} are the departments of
    each account, its own first.
    """

    prices: Sequence[Price]
    chains: Mapping[str, Sequence[str]]
    _known: dict[tuple[str, str, str, str], int] = attrs.field(factory=dict, eq=False)

    @classmethod
    def of(
        cls, prices: Iterable[Price], chains: Mapping[str, Sequence[str]]
    ) -> "PriceList":
        """
        Those that are in use.
        """
        return cls([one for one in prices if one.active], chains)

    def price(self, account: str, channel: str, carrier: str, category: str) -> int:
        """
        Of one segment by this channel; 0 when no price fits.
        """
        asked = (account, channel, carrier, category)
        known = self._known.get(asked)
        if known is None:
            fitting = self._fitting(account, carrier, category)
            ours = [one for one in fitting if one.channel in ("", channel)]
            known = self._dearest_specific(account, ours)
            self._known[asked] = known
        return known

    def most(self, account: str, carrier: str, category: str) -> int:
        """
        Of one segment by whatever channel it may go: what has to be set aside.
        """
        asked = (account, "*", carrier, category)
        known = self._known.get(asked)
        if known is None:
            fitting = self._fitting(account, carrier, category)
            channels = {"", *(one.channel for one in fitting)}
            known = max(
                self.price(account, channel, carrier, category) for channel in channels
            )
            self._known[asked] = known
        return known

    def _fitting(self, account: str, carrier: str, category: str) -> list[Price]:
        chain = self.chains.get(account, ())
        return [
            one
            for one in self.prices
            if one.account in ("", account)
            and (not one.department or one.department in chain)
            and one.carrier in ("", carrier)
            and one.category in ("", category)
        ]

    def _dearest_specific(self, account: str, prices: Sequence[Price]) -> int:
        """
        The price of the most specific row; of equals the dearest, so that nobody
        depends on their order.
        """
        chain = list(self.chains.get(account, ()))

        def rank(one: Price) -> tuple[bool, int, bool, bool, bool, int]:
            near = len(chain) - chain.index(one.department) if one.department else 0
            exact = (bool(one.channel), bool(one.carrier), bool(one.category))
            return (bool(one.account), near, *exact, one.price)

        return max(prices, key=rank).price if prices else 0
