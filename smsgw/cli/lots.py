"""
Many items through the HTTP door, in lots: each again under its own key until it is
answered, so that nothing is lost and nothing doubled.
"""

import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Protocol

import attrs

from smsgw.errors import Refused, Unavailable
from smsgw.ports import Clock

__all__ = ["LOT", "Lots"]

LOT = 1_000
FIRST, LAST = 1.0, 30.0


class Door(Protocol):
    """
    What is needed of L{smsgw.client.GatewayClient}.
    """

    async def send_batch(self, body: Any, key: str = "") -> dict[str, Any]: ...


@attrs.define(eq=False)
class Lots:
    """
    Sends items; a door that is away or busy is asked again for C{patience} seconds
    in a row, and C{told} hears of each wait. C{name} and a lot's place make its key,
    so that another run with the same items and name goes on where one ended.
    """

    door: Door
    clock: Clock
    category: str = ""
    patience: float = 600.0
    told: Callable[[str], None] = attrs.field(default=lambda _: None)
    name: str = attrs.field(factory=lambda: secrets.token_hex(8))

    async def send(
        self, items: Sequence[dict[str, str]]
    ) -> AsyncIterator[tuple[int, dict[str, Any]]]:
        """
        After each lot, how many items came before it and the door's answer.
        """
        for start in range(0, len(items), LOT):
            body: dict[str, Any] = {"items": list(items[start : start + LOT])}
            if self.category:
                body["category"] = self.category
            yield start, await self._insist(body, f"{self.name}-{start}")

    async def _insist(self, body: dict[str, Any], key: str) -> dict[str, Any]:
        """
        The same request until it is answered; a refusal that time does not heal
        is raised at once.
        """
        until, delay = self.clock.monotonic() + self.patience, FIRST
        while True:
            try:
                return await self.door.send_batch(body, key)
            except (Refused, Unavailable) as error:
                asked = error.retry_after
                if isinstance(error, Refused) and not asked:
                    raise
                wait = max(delay, asked)
                if self.clock.monotonic() + wait > until:
                    raise
                self.told(f"{error.detail or error}; again in {wait:.0f} s")
            await self.clock.sleep(wait)
            delay = min(LAST, 2 * delay)
