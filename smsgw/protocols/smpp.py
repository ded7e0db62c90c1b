"""
SMPP 3.3, 3.4 and 5.0: the PDUs between an ESME and a message centre.

All versions have one layout, but for the TLVs that nobody sends to 3.3;
C{smpp.md} section 3 has the same rows. Every PDU has its header's status.
"""

from collections.abc import Mapping

from smsgw.protocols.smpp_forms import (
    HEADER,
    V33,
    V34,
    V50,
    VERSIONS,
    Bind,
    BindResp,
    IdResp,
    Message,
    SmppPdu,
    tagged,
)
from smsgw.protocols.smpp_parts import (
    Failed,
    Target,
    read_failed,
    read_target,
    write_failed,
    write_target,
)
from smsgw.protocols.wire import (
    counted,
    cstring,
    listed,
    optional,
    pdu,
    uint,
)

__all__ = [
    "HEADER",
    "PDUS",
    "V33",
    "V34",
    "V50",
    "VERSIONS",
    "AlertNotification",
    "Bind",
    "BindReceiver",
    "BindReceiverResp",
    "BindResp",
    "BindTransceiver",
    "BindTransceiverResp",
    "BindTransmitter",
    "BindTransmitterResp",
    "CancelSm",
    "CancelSmResp",
    "DataSm",
    "DataSmResp",
    "DeliverSm",
    "DeliverSmResp",
    "EnquireLink",
    "EnquireLinkResp",
    "GenericNack",
    "IdResp",
    "Message",
    "Outbind",
    "QuerySm",
    "QuerySmResp",
    "ReplaceSm",
    "ReplaceSmResp",
    "SmppPdu",
    "SubmitMulti",
    "SubmitMultiResp",
    "SubmitSm",
    "SubmitSmResp",
    "Unbind",
    "UnbindResp",
]


@pdu(0x80000000, "generic_nack", VERSIONS, HEADER)
class GenericNack(SmppPdu):
    """
    The answer to what could not be read.
    """


@pdu(0x00000001, "bind_receiver", VERSIONS, HEADER)
class BindReceiver(Bind):
    """
    Log in to be given messages.
    """


@pdu(0x80000001, "bind_receiver_resp", VERSIONS, HEADER)
class BindReceiverResp(BindResp):
    """
    The answer to a receiver.
    """


@pdu(0x00000002, "bind_transmitter", VERSIONS, HEADER)
class BindTransmitter(Bind):
    """
    Log in to submit.
    """


@pdu(0x80000002, "bind_transmitter_resp", VERSIONS, HEADER)
class BindTransmitterResp(BindResp):
    """
    The answer to a transmitter.
    """


@pdu(0x00000003, "query_sm", VERSIONS, HEADER)
class QuerySm(SmppPdu):
    """
    What became of a message?
    """

    message_id: str = cstring(65, "message_id")
    source_addr_ton: int = uint(1, "source_addr_ton", default=0)
    source_addr_npi: int = uint(1, "source_addr_npi", default=0)
    source_addr: str = cstring(21, "source_addr", default="")


@pdu(0x80000003, "query_sm_resp", VERSIONS, HEADER)
class QuerySmResp(SmppPdu):
    """
    A message's state; C{final_date} is empty before its end.
    """

    message_id: str | None = optional(65, "message_id", default=None)
    final_date: str = cstring(17, "final_date", default="")
    message_state: int = uint(1, "message_state", default=0)
    error_code: int = uint(1, "error_code", default=0)


@pdu(0x00000004, "submit_sm", VERSIONS, HEADER)
class SubmitSm(Message):
    """
    A message to a phone (MT).
    """


@pdu(0x80000004, "submit_sm_resp", VERSIONS, HEADER)
class SubmitSmResp(IdResp):
    """
    Taken, or refused.
    """


