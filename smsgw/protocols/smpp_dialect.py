"""
SMPP in neutral values, for both ends of a link.
"""

from collections.abc import Mapping
from hmac import compare_digest
from types import MappingProxyType
from typing import ClassVar

import attrs

from smsgw.protocols import smpp_values as values
from smsgw.protocols.cmpp_values import msg_id_of, validity
from smsgw.protocols.codes import smpp as codes
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
from smsgw.protocols.smpp import (
    Bind,
    BindReceiver,
    BindResp,
    BindTransceiver,
    BindTransmitter,
    CancelSm,
    DataSm,
    DataSmResp,
    DeliverSm,
    DeliverSmResp,
    GenericNack,
    IdResp,
    QuerySm,
    ReplaceSm,
    SmppPdu,
    SubmitMulti,
    SubmitMultiResp,
    SubmitSm,
)
from smsgw.protocols.smpp_coding import from_carrier, placed, to_carrier
from smsgw.protocols.smpp_parts import NUMBER
from smsgw.protocols.smpp_rules import (
    BAD_COMMAND,
    SC_INTERFACE_VERSION,
    SMPP,
    layout,
    respond,
)
from smsgw.protocols.smpp_settings import VERSION_OF, SmppSettings, smpp_settings
from smsgw.protocols.stats import stat_of

__all__ = ["VERSION_OF", "SmppDialect", "SmppSettings", "smpp_settings"]

THROTTLED_FOR = 1.0
_BINDS: Mapping[str, type[Bind]] = MappingProxyType(
    {
        "transmitter": BindTransmitter,
        "receiver": BindReceiver,
        "transceiver": BindTransceiver,
    }
)
_KIND: Mapping[int, str] = MappingProxyType({c.command: k for k, c in _BINDS.items()})
_STATUS: Mapping[str, int] = MappingProxyType(
    {
        "": 0,
        "format": 0x01,
        "busy": 0x08,
        "account": 0x0D,
        "secret": 0x0D,
        "version": 0x0D,
        "address": 0x0D,
        "connections": 0x58,
    }
)
_RESULT: Mapping[str, int] = MappingProxyType(
    {
        "": 0,
        "format": 0x01,
        "length": 0x01,
        "unsupported": BAD_COMMAND,
        "source": 0x0A,
        "destination": 0x0B,
        "busy": 0x14,  # asks for a second try later
        "service": 0x15,
        "duplicate": 0x45,
        "funds": 0x45,  # the standard has no code of its own for it
        "throttled": 0x58,
        "content": 0x66,  # nor for this before 5.0
    }
)
_OTHER: Mapping[type[Pdu], int] = MappingProxyType(
    {QuerySm: 0x67, CancelSm: 0x11, ReplaceSm: 0x13}
)


