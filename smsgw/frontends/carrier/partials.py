"""
Long messages whose last part never came: their end is told to who sent them.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import attrs
from twisted.logger import Logger

from smsgw.errors import Unavailable, Violation
from smsgw.frontends.carrier.desk import Desk
from smsgw.frontends.carrier.ticket import Stub, read_stub
from smsgw.ports import Clock
from smsgw.protocols.neutral import ReceiptIn

__all__ = ["Partials"]

EVERY = 30.0
PATIENCE = 600.0


class Begun(Protocol):
    """
    What this needs of L{smsgw.queues.parts.RedisParts}.
    """

    async def begun(
        self, before: float, count: int = 100
    ) -> Sequence[tuple[str, Sequence[tuple[bytes, bytes]]]]: ...

    async def drop(self, keys: Sequence[str]) -> None: ...


@attrs.define(eq=False)
class Partials:
    """
    Gives up what is not whole after C{PATIENCE} seconds. C{desk_of} finds a
    system's door by its login; while the system is away, its parts are kept.
    """

    parts: Begun
    desk_of: Callable[[str], Desk | None]
    clock: Clock

    log = Logger()

    async def run(self) -> None:
        """
        Look every half minute.
        """
        while True:
            await self.clock.sleep(EVERY)
            try:
                await self.sweep()
            except Unavailable as trouble:
                self.log.warn("parts not read: {why}", why=trouble.detail)

    async def sweep(self) -> int:
        """
        How many messages were given up.
        """
        given_up = []
        for key, bodies in await self.parts.begun(self.clock.now() - PATIENCE):
            stubs = [read_stub(note) for _, note in bodies]
            if all([await self._told(stub) for stub in stubs]):
                given_up.append(key)
        if given_up:
            self.log.warn("{count} messages never became whole", count=len(given_up))
            await self.parts.drop(given_up)
        return len(given_up)

    async def _told(self, stub: Stub) -> bool:
        """
        Whether the sender knows, or does not want to.
        """
        desk = self.desk_of(stub.login)
        if desk is None or not stub.registered:
            return True
        guests = [guest for guest in desk.of(stub.login) if guest.room]
        if not guests:
            return False
        host = guests[0].host
        receipt = ReceiptIn(
            stub.carrier_id, "expired", "", stub.to, access_number=stub.src
        )
        try:
            pdu = host.deliver_receipt(receipt, desk.new_id(host, 0))
            return host.delivered(await guests[0].ask(pdu))
        except (Unavailable, Violation):
            return False