@pdu(0x00000005, "deliver_sm", VERSIONS, HEADER)
class DeliverSm(Message):
    """
    A message from a phone (MO), or a receipt.
    """


@pdu(0x80000005, "deliver_sm_resp", VERSIONS, HEADER)
class DeliverSmResp(IdResp):
    """
    C{message_id} is unused: empty.
    """


@pdu(0x00000006, "unbind", VERSIONS, HEADER)
class Unbind(SmppPdu):
    """
    End of the session.
    """


@pdu(0x80000006, "unbind_resp", VERSIONS, HEADER)
class UnbindResp(SmppPdu):
    """
    After it both sides close.
    """


@pdu(0x00000007, "replace_sm", VERSIONS, HEADER)
class ReplaceSm(SmppPdu):
    """
    Another text for a message that waits.
    """

    message_id: str = cstring(65, "message_id")
    source_addr_ton: int = uint(1, "source_addr_ton", default=0)
    source_addr_npi: int = uint(1, "source_addr_npi", default=0)
    source_addr: str = cstring(21, "source_addr", default="")
    schedule_delivery_time: str = cstring(17, "schedule_delivery_time", default="")
    validity_period: str = cstring(17, "validity_period", default="")
    registered_delivery: int = uint(1, "registered_delivery", default=0)
    sm_default_msg_id: int = uint(1, "sm_default_msg_id", default=0)
    short_message: bytes = counted(1, "sm_length", "short_message", default=b"")
    tlvs: Mapping[int, bytes] = tagged()


@pdu(0x80000007, "replace_sm_resp", VERSIONS, HEADER)
class ReplaceSmResp(SmppPdu):
    """
    Replaced, or not.
    """


@pdu(0x00000008, "cancel_sm", VERSIONS, HEADER)
class CancelSm(SmppPdu):
    """
    Take a message back, or with an empty id all of a sender to a receiver.
    """

    service_type: str = cstring(6, "service_type", default="")
    message_id: str = cstring(65, "message_id", default="")
    source_addr_ton: int = uint(1, "source_addr_ton", default=0)
    source_addr_npi: int = uint(1, "source_addr_npi", default=0)
    source_addr: str = cstring(21, "source_addr", default="")
    dest_addr_ton: int = uint(1, "dest_addr_ton", default=0)
    dest_addr_npi: int = uint(1, "dest_addr_npi", default=0)
    destination_addr: str = cstring(21, "destination_addr", default="")


@pdu(0x80000008, "cancel_sm_resp", VERSIONS, HEADER)
class CancelSmResp(SmppPdu):
    """
    Taken back, or not.
    """


@pdu(0x00000009, "bind_transceiver", VERSIONS, HEADER)
class BindTransceiver(Bind):
    """
    Log in for both ways.
    """


@pdu(0x80000009, "bind_transceiver_resp", VERSIONS, HEADER)
class BindTransceiverResp(BindResp):
    """
    The answer to a transceiver.
    """


@pdu(0x0000000B, "outbind", VERSIONS, HEADER)
class Outbind(SmppPdu):
    """
    A centre asks us to bind; without an answer of its own.
    """

    system_id: str = cstring(16, "system_id")
    password: str = cstring(65, "password", default="")


@pdu(0x00000015, "enquire_link", VERSIONS, HEADER)
class EnquireLink(SmppPdu):
    """
    Are you there?
    """


@pdu(0x80000015, "enquire_link_resp", VERSIONS, HEADER)
class EnquireLinkResp(SmppPdu):
    """
    Yes.
    """


