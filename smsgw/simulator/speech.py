"""
What a simulated carrier needs of a protocol besides its dialect: ids, the order
of refusals, codes.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import attrs

from smsgw.protocols.dialects import Host, dialect_of
from smsgw.protocols.neutral import InboundPart, OutSegment, ReceiptIn
from smsgw.protocols.protocol import Protocol as Rules
from smsgw.protocols.rows import Pdu
from smsgw.simulator.codes import state_of
from smsgw.simulator.rules import Outcome
from smsgw.simulator.scenario import Account, Scenario

__all__ = ["Speech", "code_refusal", "plain_number", "word_refusal"]

DELIVER_GATEWAY = 500_000  # deliveries have ids of their own
MOST_NUMBERS = 99
_UNTOLD = ("sgip",)  # their logins tell no version
_STATUS = ("status", "result", "command_status")
_OTHER_LAYOUT: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"smgp": {"report_form": "tight"}}
)
_DIGESTS = ("authenticator_ismg", "authenticator_server")


@lru_cache(1024)
def code_refusal(code: int) -> Outcome:
    """
    A submit refused with a raw code.
    """
    return Outcome(f"result_{code}", code)


@lru_cache(64)
def word_refusal(word: str) -> Outcome:
    """
    A submit refused as the protocol says it.
    """
    return Outcome(word, word=word)


def plain_number(number: str) -> str:
    """
    The number without + and 86; '' if it is none of 11 digits.
    """
    if len(number) != 11:
        number = number.removeprefix("+")
        if len(number) == 13 and number.startswith("86"):
            number = number[2:]
    return number if len(number) == 11 and number.isdigit() else ""


@attrs.define(eq=False)
class Speech:
    """
    A carrier's words for one account. C{ids} counts for all its accounts.
    """

    scenario: Scenario
    account: Account
    ids: Any
    host: Any = attrs.field(init=False)
    _other: Any = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.host = self.dialect()
        self._other = self.dialect(**_OTHER_LAYOUT.get(self.scenario.protocol, {}))

    def dialect(self, login: str = "", **more: Any) -> Any:
        """
        The dialect of the account, with further settings.
        """
        account, scenario = self.account, self.scenario
        version = account.version
        extra: dict[str, Any] = {"node": scenario.node, **account.settings, **more}
        return dialect_of(
            scenario.protocol,
            login or account.login,
            account.secret,
            scenario.version_name if version == "any" else version,
            str(extra.pop("service_id", "")),
            extra,
        )

    @property
    def protocol(self) -> Rules:
        """
        What a session must know.
        """
        host: Host = self.host
        return host.protocol

    # Logins.

    def admit(self, pdu: Pdu, known: bool, word: str) -> tuple[Any, int, int]:
        """
        The answer to a login, its layout and its code. C{word} is what speaks
        against it already.
        """
        host: Any = self.host
        asked, highest = host.read_login(pdu), host.version
        if not known:
            word = "account"
        elif not host.proves(pdu, self.account.secret):
            word = "secret"
        elif not self._speaks(asked.version, highest):
            word = "version"
        answer: tuple[Any, int, int]
        answer = host.admit(pdu, word, self.account.secret, highest)
        return answer

    def _speaks(self, asked: int, highest: int) -> bool:
        if self.account.version != "any" or self.scenario.protocol in _UNTOLD:
            return True
        return 0 < asked <= highest

    def keep_out(self, pdu: Pdu, told: str) -> tuple[Any, int, int]:
        """
        A refusal for no reason: a word, or a raw code.
        """
        if not told.isdecimal():
            answer: tuple[Any, int, int] = self.host.admit(
                pdu, told, self.account.secret, self.scenario.version
            )
            return answer
        pdu, layout, _ = self.host.admit(pdu, "busy", "", self.scenario.version)
        for name in _STATUS:
            if hasattr(pdu, name):
                setattr(pdu, name, int(told))
        return pdu, layout, int(told)

    def unsign(self, answer: Any) -> None:
        """
        Spoil the answer's digest, where there is one.
        """
        for name in _DIGESTS:
            if hasattr(answer, name):
                setattr(answer, name, bytes(16))

    # Submits.

    def read(self, pdu: Pdu) -> list[OutSegment] | None:
        """
        What a submit asks for; None for what is none, or has nobody to go to.
        """
        return self.host.read_submit(pdu) or None

    def form(self, pdu: Any, segments: Sequence[OutSegment]) -> Outcome | None:
        """
        The refusal of what is not written well.
        """
        first = segments[0]
        account = self.account
        if len(first.payload) > (140 if first.coding else 160):
            return word_refusal("length")
        if account.service_ids and first.service not in account.service_ids:
            return word_refusal("service")
        return None

    def rights(
        self, pdu: Any, segments: Sequence[OutSegment], numbers: Sequence[str]
    ) -> Outcome | None:
        """
        The refusal of what the contract does not allow.
        """
        if not segments[0].src.startswith(self.account.access):
            return word_refusal("source")
        if len(numbers) > MOST_NUMBERS or "" in numbers:
            return word_refusal("destination")
        return None

    def new_ids(self, now: float, several: int, sequence: int) -> Sequence[str]:
        """
        Ids for the recipients of one submit.
        """
        make, gateway, ids = self.host.new_id, self.scenario.gateway, self.ids
        return [make(now, gateway, next(ids), sequence) for _ in range(several)]

    def answer(self, pdu: Pdu, carrier_id: str, outcome: Outcome) -> Pdu:
        """
        The response to a submit.
        """
        made: Pdu = self.host.submitted(pdu, carrier_id, outcome.word, outcome.result)
        return made

    def other(self, pdu: Pdu, day: Callable[[], Mapping[str, int]]) -> Pdu | None:
        """
        The answer to a request that is no submit; C{day} tells today's counts.
        """
        host: Host = self.host
        return host.answer_other(pdu)

    # Deliveries.

    def delivery_ids(self, now: float, several: int) -> Sequence[str]:
        """
        Ids of deliveries.
        """
        make, ids = self.host.new_id, self.ids
        gateway = self.scenario.gateway + DELIVER_GATEWAY
        return [make(now, gateway, next(ids), 0) for _ in range(several)]

    def report(
        self,
        carrier_id: str,
        segment: OutSegment,
        number: str,
        stat: str,
        submitted: str,
        done: str,
        now: float,
        other_layout: bool,
    ) -> Pdu:
        """
        The delivery of a report.
        """
        receipt = ReceiptIn(
            carrier_id=carrier_id,
            state=state_of(stat),
            code=stat,
            number=number,
            submit_time=submitted,
            done_time=done,
            access_number=segment.src,
        )
        host = self._other if other_layout else self.host
        made: Pdu = host.deliver_receipt(receipt, self.delivery_ids(now, 1)[0])
        return made

    def garbled(self, report: Any) -> Any:
        """
        A report like this one that nobody can read; None where there is none.
        """
        if hasattr(report, "short_message"):
            return attrs.evolve(report, short_message=b"id:", tlvs={})
        content = getattr(report, "msg_content", None)
        return None if content is None else attrs.evolve(report, msg_content=b"id:")

    def inbound(self, part: InboundPart, delivery_id: str, indicator: int) -> Pdu:
        """
        The delivery of a phone's message.
        """
        made: Pdu = self.host.deliver_inbound(part, delivery_id, indicator)
        return made

    def taken(self, asked: Any, answer: Any) -> str:
        """
        What a delivery's answer says: taken, refused or misanswered.
        """
        if answer is None:
            return "misanswered"
        return "taken" if self.host.delivered(answer) else "refused"
