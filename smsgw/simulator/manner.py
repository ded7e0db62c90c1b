"""
How a simulated carrier speaks: what differs between protocols, as one value.
"""

from collections.abc import Callable, Sequence
from typing import Any, Protocol

import attrs

from smsgw.protocols.dialects import Nodes, dialect_of, numbers_of
from smsgw.protocols.neutral import InboundPart, OutSegment, ReceiptIn
from smsgw.protocols.protocol import Protocol as Rules
from smsgw.protocols.rows import Pdu
from smsgw.simulator.admission import Limiter, plain_number
from smsgw.simulator.faults import Faults
from smsgw.simulator.rules import Outcome
from smsgw.simulator.scenario import Account, Scenario
from smsgw.text import TextPolicy, split

__all__ = ["Admitted", "Asked", "HostManner", "Manner", "Told", "set_code"]

MO_PARTS = 255
THROTTLED = Outcome("too_fast", word="throttled")
_STATES = {"DELIVRD": "delivered", "EXPIRED": "expired", "UNKNOWN": "unknown"}
_CODES = ("status", "result", "command_status")
_SIGNED = ("authenticator_ismg", "authenticator_server")


@attrs.define
class Asked:
    """
    A submit, whatever its protocol; C{numbers} are plain, '' for a bad one.
    """

    pdu: Pdu
    numbers: Sequence[str]
    src: str
    content: bytes
    coding: int
    udhi: int
    registered: bool


@attrs.define(eq=False)
class Told:
    """
    A delivery that waits for its answer: a report, or a message of a phone.
    """

    pdu: Pdu
    report: bool


@attrs.frozen
class Admitted:
    """
    The answer to a login; C{code} 0 lets in. C{rules} for the session.
    """

    answer: Pdu
    layout: int
    code: int


class Manner(Protocol):
    """
    A carrier's protocol, as L{smsgw.simulator.carrier.Carrier} needs it.
    """

    @property
    def rules(self) -> Rules: ...
    @property
    def version(self) -> int: ...
    def numbers(self) -> Callable[[], int] | None: ...
    def login_of(self, pdu: Pdu) -> str: ...
    def admit(
        self, pdu: Pdu, account: Account | None, full: bool, faults: Faults
    ) -> Admitted: ...
    def read(self, pdu: Pdu) -> Asked | None: ...
    def other(self, pdu: Pdu, totals: Callable[[], Any]) -> Pdu | None: ...
    def refusal(
        self, asked: Asked, account: Account, limiter: Limiter, now: float
    ) -> Outcome | None: ...
    def take_ids(self, now: float, count: int, sequence: int) -> Sequence[Any]: ...
    def submitted(self, asked: Asked, message_id: Any, outcome: Outcome) -> Pdu: ...
    def shown(self, message_id: Any) -> str: ...
    def report(
        self,
        asked: Asked,
        message_id: Any,
        number: str,
        stat: str,
        times: tuple[bytes, bytes],
        faults: Faults,
        now: float,
    ) -> Any: ...
    def replies(
        self,
        number: str,
        access: str,
        text: str,
        coding: str,
        udhi: int,
        reference: int,
        now: float,
    ) -> Sequence[Any]: ...
    def delivered(self, token: Any, pdu: Pdu | None) -> bool | None: ...


def set_code(pdu: Pdu, code: int) -> None:
    """
    Put a raw code into an answer, wherever its protocol has it.
    """
    for name in _CODES:
        if hasattr(pdu, name):
            setattr(pdu, name, code)
            return


