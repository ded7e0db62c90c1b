"""
SMGP in neutral values, for both ends of a link.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar

import attrs

from smsgw.protocols import smgp_values as values
from smsgw.protocols import udh
from smsgw.protocols.cmpp_values import moment, validity
from smsgw.protocols.codes import smgp as codes
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
from smsgw.protocols.rows import Pdu, WireError
from smsgw.protocols.smgp import (
    Deliver,
    DeliverResp,
    LoginResp,
    Query,
    QueryResp,
    Submit,
    SubmitResp,
)
from smsgw.protocols.smgp import Login as LoginPdu
from smsgw.protocols.smgp_rules import BAD_COMMAND, SMGP, layout, respond
from smsgw.protocols.smgp_settings import (
    MODES,
    VERSION_OF,
    SmgpSettings,
    smgp_settings,
)
from smsgw.protocols.stats import stat_of

__all__ = ["VERSION_OF", "SmgpDialect", "SmgpSettings", "smgp_settings"]

THROTTLED_FOR = 1.0
DUPLICATE, ERR = 12, 3
_STATUS: Mapping[str, int] = MappingProxyType(
    {
        "": 0,
        "busy": 1,
        "connections": 2,
        "format": 10,
        "address": 20,
        "account": 21,
        "secret": 21,
        "version": 22,
    }
)
_RESULT: Mapping[str, int] = MappingProxyType(
    {
        "": 0,
        "throttled": 1,  # the standard has no code of its own for it
        "busy": 1,
        "format": 10,
        "unsupported": BAD_COMMAND,
        "duplicate": DUPLICATE,
        "length": 36,
        "service": 43,
        "source": 46,
        "destination": 47,
        "funds": 75,
        "content": 106,  # nor for this: a vendor's
    }
)


@attrs.define(eq=False)
class SmgpDialect:
    """
    SMGP in the words of one contract.
    """

    protocol: ClassVar[Protocol] = SMGP
    numbers: ClassVar[None] = None
    settings: SmgpSettings
    _tlvs: dict[tuple[bool, int, int], dict[int, bytes]] = attrs.field(
        factory=dict, init=False
    )

    @property
    def version(self) -> int:
        """
        The layout to begin with.
        """
        return self.settings.version

    def login(self, now: float) -> LoginPdu:
        """
        A Login; C{now} is wall time.
        """
        s = self.settings
        octet = s.version if s.version_octet < 0 else s.version_octet
        return values.login(s.client_id, s.secret, s.login_mode, octet, now)

    def submit(self, segment: OutSegment) -> Submit:
        """
        The Submit of one part to one number.
        """
        s = self.settings
        return Submit(
            need_report=1 if segment.registered else 0,
            priority=s.priority,
            service_id=s.service_id,
            fee_type=s.fee_type,
            fee_code=s.fee_code,
            fixed_fee=s.fixed_fee,
            msg_format=segment.coding,
            valid_time=validity(segment.valid_until),
            at_time=validity(segment.at_time),
            src_term_id=segment.src,
            charge_term_id=s.charge_term_id,
            dest_term_id=(s.number_prefix + segment.to,),
            msg_content=segment.payload,
            tlvs=self._tlvs_of(segment),
        )

    def _tlvs_of(self, segment: OutSegment) -> dict[int, bytes]:
        """
        What a Submit says after its fixed fields; made once for each kind of part.
        """
        place = self.settings.pk_split and segment.parts > 1
        kind = (segment.udhi, *((segment.part, segment.parts) if place else (-1, -1)))
        found = self._tlvs.get(kind)
        if found is None:
            found = self._tlvs[kind] = self._made_tlvs(*kind)
        return found

    def _made_tlvs(self, udhi: bool, part: int, parts: int) -> dict[int, bytes]:
        """
        In the order of the tags; what is negative or empty is left out.
        """
        s = self.settings
        told: dict[int, int | str] = {
            values.TP_PID: s.tp_pid,
            values.TP_UDHI: 1 if udhi else 0,
            values.LINK_ID: s.link_id,
            values.CHARGE_USER_TYPE: s.charge_user_type,
            values.CHARGE_TERM_TYPE: s.charge_term_type,
            values.CHARGE_TERM_PSEUDO: s.charge_term_pseudo,
            values.DEST_TERM_TYPE: s.dest_term_type,
            values.DEST_TERM_PSEUDO: s.dest_term_pseudo,
            values.PK_TOTAL: parts,
            values.PK_NUMBER: part,
            values.SUBMIT_MSG_TYPE: s.submit_msg_type,
            values.SP_DEAL_RESULT: s.sp_deal_result,
            values.MSG_SRC: s.msg_src,
            values.M_SERVICE_ID: s.m_service_id,
        }
        return {
            tag: values.tlv_value(tag, value)
            for tag, value in told.items()
            if (value >= 0 if isinstance(value, int) else value)
        }

    def outcome(self, pdu: Pdu, sequence: int, again: bool = False) -> Outcome:
        """
        What a Submit_Resp decides; C{again}: it answers a frame sent twice.
        """
        assert isinstance(pdu, SubmitResp)
        if not pdu.status:
            return Sent(pdu.msg_id.hex() if any(pdu.msg_id) else "")
        table = self.settings.status_table
        if pdu.status == DUPLICATE and again and table != "old":
            return Sent("")  # the first copy was taken
        code = str(pdu.status)
        class_ = codes.submit_status(pdu.status, table).class_.name
        if class_ == "throttle":
            return Throttled(THROTTLED_FOR, code)
        return Rejected(code, class_)

    def read(self, pdu: Pdu, sequence: int) -> ReceiptIn | InboundPart | None:
        """
        A report or a message of a phone; None for what cannot be read.
        """
        if not isinstance(pdu, Deliver):
            return None
        if pdu.is_report:
            return self._read_report(pdu)
        return InboundPart(
            number=pdu.src_term_id,
            access_number=pdu.dest_term_id,
            payload=pdu.msg_content,
            coding=pdu.msg_format,
            udhi=values.begins_with_udh(pdu.tlvs, pdu.msg_content, pdu.msg_format),
            delivery_id=pdu.msg_id.hex(),
        )

    def _read_report(self, pdu: Deliver) -> ReceiptIn | None:
        try:
            report = values.read_report(pdu.msg_content)
        except WireError:
            return None
        meaning = codes.report(report.stat, report.err)
        number, access_number = values.report_numbers(pdu)
        return ReceiptIn(
            carrier_id=report.msg_id.hex(),
            state=meaning.state,
            code=meaning.code,
            number=number,
            submit_time=report.submit_date,
            done_time=report.done_date,
            access_number=access_number,
            delivery_id=pdu.msg_id.hex(),
        )

    def acknowledge(self, pdu: Pdu) -> DeliverResp | None:
        """
        The Deliver_Resp for when a Deliver is durable; None for other PDUs.

        A report that cannot be read would only come again: it is taken too.
        """
        return DeliverResp(msg_id=pdu.msg_id) if isinstance(pdu, Deliver) else None

    # The other end: the simulator and our own server.

    def read_login(self, pdu: Pdu) -> Login:
        """
        Who asks to come in.
        """
        assert isinstance(pdu, LoginPdu)
        kind = MODES.get(pdu.login_mode, str(pdu.login_mode))
        proof = pdu.authenticator_client
        return Login(pdu.client_id, layout(pdu.client_version), kind, proof)

    def proves(self, pdu: Pdu, secret: str) -> bool:
        """
        Does the client know the secret?
        """
        return isinstance(pdu, LoginPdu) and values.check_login(pdu, secret)

    def admit(
        self, pdu: Pdu, word: str, secret: str, highest: int
    ) -> tuple[LoginResp, int, int]:
        """
        The answer to a login, its layout and its code; C{word} '' lets in.
        """
        assert isinstance(pdu, LoginPdu)
        code = _STATUS[word]
        answer = values.login_resp(pdu, code, secret, highest)
        return answer, layout(pdu.client_version) or layout(highest), code

    def read_submit(self, pdu: Pdu) -> list[OutSegment] | None:
        """
        What a Submit asks for, one value per number; None for another PDU.
        """
        if not isinstance(pdu, Submit):
            return None
        content, tlvs = pdu.msg_content, pdu.tlvs
        headed = values.begins_with_udh(tlvs, content, pdu.msg_format)
        header = udh.split(content)[0] if headed else udh.Udh()
        valid, at = moment(pdu.valid_time), moment(pdu.at_time)
        return [
            OutSegment(
                to=number,
                src=pdu.src_term_id,
                payload=content,
                coding=pdu.msg_format,
                udhi=headed,
                part=values.tlv_number(tlvs, values.PK_NUMBER, header.part),
                parts=values.tlv_number(tlvs, values.PK_TOTAL, header.parts),
                registered=pdu.need_report == 1,
                at_time=at,
                valid_until=valid,
                service=pdu.service_id,
            )
            for number in pdu.dest_term_id
        ]

    def new_id(self, at: float, gateway: int, counter: int, sequence: int) -> str:
        """
        The id of an accepted Submit.
        """
        opaque = self.settings.opaque_ids
        return values.msg_id_of(at, gateway, counter, opaque).hex()

    def submitted(
        self, pdu: Pdu, carrier_id: str, word: str = "", code: int = 0
    ) -> SubmitResp:
        """
        The answer to a Submit: its id, or the refusal in a word or as a raw code.
        """
        status = code or _RESULT[word]
        msg_id = values.msg_id_octets("" if status else carrier_id)
        return SubmitResp(msg_id=msg_id, status=status)

    def answer_other(self, pdu: Pdu) -> Pdu | None:
        """
        The answer to what is no submit: no counters, no other command.
        """
        if isinstance(pdu, Query):
            return QueryResp(
                query_time=pdu.query_time,
                query_type=pdu.query_type,
                query_code=pdu.query_code,
            )
        return respond(pdu.command, BAD_COMMAND, b"")

    def deliver_receipt(self, receipt: ReceiptIn, delivery_id: str) -> Deliver:
        """
        The Deliver of a report; its code is one of ours, C{STAT/err}.
        """
        stat, _, err = receipt.code.partition("/")
        stat = stat_of(stat, receipt.state)
        report = values.Report(
            msg_id=values.msg_id_octets(receipt.carrier_id),
            stat=stat,
            err=err if 0 < len(err) <= ERR and err.isascii() else "000",
            submit_date=receipt.submit_time,
            done_date=receipt.done_time,
            dlvrd="001" if stat == "DELIVRD" else "000",
        )
        done = receipt.done_time
        return Deliver(
            msg_id=values.msg_id_octets(delivery_id),
            is_report=1,
            recv_time=f"20{done}00" if len(done) == 10 else "",
            src_term_id=receipt.number,
            dest_term_id=receipt.access_number,
            msg_content=values.build_report(report, self.settings.report_form),
        )

    def deliver_inbound(
        self, part: InboundPart, delivery_id: str, indicator: int = 1
    ) -> Deliver:
        """
        The Deliver of a phone's message; C{indicator} is TP_udhi if it has one.
        """
        header = indicator if part.udhi else 0
        return Deliver(
            msg_id=values.msg_id_octets(delivery_id),
            msg_format=part.coding,
            src_term_id=part.number,
            dest_term_id=part.access_number,
            msg_content=part.payload,
            tlvs={values.TP_PID: b"\0", values.TP_UDHI: bytes([header])},
        )

    def delivered(self, pdu: Pdu) -> bool:
        """
        Did the client take a Deliver?
        """
        return isinstance(pdu, DeliverResp) and not pdu.status
