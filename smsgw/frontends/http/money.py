"""
What an account has left: its money and its quotas.
"""

from collections.abc import Awaitable, Callable, Sequence

import attrs

from smsgw.frontends.http.amounts import yuan
from smsgw.frontends.http.call import Answer, Call, answer
from smsgw.frontends.http.messages import check_nonce
from smsgw.frontends.http.nonces import Nonces
from smsgw.ports import Wallet

__all__ = ["Money"]


@attrs.define(eq=False)
class Money:
    """
    The handler of /v1/balance.
    """

    wallets: Callable[[Sequence[str]], Awaitable[dict[str, Wallet]]]
    nonces: Nonces

    async def balance(self, call: Call) -> Answer:
        """
        In yuan, to the last digit; C{reserved} is for messages under way.
        """
        check_nonce(call, self.nonces)
        call.arguments()
        account = call.account
        wallet = (await self.wallets([account.id]))[account.id]
        return answer(
            {
                "account": account.id,
                "billing": account.billing,
                "available": yuan(wallet.available),
                "reserved": yuan(wallet.reserved),
                "spent": yuan(wallet.spent),
                "granted": yuan(wallet.granted),
            }
        )