@attrs.define(eq=False)
class HostManner:
    """
    Any protocol, by its dialect's own end for carriers.
    """

    scenario: Scenario
    now: Callable[[], float]
    _host: Any = attrs.field(init=False)
    _second: int = attrs.field(default=0, init=False)
    _counter: int = attrs.field(default=0, init=False)
    _numbers: Callable[[], int] | None = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        protocol = self.scenario.protocol
        name = self.scenario.newest
        self._host = dialect_of(protocol, "", "", name, "", self.scenario.settings)
        nodes = Nodes(self.now)
        self._numbers = numbers_of(self._host, nodes, self.scenario.gateway)

    @property
    def rules(self) -> Rules:
        rules: Rules = self._host.protocol
        return rules

    @property
    def version(self) -> int:
        return self.scenario.version

    def numbers(self) -> Callable[[], int] | None:
        return self._numbers

    def login_of(self, pdu: Pdu) -> str:
        login: str = self._host.read_login(pdu).login
        return login

    def admit(
        self, pdu: Pdu, account: Account | None, full: bool, faults: Faults
    ) -> Admitted:
        host, asked = self._host, self._host.read_login(pdu)
        secret = account.secret if account is not None else ""
        word = self._judge(pdu, account, full, asked.version)
        answer, layout, code = host.admit(pdu, word, secret, self.version)
        if faults.refuse:
            code = faults.refuse
            answer, layout, _ = host.admit(pdu, "account", secret, self.version)
            set_code(answer, code)
        if faults.unsigned:
            for name in _SIGNED:
                if hasattr(answer, name):
                    setattr(answer, name, bytes(16))
        return Admitted(answer, layout, code)

    def _judge(
        self, pdu: Pdu, account: Account | None, full: bool, version: int
    ) -> str:
        if account is None:
            return "account"
        if not self._host.proves(pdu, account.secret):
            return "secret"
        if not version or version > self.version:
            return "version"
        return "connections" if full else ""

    def read(self, pdu: Pdu) -> Asked | None:
        segments: list[OutSegment] | None = self._host.read_submit(pdu)
        if not segments:
            return None
        first = segments[0]
        return Asked(
            pdu,
            [plain_number(one.to) for one in segments],
            first.src,
            first.payload,
            first.coding,
            int(first.udhi),
            first.registered,
        )

    def other(self, pdu: Pdu, totals: Callable[[], Any]) -> Pdu | None:
        answer: Pdu | None = self._host.answer_other(pdu)
        return answer

    def refusal(
        self, asked: Asked, account: Account, limiter: Limiter, now: float
    ) -> Outcome | None:
        if limiter.speed and not limiter.takes(len(asked.numbers), now):
            return THROTTLED
        if not asked.src.startswith(account.access):
            return Outcome("source", word="source")
        if "" in asked.numbers:
            return Outcome("destination", word="destination")
        return None

    def take_ids(self, now: float, count: int, sequence: int) -> Sequence[str]:
        """
        The same one for each number: its report names the number too.
        """
        if int(now) > self._second:
            self._second, self._counter = int(now), 0
        self._counter += 1
        gateway = self.scenario.gateway
        one = self._host.new_id(float(self._second), gateway, self._counter, sequence)
        return [one] * count

    def submitted(self, asked: Asked, message_id: Any, outcome: Outcome) -> Pdu:
        code, word = outcome.result, outcome.word
        answer: Pdu = self._host.submitted(asked.pdu, message_id or "", word, code)
        return answer

    def shown(self, message_id: str) -> str:
        return message_id

    def report(
        self,
        asked: Asked,
        message_id: str,
        number: str,
        stat: str,
        times: tuple[bytes, bytes],
        faults: Faults,
        now: float,
    ) -> Told:
        submitted, done = (one.decode() for one in times)
        receipt = ReceiptIn(
            message_id,
            _STATES.get(stat, "undelivered"),
            "" if stat in _STATES else stat,
            number,
            submitted,
            done,
            asked.src,
        )
        return Told(self._host.deliver_receipt(receipt, self._delivery(now)), True)

    def _delivery(self, now: float) -> str:
        (one,) = self.take_ids(now, 1, 0)
        return one

    def replies(
        self,
        number: str,
        access: str,
        text: str,
        coding: str,
        udhi: int,
        reference: int,
        now: float,
    ) -> Sequence[Told]:
        policy = TextPolicy(coding=coding, max_parts=MO_PARTS)
        return [
            Told(
                self._host.deliver_inbound(
                    InboundPart(number, access, one.payload, int(one.coding), one.udhi),
                    self._delivery(now),
                    udhi,
                ),
                False,
            )
            for one in split(text, "", policy, reference)
        ]

    def delivered(self, token: Told, pdu: Pdu | None) -> bool | None:
        """
        Was a delivery taken? None for an answer that makes no sense.
        """
        if pdu is None:
            return None
        taken: bool = self._host.delivered(pdu)
        return taken
