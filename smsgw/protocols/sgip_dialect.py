"""
SGIP in neutral values, for both ends of a link.

A link carries one direction: an SP binds to submit, a carrier binds to deliver.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

import attrs

from smsgw.protocols import sgip_values as values
from smsgw.protocols import udh
from smsgw.protocols.cmpp_values import moment, validity
from smsgw.protocols.codes import sgip as codes
from smsgw.protocols.neutral import (
    InboundPart,
    Login,
    Outcome,
    OutSegment,
    ReceiptIn,
    Rejected,
    Sent,
    Throttled,
)
from smsgw.protocols.protocol import Protocol
from smsgw.protocols.rows import Pdu
from smsgw.protocols.sgip import (
    V13,
    Bind,
    BindResp,
    Deliver,
    DeliverResp,
    Report,
    ReportResp,
    Submit,
    SubmitResp,
    UserRpt,
    UserRptResp,
)
from smsgw.protocols.sgip_rules import BAD_COMMAND, BAD_FORMAT, SGIP, respond
from smsgw.protocols.sgip_sequence import (
    Sequences,
    corp_id_of,
    sequence_hex,
    sequence_number,
)
from smsgw.protocols.sgip_settings import VERSION_OF, SgipSettings, sgip_settings

__all__ = ["VERSION_OF", "SgipDialect", "SgipSettings", "sgip_settings"]

THROTTLED_FOR = 1.0
REPEATED, TOO_MANY, NEVER, RECORD = 9, 19, 2, 3
_BIND: Mapping[str, int] = MappingProxyType(
    {
        "": 0,
        "account": 1,
        "secret": 1,
        "address": 1,  # the standard has no code of its own for it
        "connections": 3,
        "version": 4,
        "format": 5,
        "busy": 11,
    }
)
_RESULT: Mapping[str, int] = MappingProxyType(
    {
        "": 0,
        "format": BAD_FORMAT,
        "destination": 6,
        "unsupported": BAD_COMMAND,
        "length": 8,
        "duplicate": REPEATED,
        "busy": 11,
        "service": 13,  # this and what follows is 1.3's
        "content": 50,
        "funds": 94,
        "source": 101,
    }
)


@attrs.define(eq=False)
class SgipDialect:
    """
    SGIP in the words of one contract.

    C{numbers} is the node's source of sequences; who has several contracts for
    one node sets it to what L{smsgw.protocols.sgip_sequence.Nodes} gives. Its own
    one tells the time of the last login.
    """

    protocol: ClassVar[Protocol] = SGIP
    settings: SgipSettings
    numbers: Sequences = attrs.field(init=False)
    _at: float = attrs.field(default=0.0, init=False)

    def __attrs_post_init__(self) -> None:
        self.numbers = Sequences(self.settings.node, lambda: self._at)

    @property
    def version(self) -> int:
        """
        The layout to begin with.
        """
        return self.settings.version

    def login(self, now: float) -> Bind:
        """
        A Bind; C{now} is wall time.
        """
        self._at = now
        s = self.settings
        return Bind(
            login_type=s.login_type,
            login_name=s.login_name,
            login_password=s.secret,
        )

    def submit(self, segment: OutSegment) -> Submit:
        """
        The Submit of one part to one number.
        """
        s = self.settings
        return Submit(
            sp_number=segment.src,
            charge_number=s.charge_number,
            user_number=(self._prefixed(segment.to),),
            corp_id=s.corp_id or corp_id_of(s.node),
            service_type=s.service_type,
            fee_type=s.fee_type,
            fee_value=s.fee_value,
            given_value=s.given_value,
            agent_flag=s.agent_flag,
            more_late_to_mt_flag=s.more_late_to_mt_flag,
            priority=s.priority,
            expire_time=validity(segment.valid_until),
            schedule_time=validity(segment.at_time),
            report_flag=s.report_flag if segment.registered else s.silent_flag,
            tp_pid=s.tp_pid,
            tp_udhi=1 if segment.udhi else 0,
            message_coding=segment.coding,
            message_type=s.message_type,
            message_content=segment.payload,
            reserve=int(s.link_id or "0", 16),
        )

    def _prefixed(self, number: str) -> str:
        return values.prefixed_number(self.settings.number_prefix, number)

    def outcome(self, pdu: Pdu, sequence: int, again: bool = False) -> Outcome:
        """
        What a Submit_Resp decides; the id is the Submit's own C{sequence}.

        C{again}: it answers a frame sent twice.
        """
        assert isinstance(pdu, SubmitResp)
        if not pdu.result or (pdu.result == REPEATED and again):
            return Sent(sequence_hex(sequence))  # or the first copy was taken
        code = str(pdu.result)
        class_ = codes.submit_result(pdu.result).class_.name
        if class_ == "throttle":
            return Throttled(THROTTLED_FOR, code)
        return Rejected(code, class_)

    def read(self, pdu: Pdu, sequence: int) -> ReceiptIn | InboundPart | None:
        """
        A report or a message of a phone; None for what is neither.
        """
        if isinstance(pdu, Report):
            meaning = codes.report(pdu.state, pdu.error_code)
            return ReceiptIn(
                carrier_id=sequence_hex(pdu.submit_sequence),
                state=meaning.state,
                code=meaning.code,
                number=values.plain_number(pdu.user_number),
                delivery_id=sequence_hex(sequence),
            )
        if isinstance(pdu, Deliver):
            return InboundPart(
                number=values.plain_number(pdu.user_number),
                access_number=pdu.sp_number,
                payload=pdu.message_content,
                coding=pdu.message_coding,
                udhi=udh.has_udh(pdu.tp_udhi),
                delivery_id=sequence_hex(sequence),
            )
        return None

    def acknowledge(self, pdu: Pdu) -> Pdu | None:
        """
        The answer for when a delivery is durable; what no carrier should ask is
        refused. None for what is no request.
        """
        match pdu:
            case Deliver():
                return DeliverResp()
            case Report():
                return ReportResp()
            case UserRpt():
                return UserRptResp()
        return respond(pdu.command, BAD_COMMAND)

    # The other end: the simulator and our own server, and an SP's listener.

    def read_login(self, pdu: Pdu) -> Login:
        """
        Who asks to come in; no version is told, so any is asked for.
        """
        assert isinstance(pdu, Bind)
        return Login(pdu.login_name, V13, str(pdu.login_type))

    def proves(self, pdu: Pdu, secret: str) -> bool:
        """
        Does the client know the secret?
        """
        return isinstance(pdu, Bind) and values.check_bind(pdu, secret)

    def admit(
        self, pdu: Pdu, word: str, secret: str, highest: int
    ) -> tuple[BindResp, int, int]:
        """
        The answer to a login, its layout and its code; C{word} '' lets in.
        """
        code = _BIND[word]
        return BindResp(result=code), highest, code

    def read_submit(self, pdu: Pdu) -> list[OutSegment] | None:
        """
        What a Submit asks for, one value per number; None for another PDU, and
        none for a Submit that L{answer_other} refuses.

        ReportFlag 0, only failures, gets all reports.
        """
        if not isinstance(pdu, Submit):
            return None
        if self._refused(pdu):
            return []
        header = udh.Udh()
        if udh.has_udh(pdu.tp_udhi):
            header, _ = udh.split(pdu.message_content)
        valid, at = moment(pdu.expire_time), moment(pdu.schedule_time)
        return [
            OutSegment(
                to=values.plain_number(number),
                src=pdu.sp_number,
                payload=pdu.message_content,
                coding=pdu.message_coding,
                udhi=udh.has_udh(pdu.tp_udhi),
                part=header.part,
                parts=header.parts,
                registered=pdu.report_flag != NEVER,
                at_time=at,
                valid_until=valid,
                service=pdu.service_type,
            )
            for number in pdu.user_number
        ]

    def _refused(self, pdu: Submit) -> int:
        """
        The Result for what is nothing to send: no number, too many, or a record
        of a monthly fee.
        """
        if len(pdu.user_number) > self.settings.most_receivers:
            return TOO_MANY if self.version == V13 else BAD_FORMAT
        return 0 if pdu.user_number and pdu.report_flag != RECORD else BAD_FORMAT

    def new_id(self, at: float, gateway: int, counter: int, sequence: int) -> str:
        """
        The id of an accepted Submit: its own sequence.
        """
        return sequence_hex(sequence)

    def submitted(
        self, pdu: Pdu, carrier_id: str, word: str = "", code: int = 0
    ) -> SubmitResp:
        """
        The answer to a Submit: yes, or the refusal in a word or as a raw code.
        """
        if word == "throttled":
            code = code or self.settings.throttled_code
        return SubmitResp(result=code or _RESULT[word])

    def answer_other(self, pdu: Pdu) -> Pdu | None:
        """
        The answer to what is no submit: nothing is traced, all else refused.
        """
        code = self._refused(pdu) if isinstance(pdu, Submit) else 0
        return respond(pdu.command, code or BAD_COMMAND)

    def deliver_receipt(self, receipt: ReceiptIn, delivery_id: str) -> Report:
        """
        The Report of a receipt; its id is its sequence, not C{delivery_id}.
        """
        state, error = values.state_of(receipt.code, receipt.state)
        return Report(
            submit_sequence=sequence_number(receipt.carrier_id),
            user_number=self._prefixed(receipt.number),
            state=state,
            error_code=error,
        )

    def deliver_inbound(
        self, part: InboundPart, delivery_id: str, indicator: int = 1
    ) -> Deliver:
        """
        The Deliver of a phone's message; C{indicator} is TP_udhi if it has one.
        """
        return Deliver(
            user_number=self._prefixed(part.number),
            sp_number=part.access_number,
            tp_udhi=indicator if part.udhi else 0,
            message_coding=part.coding,
            message_content=part.payload,
            reserve=int(self.settings.link_id or "0", 16),
        )

    def delivered(self, pdu: Pdu) -> bool:
        """
        Did the client take a Deliver or a Report?
        """
        return isinstance(pdu, DeliverResp | ReportResp) and not pdu.result