@pdu(0x00000021, "submit_multi", VERSIONS, HEADER)
class SubmitMulti(SmppPdu):
    """
    A message to many phones and lists.
    """

    service_type: str = cstring(6, "service_type", default="")
    source_addr_ton: int = uint(1, "source_addr_ton", default=0)
    source_addr_npi: int = uint(1, "source_addr_npi", default=0)
    source_addr: str = cstring(21, "source_addr")
    dest_address: tuple[Target, ...] = listed(
        1, "number_of_dests", "dest_address", read_target, write_target
    )
    esm_class: int = uint(1, "esm_class", default=0)
    protocol_id: int = uint(1, "protocol_id", default=0)
    priority_flag: int = uint(1, "priority_flag", default=0)
    schedule_delivery_time: str = cstring(17, "schedule_delivery_time", default="")
    validity_period: str = cstring(17, "validity_period", default="")
    registered_delivery: int = uint(1, "registered_delivery", default=0)
    replace_if_present_flag: int = uint(1, "replace_if_present_flag", default=0)
    data_coding: int = uint(1, "data_coding", default=0)
    sm_default_msg_id: int = uint(1, "sm_default_msg_id", default=0)
    short_message: bytes = counted(1, "sm_length", "short_message", default=b"")
    tlvs: Mapping[int, bytes] = tagged()


@pdu(0x80000021, "submit_multi_resp", VERSIONS, HEADER)
class SubmitMultiResp(SmppPdu):
    """
    Taken, but for those in C{unsuccess_sme}.
    """

    message_id: str | None = optional(65, "message_id", default=None)
    unsuccess_sme: tuple[Failed, ...] = listed(
        1, "no_unsuccess", "unsuccess_sme", read_failed, write_failed, default=()
    )
    tlvs: Mapping[int, bytes] = tagged()


@pdu(0x00000102, "alert_notification", VERSIONS, HEADER)
class AlertNotification(SmppPdu):
    """
    A phone is there again; without an answer.
    """

    source_addr_ton: int = uint(1, "source_addr_ton", default=0)
    source_addr_npi: int = uint(1, "source_addr_npi", default=0)
    source_addr: str = cstring(65, "source_addr")
    esme_addr_ton: int = uint(1, "esme_addr_ton", default=0)
    esme_addr_npi: int = uint(1, "esme_addr_npi", default=0)
    esme_addr: str = cstring(65, "esme_addr", default="")
    tlvs: Mapping[int, bytes] = tagged()


@pdu(0x00000103, "data_sm", VERSIONS, HEADER)
class DataSm(SmppPdu):
    """
    A message either way whose text is in message_payload.
    """

    service_type: str = cstring(6, "service_type", default="")
    source_addr_ton: int = uint(1, "source_addr_ton", default=0)
    source_addr_npi: int = uint(1, "source_addr_npi", default=0)
    source_addr: str = cstring(65, "source_addr")
    dest_addr_ton: int = uint(1, "dest_addr_ton", default=0)
    dest_addr_npi: int = uint(1, "dest_addr_npi", default=0)
    destination_addr: str = cstring(65, "destination_addr")
    esm_class: int = uint(1, "esm_class", default=0)
    registered_delivery: int = uint(1, "registered_delivery", default=0)
    data_coding: int = uint(1, "data_coding", default=0)
    tlvs: Mapping[int, bytes] = tagged()


@pdu(0x80000103, "data_sm_resp", VERSIONS, HEADER)
class DataSmResp(IdResp):
    """
    Taken, or refused.
    """


PDUS: dict[int, type[SmppPdu]] = {
    cls.command: cls
    for cls in (
        GenericNack,
        BindReceiver,
        BindReceiverResp,
        BindTransmitter,
        BindTransmitterResp,
        QuerySm,
        QuerySmResp,
        SubmitSm,
        SubmitSmResp,
        DeliverSm,
        DeliverSmResp,
        Unbind,
        UnbindResp,
        ReplaceSm,
        ReplaceSmResp,
        CancelSm,
        CancelSmResp,
        BindTransceiver,
        BindTransceiverResp,
        Outbind,
        EnquireLink,
        EnquireLinkResp,
        SubmitMulti,
        SubmitMultiResp,
        AlertNotification,
        DataSm,
        DataSmResp,
    )
}
