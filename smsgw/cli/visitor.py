"""
A business system that speaks CMPP and takes us for the carrier: for demonstrations.
"""

from typing import Any

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import clientFromString
from twisted.internet.protocol import Factory

from smsgw.errors import Unavailable
from smsgw.link import Link
from smsgw.protocols.cmpp_dialect import CmppDialect, CmppSettings
from smsgw.protocols.neutral import OutSegment, ReceiptIn, Sent
from smsgw.protocols.session import Session
from smsgw.tasks import SystemClock
from smsgw.text import TextPolicy, split

__all__ = ["Visitor"]


@attrs.define(eq=False)
class Visitor:
    """
    C{ids} are what its submits were answered with, C{receipts} the states of those
    that came back, by id.
    """

    reactor: Any
    port: int
    login: str
    secret: str = attrs.field(repr=False)
    ids: list[str] = attrs.field(factory=list, init=False)
    receipts: dict[str, str] = attrs.field(factory=dict, init=False)
    _gone: "Deferred[None]" = attrs.field(factory=Deferred, init=False)
    _link: Link | None = attrs.field(default=None, init=False)
    _dialect: CmppDialect = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._dialect = CmppDialect(CmppSettings(self.login, self.secret))

    async def enter(self) -> None:
        """
        Log in; L{Unavailable} when not let in.
        """
        dialect, clock = self._dialect, SystemClock(self.reactor)
        link = Link(Session(dialect.protocol, dialect.version), self.reactor, "visitor")
        inside: Deferred[None] = Deferred()

        def refused(code: int, _version: int) -> None:
            inside.errback(Unavailable(f"login refused, code {code}"))

        link.on_open = lambda: link.login(dialect.login(clock.now()))
        link.on_bound = lambda *_: inside.callback(None)
        link.on_refused = refused
        link.on_received = self._given
        link.on_closed = lambda *_: self._gone.callback(None)
        endpoint = clientFromString(self.reactor, f"tcp:127.0.0.1:{self.port}")
        await endpoint.connect(Factory.forProtocol(lambda: link))
        await inside
        self._link = link

    def _given(self, sequence: int, pdu: Any) -> None:
        read = self._dialect.read(pdu, sequence)
        if isinstance(read, ReceiptIn):
            self.receipts[read.carrier_id] = read.state
        answer = self._dialect.acknowledge(pdu)
        if answer is not None and self._link is not None:
            self._link.answer(sequence, answer)

    async def submit(self, to: str, source: str, text: str, reference: int = 1) -> int:
        """
        A text, in parts if it is long; how many were taken.
        """
        link = self._link
        assert link is not None
        taken = 0
        for part in split(text, "", TextPolicy(), reference):
            segment = OutSegment(
                to,
                source,
                part.payload,
                int(part.coding),
                part.udhi,
                part.part,
                part.parts,
            )
            answer = await link.ask(self._dialect.submit(segment))
            outcome = self._dialect.outcome(answer, 0)
            if isinstance(outcome, Sent):
                self.ids.append(outcome.carrier_id)
                taken += 1
        return taken

    @property
    def done(self) -> bool:
        """
        Every submit has its receipt.
        """
        return bool(self.ids) and set(self.ids) <= self.receipts.keys()

    async def leave(self) -> None:
        """
        Log out.
        """
        if self._link is not None:
            self._link.close(0.0)
            await self._gone
