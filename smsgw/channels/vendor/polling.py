"""
Asking a vendor for reports, again and again.
"""

from collections.abc import Callable
from typing import Any

import attrs
from twisted.internet.interfaces import IReactorTime
from twisted.logger import Logger

from smsgw.channels.vendor.asking import Asker
from smsgw.channels.vendor.contract import Polled
from smsgw.channels.vendor.intake import Intake, Taken
from smsgw.channels.vendor.paths import Path
from smsgw.channels.vendor.wire import NotSent, Unanswered, Wire
from smsgw.outgoing import Response
from smsgw.tasks import sleep

__all__ = ["Poller"]

MOST = 60.0


@attrs.define(eq=False)
class Poller:
    """
    Polls one kind of reports. C{values} makes what a request may hold.

    What is read is durable before it is acknowledged, and before the next poll. A
    vendor that fails is asked less often, up to a minute.
    """

    kind: str
    polled: Polled
    wire: Wire
    intake: Intake
    timers: IReactorTime
    values: Callable[[], dict[str, Any]]
    stopped: bool = attrs.field(default=False, init=False)
    _wait: float = attrs.field(default=0.0, init=False)
    _trouble: str = attrs.field(default="", init=False)

    log = Logger()

    async def run(self) -> None:
        """
        Until cancelled. A cancelled request looks like a failed one, so that who
        cancels says C{stopped} first.
        """
        poll = self.polled.poll
        self._wait = poll.every
        while not self.stopped:
            await sleep(self.timers, self._wait)
            try:
                kept = await self._once()
            except (NotSent, Unanswered, ValueError) as error:
                self._tell(f"{type(error).__name__}: {error}")
                self._wait = min(max(self._wait, poll.every) * 2, max(MOST, poll.every))
            else:
                self._tell("")
                self._wait = (poll.again or poll.every) if kept else poll.every

    async def _once(self) -> int:
        """
        One request; how many reports came.
        """
        response = await self._ask(self.polled.ask, self.values())
        document = self._document(response)
        taken = self.intake.take(self.kind, document)
        await taken.durable
        if self.polled.acknowledge is not None and taken.ids:
            await self._acknowledge(self.polled.acknowledge, taken, document)
        return taken.kept

    async def _ask(self, asker: Asker, values: dict[str, Any]) -> Response:
        return await self.wire.ask(asker.request(values.__getitem__))

    def _document(self, response: Response) -> Any:
        """
        The answer as it is read for reports; C{ValueError} for a failure.
        """
        reader = self.polled.answer
        if response.status not in reader.answer.status:
            raise ValueError(f"HTTP status {response.status}")
        if code := reader.code(reader.document(response)):
            raise ValueError(f"code {code}")
        return self.intake.contract.readers[self.kind].document(response.body)

    async def _acknowledge(self, asker: Asker, taken: Taken, document: Any) -> None:
        values = self.values() | {"ids": taken.ids, "count": len(taken.ids)}
        for name in asker.names:
            if name.startswith("field."):
                found = Path.parse(name.removeprefix("field.")).find(document)
                values[name] = "" if found is None else found
        response = await self._ask(asker, values)
        if response.status not in self.polled.answer.answer.status:
            raise ValueError(f"acknowledgement: HTTP status {response.status}")

    def _tell(self, trouble: str) -> None:
        """
        A line when polling begins to fail, and one when it works again.
        """
        if trouble != self._trouble:
            self._trouble = trouble
            self.log.warn(
                "{channel}: polling {kind}: {trouble}",
                channel=self.intake.contract.channel.id,
                kind=self.kind,
                trouble=trouble or "works again",
            )
