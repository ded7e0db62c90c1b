"""
What every protocol's dialect can do, at both ends of a link, and which there are.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol, runtime_checkable

import attrs

from smsgw.protocols.cmpp_dialect import VERSION_OF, CmppDialect, cmpp_settings
from smsgw.protocols.neutral import InboundPart, Login, Outcome, OutSegment, ReceiptIn
from smsgw.protocols.protocol import Protocol as Rules
from smsgw.protocols.rows import Pdu
from smsgw.protocols.sgip_dialect import SgipDialect
from smsgw.protocols.sgip_sequence import Nodes
from smsgw.protocols.sgip_settings import VERSION_OF as SGIP_VERSIONS
from smsgw.protocols.sgip_settings import sgip_settings
from smsgw.protocols.smgp_dialect import SmgpDialect
from smsgw.protocols.smgp_settings import VERSION_OF as SMGP_VERSIONS
from smsgw.protocols.smgp_settings import smgp_settings
from smsgw.protocols.smpp_dialect import SmppDialect
from smsgw.protocols.smpp_settings import VERSION_OF as SMPP_VERSIONS
from smsgw.protocols.smpp_settings import smpp_settings

__all__ = ["SPOKEN", "Dialect", "Host", "Nodes", "Spoken", "dialect_of", "numbers_of"]


class Dialect(Protocol):
    """
    Towards a carrier. C{version} is the layout a session begins with, C{numbers}
    its source of sequences if these are not the session's own.

    C{sequence} is the frame's: in SGIP it is the message's id as well.
    """

    @property
    def protocol(self) -> Rules: ...
    @property
    def version(self) -> int: ...
    @property
    def numbers(self) -> Callable[[], int] | None: ...
    def login(self, now: float) -> Pdu: ...
    def submit(self, segment: OutSegment) -> Pdu: ...
    def outcome(self, pdu: Pdu, sequence: int, again: bool = False) -> Outcome: ...
    def read(self, pdu: Pdu, sequence: int) -> ReceiptIn | InboundPart | None: ...
    def acknowledge(self, pdu: Pdu) -> Pdu | None: ...


@runtime_checkable
class Host(Protocol):
    """
    The carrier's end: the simulator, and our servers for systems that speak it.

    Words are those of L{smsgw.protocols.neutral}; '' is yes. C{admit} gives the
    answer, the layout it is sent in and its code. C{read_submit} gives None for
    a request that is none: C{answer_other} answers it.
    """

    @property
    def protocol(self) -> Rules: ...
    def read_login(self, pdu: Pdu) -> Login: ...
    def proves(self, pdu: Pdu, secret: str) -> bool: ...
    def admit(
        self, pdu: Pdu, word: str, secret: str, highest: int
    ) -> tuple[Pdu, int, int]: ...
    def read_submit(self, pdu: Pdu) -> list[OutSegment] | None: ...
    def new_id(self, at: float, gateway: int, counter: int, sequence: int) -> str: ...
    def submitted(
        self, pdu: Pdu, carrier_id: str, word: str = "", code: int = 0
    ) -> Pdu: ...
    def answer_other(self, pdu: Pdu) -> Pdu | None: ...
    def deliver_receipt(self, receipt: ReceiptIn, delivery_id: str) -> Pdu: ...
    def deliver_inbound(
        self, part: InboundPart, delivery_id: str, indicator: int = 1
    ) -> Pdu: ...
    def delivered(self, pdu: Pdu) -> bool: ...


@attrs.frozen
class Spoken:
    """
    A protocol we speak: its versions by name, and how a dialect is made from
    login, secret, version, service id and a contract's further settings.
    """

    versions: Mapping[str, int]
    make: Callable[[str, str, str, str, Mapping[str, Any]], Any]


def _cmpp(
    login: str, secret: str, version: str, service_id: str, extra: Mapping[str, Any]
) -> CmppDialect:
    return CmppDialect(cmpp_settings(login, secret, version, service_id, extra))


def _sgip(
    login: str, secret: str, version: str, service_id: str, extra: Mapping[str, Any]
) -> SgipDialect:
    return SgipDialect(sgip_settings(login, secret, version, service_id, extra))


def _smgp(
    login: str, secret: str, version: str, service_id: str, extra: Mapping[str, Any]
) -> SmgpDialect:
    return SmgpDialect(smgp_settings(login, secret, version, service_id, extra))


def _smpp(
    login: str, secret: str, version: str, service_id: str, extra: Mapping[str, Any]
) -> SmppDialect:
    return SmppDialect(smpp_settings(login, secret, version, service_id, extra))


SPOKEN: Mapping[str, Spoken] = MappingProxyType(
    {
        "cmpp": Spoken(VERSION_OF, _cmpp),
        "sgip": Spoken(SGIP_VERSIONS, _sgip),
        "smgp": Spoken(SMGP_VERSIONS, _smgp),
        "smpp": Spoken(SMPP_VERSIONS, _smpp),
    }
)


def dialect_of(
    protocol: str,
    login: str,
    secret: str,
    version: str,
    service_id: str,
    extra: Mapping[str, Any],
) -> Any:
    """
    A contract's dialect, which is both L{Dialect} and L{Host}.

    C{KeyError} for a protocol or version nobody speaks; C{TypeError} and
    C{ValueError} for settings that do not fit.
    """
    return SPOKEN[protocol].make(login, secret, version, service_id, extra)


def numbers_of(dialect: Any, nodes: Nodes, node: int = 0) -> Callable[[], int] | None:
    """
    The source of sequences that all connections of a node share, where a protocol
    wants one; C{node} is that of a contract that names none.
    """
    if not isinstance(dialect, SgipDialect):
        return None
    return nodes.of(dialect.settings.node or node)
