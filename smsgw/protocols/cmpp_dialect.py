"""
CMPP in neutral values, for both ends of a link.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

import attrs

from smsgw.protocols import cmpp_values as values
from smsgw.protocols.cmpp import (
    V30,
    Cancel,
    CancelResp,
    Connect,
    ConnectResp,
    Deliver,
    DeliverResp,
    Query,
    QueryResp,
    Report,
    Submit,
    SubmitResp,
)
from smsgw.protocols.cmpp_rules import CMPP, layout, respond
from smsgw.protocols.codes import stat, submit_result
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
from smsgw.protocols.stats import stat_of
from smsgw.protocols.udh import has_udh

__all__ = ["VERSION_OF", "CmppDialect", "CmppSettings", "cmpp_settings"]

THROTTLED_FOR = 1.0
UCS2 = 8
UNSUPPORTED, DUPLICATE, MALFORMED, TAKEN = 2, 3, 4, 0
VERSION_OF: Mapping[str, int] = {"2.0": 0x20, "2.1": 0x21, "3.0": 0x30}


_STATUS: Mapping[str, int] = MappingProxyType(
    {
        "": 0,
        "format": 1,
        "account": 2,
        "secret": 3,
        "version": 4,
        "busy": 58,
        "connections": 56,
        "address": 57,
    }
)
_RESULT: Mapping[str, int] = MappingProxyType(
    {
        "": 0,
        "format": 1,
        "unsupported": 2,
        "duplicate": 3,
        "length": 6,
        "service": 7,
        "throttled": 8,
        "busy": 8,  # the only answer that asks for a second try
        "source": 10,
        "destination": 13,
        "funds": 5,
        "content": 76,
    }
)


@attrs.frozen
class CmppSettings:
    """
    A contract's fields. C{version_octet} below 0: the version's own.

    C{pk_split}: fill Pk_total and Pk_number with the part's place, else 1/1.
    C{number_prefix} goes before receivers. C{ucs2_fmt} is the Msg_Fmt of UCS-2
    texts: 25 keeps some gateways from adding their signature (section 11).
    """

    source_addr: str
    secret: str = attrs.field(repr=False)
    version: int = V30
    version_octet: int = -1
    msg_src: str = ""
    service_id: str = ""
    fee_user_type: int = 2
    fee_terminal_id: str = ""
    fee_type: str = "01"
    fee_code: str = "000000"
    msg_level: int = 0
    pk_split: bool = True
    link_id: str = ""
    number_prefix: str = ""
    ucs2_fmt: int = UCS2


def cmpp_settings(
    login: str, secret: str, version: str, service_id: str, extra: Mapping[str, Any]
) -> CmppSettings:
    """
    Settings of a channel's fields; what C{extra} says to others is passed over.
    """
    own = {a.name for a in attrs.fields(CmppSettings)} - {
        "source_addr",
        "secret",
        "version",
        "service_id",
    }
    return CmppSettings(
        source_addr=login,
        secret=secret,
        version=VERSION_OF[version],
        service_id=service_id,
        **{name: value for name, value in extra.items() if name in own},
    )


@attrs.define(eq=False)
class CmppDialect:
    """
    CMPP in the words of one contract.
    """

    protocol: ClassVar[Protocol] = CMPP
    numbers: ClassVar[None] = None
    settings: CmppSettings

    @property
    def version(self) -> int:
        """
        The layout to begin with.
        """
        return self.settings.version

    def login(self, now: float) -> Connect:
        """
        A CONNECT; C{now} is wall time.
        """
        s = self.settings
        octet = s.version if s.version_octet < 0 else s.version_octet
        return values.connect(s.source_addr, s.secret, octet, now)

    def submit(self, segment: OutSegment) -> Submit:
        """
        The SUBMIT of one part to one number.
        """
        s = self.settings
        split = s.pk_split
        return Submit(
            pk_total=segment.parts if split else 1,
            pk_number=segment.part if split else 1,
            registered_delivery=1 if segment.registered else 0,
            msg_level=s.msg_level,
            service_id=s.service_id,
            fee_user_type=s.fee_user_type,
            fee_terminal_id=s.fee_terminal_id,
            tp_udhi=1 if segment.udhi else 0,
            msg_fmt=s.ucs2_fmt if segment.coding == UCS2 else segment.coding,
            msg_src=s.msg_src or s.source_addr,
            fee_type=s.fee_type,
            fee_code=s.fee_code,
            valid_time=values.validity(segment.valid_until),
            at_time=values.validity(segment.at_time),
            src_id=segment.src,
            dest_terminal_id=(s.number_prefix + segment.to,),
            msg_content=segment.payload,
            link_id=s.link_id,
        )

    def outcome(self, pdu: Pdu, sequence: int, again: bool = False) -> Outcome:
        """
        What a SUBMIT_RESP decides; C{again}: it answers a frame sent twice.
        """
        assert isinstance(pdu, SubmitResp)
        if not pdu.result:
            return Sent(values.msg_id_hex(pdu.msg_id) if pdu.msg_id else "")
        code = str(pdu.result)
        if pdu.result == DUPLICATE and again:
            return Sent("")  # section 8.4: the first copy was taken
        class_ = submit_result(pdu.result).class_.name
        if class_ == "throttle":
            return Throttled(THROTTLED_FOR, code)
        return Rejected(code, class_)

    def read(self, pdu: Pdu, sequence: int) -> ReceiptIn | InboundPart | None:
        """
        A report or a message of a phone; None for what cannot be read.
        """
        if not isinstance(pdu, Deliver):
            return None
        if not pdu.registered_delivery:
            return InboundPart(
                number=pdu.src_terminal_id,
                access_number=pdu.dest_id,
                payload=pdu.msg_content,
                coding=pdu.msg_fmt,
                udhi=has_udh(pdu.tp_udhi),
                delivery_id=values.msg_id_hex(pdu.msg_id),
            )
        try:
            report = values.read_report(pdu)
        except WireError:
            return None
        meaning = stat(report.stat)
        return ReceiptIn(
            carrier_id=values.msg_id_hex(report.msg_id),
            state=meaning.state,
            code=meaning.code,
            number=report.dest_terminal_id or pdu.src_terminal_id,
            submit_time=report.submit_time,
            done_time=report.done_time,
            access_number=pdu.dest_id,
            delivery_id=values.msg_id_hex(pdu.msg_id),
        )

    def acknowledge(self, pdu: Pdu) -> DeliverResp | None:
        """
        The DELIVER_RESP for when a DELIVER is durable; None for other PDUs.
        """
        if not isinstance(pdu, Deliver):
            return None
        unread = pdu.registered_delivery and len(pdu.msg_content) < values.REPORT_HEAD
        return DeliverResp(msg_id=pdu.msg_id, result=MALFORMED if unread else TAKEN)

    # The other end: the simulator and our own server.

    def read_login(self, pdu: Pdu) -> Login:
        """
        Who asks to come in.
        """
        assert isinstance(pdu, Connect)
        proof = pdu.authenticator_source
        return Login(pdu.source_addr, layout(pdu.version), proof=proof)

    def proves(self, pdu: Pdu, secret: str) -> bool:
        """
        Does the client know the secret?
        """
        return isinstance(pdu, Connect) and values.check_connect(pdu, secret)

    def admit(
        self, pdu: Pdu, word: str, secret: str, highest: int
    ) -> tuple[ConnectResp, int, int]:
        """
        The answer to a login, its layout and its code; C{word} '' lets in.
        """
        assert isinstance(pdu, Connect)
        code = _STATUS[word]
        answer, lay = values.connect_resp(pdu, code, secret, highest)
        return answer, lay, code

    def read_submit(self, pdu: Pdu) -> list[OutSegment] | None:
        """
        What a SUBMIT asks for, one value per number; None for another PDU.
        """
        if not isinstance(pdu, Submit):
            return None
        valid, at = values.moment(pdu.valid_time), values.moment(pdu.at_time)
        return [
            OutSegment(
                to=number,
                src=pdu.src_id,
                payload=pdu.msg_content,
                coding=pdu.msg_fmt,
                udhi=has_udh(pdu.tp_udhi),
                part=pdu.pk_number,
                parts=pdu.pk_total,
                registered=pdu.registered_delivery == 1,
                at_time=at,
                valid_until=valid,
                service=pdu.service_id,
            )
            for number in pdu.dest_terminal_id
        ]

    def new_id(self, at: float, gateway: int, counter: int, sequence: int) -> str:
        """
        The id of an accepted SUBMIT.
        """
        return values.msg_id_hex(values.msg_id_of(at, gateway, counter))

    def submitted(
        self, pdu: Pdu, carrier_id: str, word: str = "", code: int = 0
    ) -> SubmitResp:
        """
        The answer to a SUBMIT: its id, or the refusal in a word or as a raw code.
        """
        result = code or _RESULT[word]
        msg_id = 0 if result else int(carrier_id or "0", 16)
        return SubmitResp(msg_id=msg_id, result=result)

    def answer_other(self, pdu: Pdu) -> Pdu | None:
        """
        The answer to what is no submit: no counters, nothing can be taken back.
        """
        if isinstance(pdu, Query):
            kind, code = pdu.query_type, pdu.query_code
            return QueryResp(time=pdu.time, query_type=kind, query_code=code)
        if isinstance(pdu, Cancel):
            return CancelResp(success_id=1)
        return respond(pdu.command, UNSUPPORTED, bytes(20))

    def deliver_receipt(self, receipt: ReceiptIn, delivery_id: str) -> Deliver:
        """
        The DELIVER of a report, in the version's layout; a code that is no Stat
        is told as its state's.
        """
        report = Report(
            msg_id=int(receipt.carrier_id, 16),
            stat=stat_of(receipt.code, receipt.state),
            submit_time=receipt.submit_time,
            done_time=receipt.done_time,
            dest_terminal_id=receipt.number,
        )
        body = Report.codecs[layout(self.settings.version)].encode(report)
        return Deliver(
            msg_id=int(delivery_id, 16),
            dest_id=receipt.access_number,
            service_id=self.settings.service_id,
            src_terminal_id=receipt.number,
            registered_delivery=1,
            msg_content=body,
        )

    def deliver_inbound(
        self, part: InboundPart, delivery_id: str, indicator: int = 1
    ) -> Deliver:
        """
        The DELIVER of a phone's message; C{indicator} is TP_udhi if it has one.
        """
        return Deliver(
            msg_id=int(delivery_id, 16),
            dest_id=part.access_number,
            service_id=self.settings.service_id,
            tp_udhi=indicator if part.udhi else 0,
            msg_fmt=part.coding,
            src_terminal_id=part.number,
            msg_content=part.payload,
        )

    def delivered(self, pdu: Pdu) -> bool:
        """
        Did the client take a DELIVER?
        """
        return isinstance(pdu, DeliverResp) and not pdu.result