@attrs.define(eq=False)
class SmppDialect:
    """
    SMPP in the words of one contract.
    """

    protocol: ClassVar[Protocol] = SMPP
    numbers: ClassVar[None] = None
    settings: SmppSettings

    @property
    def version(self) -> int:
        """
        The layout to begin with.
        """
        return self.settings.version

    def login(self, now: float) -> Bind:
        """
        A bind; it proves itself by the password alone.
        """
        s = self.settings
        return _BINDS[s.bind](
            system_id=s.system_id,
            password=s.secret,
            system_type=s.system_type,
            interface_version=s.version if s.version_octet < 0 else s.version_octet,
            addr_ton=s.addr_ton,
            addr_npi=s.addr_npi,
            address_range=s.address_range,
        )

    def submit(self, segment: OutSegment) -> SubmitSm:
        """
        The SUBMIT_SM of one part to one number.
        """
        s = self.settings
        payload, coding = to_carrier(segment.payload, segment.udhi, segment.coding, s)
        short, tlvs, flag = placed(payload, segment.udhi, s)
        ton, npi = values.kind_of(segment.src, (s.source_ton, s.source_npi))
        return SubmitSm(
            service_type=s.service_type,
            source_addr_ton=ton,
            source_addr_npi=npi,
            source_addr=segment.src,
            dest_addr_ton=s.dest_ton,
            dest_addr_npi=s.dest_npi,
            destination_addr=values.prefixed(segment.to, s.number_prefix),
            esm_class=s.esm_class | flag,
            protocol_id=s.protocol_id,
            priority_flag=s.priority_flag,
            schedule_delivery_time=validity(segment.at_time) if s.send_times else "",
            validity_period=validity(segment.valid_until) if s.send_times else "",
            registered_delivery=s.registered_delivery if segment.registered else 0,
            data_coding=coding,
            short_message=short,
            tlvs=tlvs,
        )

    def outcome(self, pdu: Pdu, sequence: int, again: bool = False) -> Outcome:
        """
        What an answer decides; a GENERIC_NACK refuses whatever it says.
        """
        assert isinstance(pdu, SmppPdu)
        if isinstance(pdu, IdResp | SubmitMultiResp) and not pdu.command_status:
            return Sent(values.resp_id(pdu.message_id or "", self.settings.id_base))
        status = pdu.command_status
        code = codes.status_text(status)
        class_ = self.settings.status_classes.get(status)
        class_ = class_ or codes.command_status(status or BAD_COMMAND).class_.name
        if class_ == "throttle":
            return Throttled(THROTTLED_FOR, code)
        return Rejected(code, class_)

    def read(self, pdu: Pdu, sequence: int) -> ReceiptIn | InboundPart | None:
        """
        A receipt or a message of a phone; None for what cannot be read.
        """
        if not isinstance(pdu, DeliverSm | DataSm):
            return None
        if values.is_receipt(pdu):
            return self._read_receipt(pdu, sequence)
        payload, header = values.payload_of(pdu)
        headed = bool(header.octets)
        payload, coding = from_carrier(payload, headed, pdu.data_coding, self.settings)
        return InboundPart(
            number=values.unprefixed(pdu.source_addr, self.settings.number_prefix),
            access_number=pdu.destination_addr.removeprefix("+"),
            payload=payload,
            coding=coding,
            udhi=headed,
            delivery_id=values.delivery_id(pdu, sequence),
        )

    def _read_receipt(self, pdu: DeliverSm | DataSm, sequence: int) -> ReceiptIn | None:
        told = values.read_receipt(values.content_of(pdu), pdu.data_coding)
        carrier_id = values.receipt_id(told, pdu.tlvs, self.settings.id_base)
        if not carrier_id:
            return None
        meaning = codes.receipt(
            told.get("stat", ""),
            told.get("err", "") or values.err_of(pdu.tlvs),
            values.state_of(pdu.tlvs),
        )
        return ReceiptIn(
            carrier_id=carrier_id,
            state="pending" if values.is_intermediate(pdu) else meaning.state,
            code=meaning.code,
            number=values.unprefixed(pdu.source_addr, self.settings.number_prefix),
            submit_time=told.get("submit_date", ""),
            done_time=told.get("done_date", ""),
            access_number=pdu.destination_addr.removeprefix("+"),
            delivery_id=f"{sequence:08x}",
        )

    def acknowledge(self, pdu: Pdu) -> IdResp | None:
        """
        The answer for when a delivery is durable; None for other PDUs.

        A receipt that cannot be read would only come again: it is taken too.
        """
        if isinstance(pdu, DeliverSm):
            return DeliverSmResp(message_id="")
        return DataSmResp(message_id="") if isinstance(pdu, DataSm) else None

    # The other end: the simulator and our own server.

    def read_login(self, pdu: Pdu) -> Login:
        """
        Who asks to come in, and for which way.
        """
        assert isinstance(pdu, Bind)
        return Login(pdu.system_id, layout(pdu.interface_version), _KIND[pdu.command])

    def proves(self, pdu: Pdu, secret: str) -> bool:
        """
        Does the client know the secret?
        """
        told = pdu.password if isinstance(pdu, Bind) else None
        return told is not None and compare_digest(told.encode(), secret.encode())

    def admit(
        self, pdu: Pdu, word: str, secret: str, highest: int
    ) -> tuple[Pdu, int, int]:
        """
        The answer to a bind, its layout and its code; C{word} '' lets in.
        """
        assert isinstance(pdu, Bind)
        code = _STATUS[word]
        answer = respond(pdu.command, code)
        assert isinstance(answer, BindResp)
        if not code:
            answer.system_id = self.settings.server_id
            answer.tlvs = {SC_INTERFACE_VERSION: bytes([highest])}
        return answer, min(layout(pdu.interface_version), layout(highest)), code

    def read_submit(self, pdu: Pdu, now: float = 0.0) -> list[OutSegment] | None:
        """
        What a submit asks for, one value per number; None for another PDU.

        Without C{now} a time from now on is none. Lists of a centre are passed over.
        """
        if isinstance(pdu, SubmitMulti):
            targets = [t.address for t in pdu.dest_address if t.flag == NUMBER]
        elif isinstance(pdu, SubmitSm | DataSm):
            targets = [pdu.destination_addr]
        else:
            return None
        payload, header = values.payload_of(pdu)
        headed = bool(header.octets)
        payload, coding = from_carrier(payload, headed, pdu.data_coding, self.settings)
        at_time, valid_until = values.times_of(pdu, now)
        return [
            OutSegment(
                to=values.unprefixed(number, self.settings.number_prefix),
                src=pdu.source_addr,
                payload=payload,
                coding=coding,
                udhi=headed,
                part=header.part,
                parts=header.parts,
                registered=pdu.registered_delivery & 3 != 0,
                at_time=at_time,
                valid_until=valid_until,
                service=pdu.service_type,
            )
            for number in targets
        ]

    def new_id(self, at: float, gateway: int, counter: int, sequence: int) -> str:
        """
        The id of an accepted submit, in the base of the contract.
        """
        return values.made_id(msg_id_of(at, gateway, counter), self.settings.id_base)

    def submitted(
        self, pdu: Pdu, carrier_id: str, word: str = "", code: int = 0
    ) -> Pdu:
        """
        The answer to a submit: its id, or the refusal in a word or as a raw code.
        """
        status = code or _RESULT[word]
        answer = respond(pdu.command, status)
        if isinstance(answer, IdResp | SubmitMultiResp) and not status:
            answer.message_id = carrier_id
        return answer or GenericNack(command_status=status)

    def answer_other(self, pdu: Pdu) -> Pdu | None:
        """
        The answer to what is no submit: nothing is known, changed or taken back.
        """
        return respond(pdu.command, _OTHER.get(type(pdu), BAD_COMMAND))

    def deliver_receipt(self, receipt: ReceiptIn, delivery_id: str) -> DeliverSm:
        """
        The DELIVER_SM of a receipt; its code is one of ours, C{STAT/err}.
        """
        s = self.settings
        stat, _, err = receipt.code.partition("/")
        stat = stat_of(stat, receipt.state)
        told = {
            "id": values.written_id(receipt.carrier_id, s.id_base),
            "dlvrd": "001" if stat == "DELIVRD" else "000",
            "submit_date": receipt.submit_time,
            "done_date": receipt.done_time,
            "stat": stat,
        }
        if 0 < len(err) <= values.ERR and err.isascii() and err.isalnum():
            told["err"] = err
        tlvs = {
            values.RECEIPTED_MESSAGE_ID: receipt.carrier_id.encode("latin-1") + b"\0",
            values.MESSAGE_STATE: bytes([values.state_number(stat, receipt.state)]),
        }
        pdu = self._delivery(receipt.number, receipt.access_number)
        pdu.esm_class = values.receipt_class(receipt.state)
        pdu.short_message = values.build_receipt(told)
        pdu.tlvs = tlvs if s.receipt_tlvs else {}
        return pdu

    def deliver_inbound(
        self, part: InboundPart, delivery_id: str, indicator: int = 1
    ) -> DeliverSm:
        """
        The DELIVER_SM of a phone's message; SMPP has one indicator of a header.
        """
        s = self.settings
        pdu = self._delivery(part.number, part.access_number)
        payload, pdu.data_coding = to_carrier(part.payload, part.udhi, part.coding, s)
        pdu.short_message, pdu.tlvs, pdu.esm_class = placed(payload, part.udhi, s)
        return pdu

    def _delivery(self, number: str, access_number: str) -> DeliverSm:
        s = self.settings
        ton, npi = values.kind_of(access_number, (s.source_ton, s.source_npi))
        return DeliverSm(
            service_type=s.service_type,
            source_addr_ton=s.dest_ton,
            source_addr_npi=s.dest_npi,
            source_addr=values.prefixed(number, s.number_prefix),
            dest_addr_ton=ton,
            dest_addr_npi=npi,
            destination_addr=access_number,
        )

    def delivered(self, pdu: Pdu) -> bool:
        """
        Did the client take a delivery?
        """
        return isinstance(pdu, DeliverSmResp | DataSmResp) and not pdu.command_status
