"""
What a contract for SMPP fixes.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import attrs

from smsgw.protocols.codes import CLASSES
from smsgw.protocols.smpp import V33, V34, V50
from smsgw.protocols.smpp_values import ID_BASES

__all__ = ["KINDS", "VERSION_OF", "SmppSettings", "smpp_settings"]

VERSION_OF: Mapping[str, int] = MappingProxyType({"3.3": V33, "3.4": V34, "5.0": V50})
KINDS = ("transmitter", "receiver", "transceiver")
_octet = attrs.validators.and_(attrs.validators.ge(0), attrs.validators.le(0xFF))


def _classes(written: str | Mapping[int, str]) -> Mapping[int, str]:
    """
    C{"0x45=carrier_fault 0x401=blacklist"}: statuses with classes of their own.
    """
    if isinstance(written, Mapping):
        return written
    found: dict[int, str] = {}
    for pair in written.split():
        code, _, name = pair.partition("=")
        if name not in CLASSES:
            raise ValueError(f"status_classes: no class {name!r}")
        found[int(code, 0)] = name
    return MappingProxyType(found)


def _tells(instance: "SmppSettings", _: Any, value: str) -> None:
    if value != "udh" and instance.version < V34:
        raise ValueError(f"long = {value!r} needs version 3.4")


@attrs.frozen
class SmppSettings:
    """
    A contract's fields. C{version_octet} below 0: the version's own.

    C{number_prefix} goes before receivers (and phones, from the carrier's end);
    one that begins with + or 00 has its own. A source that is no number is sent
    as TON 5, NPI 0. The four C{_dcs} are the data_coding of a text's coding,
    C{alphabet} is what the centre takes C{ascii_dcs} for. C{long}: how a part
    tells its place, or that content over 140 octets goes in message_payload.
    C{id_base}: digits of ids in answers and in the text of receipts.
    C{status_classes} has classes for statuses that mean another thing here.

    C{server_id}, C{receipt_tlvs} are for the carrier's end.
    """

    system_id: str
    secret: str = attrs.field(repr=False)
    version: int = V34
    version_octet: int = -1
    bind: str = attrs.field(
        default="transceiver", validator=attrs.validators.in_(KINDS)
    )
    system_type: str = ""
    addr_ton: int = attrs.field(default=0, validator=_octet)
    addr_npi: int = attrs.field(default=0, validator=_octet)
    address_range: str = ""
    service_type: str = ""
    source_ton: int = attrs.field(default=0, validator=_octet)
    source_npi: int = attrs.field(default=0, validator=_octet)
    dest_ton: int = attrs.field(default=1, validator=_octet)
    dest_npi: int = attrs.field(default=1, validator=_octet)
    number_prefix: str = "86"
    esm_class: int = attrs.field(default=0, validator=_octet)
    protocol_id: int = attrs.field(default=0, validator=_octet)
    priority_flag: int = attrs.field(default=0, validator=_octet)
    registered_delivery: int = attrs.field(default=1, validator=_octet)
    send_times: bool = True
    ascii_dcs: int = attrs.field(default=0, validator=_octet)
    binary_dcs: int = attrs.field(default=4, validator=_octet)
    ucs2_dcs: int = attrs.field(default=8, validator=_octet)
    gb_dcs: int = attrs.field(default=15, validator=_octet)
    alphabet: str = attrs.field(
        default="ascii", validator=attrs.validators.in_(("ascii", "gsm"))
    )
    long: str = attrs.field(
        default="udh",
        validator=[attrs.validators.in_(("udh", "sar", "payload")), _tells],
    )
    id_base: str = attrs.field(default="same", validator=attrs.validators.in_(ID_BASES))
    status_classes: Mapping[int, str] = attrs.field(
        default="", converter=_classes, hash=False
    )
    server_id: str = "SMSGW"
    receipt_tlvs: bool = True


def smpp_settings(
    login: str, secret: str, version: str, service_id: str, extra: Mapping[str, Any]
) -> SmppSettings:
    """
    Settings of a channel's fields; what C{extra} says to others is passed over.

    SMPP has no service ids: C{service_type} is another thing.
    """
    own = {a.name for a in attrs.fields(SmppSettings)} - {
        "system_id",
        "secret",
        "version",
    }
    return SmppSettings(
        system_id=login,
        secret=secret,
        version=VERSION_OF[version],
        **{name: value for name, value in extra.items() if name in own},
    )
