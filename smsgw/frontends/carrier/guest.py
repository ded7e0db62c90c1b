"""
A system's connection to us: its login, its submits, what we deliver over it.
"""

from typing import TYPE_CHECKING, Any

from twisted.internet.interfaces import IReactorTime

from smsgw.link import Link
from smsgw.protocols.dialects import Host
from smsgw.protocols.rows import Pdu
from smsgw.protocols.session import Session
from smsgw.tasks import spawn

if TYPE_CHECKING:
    from smsgw.frontends.carrier.desk import Desk

__all__ = ["Guest"]


class Guest(Link):
    """
    C{host} speaks the layout that was agreed on; C{login} is '' until then.

    C{unanswered} submits are at work: the window's measure. C{outward}: we came to
    the system, not the system to us.
    """

    def __init__(
        self,
        session: Session,
        clock: IReactorTime,
        desk: "Desk",
        host: Host,
        address: str,
    ) -> None:
        super().__init__(session, clock, f"{session.protocol.name} from {address}")
        self.desk = desk
        self.host = host
        self.address = address
        self.login_name = ""
        self.kind = ""
        self.unanswered = 0
        self.outward = False
        self.on_login = self._login
        self.on_received = self._received
        self.on_closed = self._closed

    def connectionMade(self) -> None:
        """
        Too many strangers at the door are turned away before they speak.
        """
        super().connectionMade()
        if not self.desk.enter(self):
            self.abort()

    def _login(self, sequence: int, pdu: Pdu) -> None:
        answer, layout, code = self.desk.knock(self, pdu)
        if code:
            self.refuse_login(sequence, answer, layout, code)
        else:
            self.accept_login(sequence, answer, layout)

    def _received(self, sequence: int, pdu: Pdu) -> None:
        segments = self.host.read_submit(pdu)
        if segments:
            self.unanswered += 1
            spawn("submit", self._submit(sequence, pdu, segments))
            return
        other = self.host.answer_other(pdu)
        if other is not None:
            self.answer(sequence, other)

    async def _submit(self, sequence: int, pdu: Pdu, segments: list[Any]) -> None:
        carrier_id = self.desk.new_id(self.host, sequence)
        word = await self.desk.submit(self, segments, carrier_id)
        self.unanswered -= 1
        self.answer(sequence, self.host.submitted(pdu, carrier_id, word))

    def _closed(self, reason: str, code: int, tokens: list[Any]) -> None:
        self.desk.leave(self)
