"""
What a contract for SMGP fixes.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import attrs

from smsgw.protocols.codes.smgp import STATUS_TABLES
from smsgw.protocols.smgp import V30
from smsgw.protocols.smgp_values import FORMS

__all__ = ["MODES", "VERSION_OF", "SmgpSettings", "smgp_settings"]

VERSION_OF: Mapping[str, int] = MappingProxyType(
    {"1.3": 0x13, "2.0": 0x20, "3.0": 0x30, "3.1": 0x31}
)
MODES: Mapping[int, str] = MappingProxyType(
    {0: "transmitter", 1: "receiver", 2: "transceiver"}
)


@attrs.frozen
class SmgpSettings:
    """
    A contract's fields. C{version_octet} below 0: the version's own; other
    numbers below 0 and empty texts leave out their TLV.

    C{pk_split}: tell a part's place in TLVs too. C{status_table} says which
    numbers a carrier answers with. C{number_prefix} goes before receivers.
    C{report_form} and C{opaque_ids} are for the carrier's end.
    """

    client_id: str
    secret: str = attrs.field(repr=False)
    version: int = V30
    version_octet: int = -1
    login_mode: int = attrs.field(default=2, validator=attrs.validators.in_(MODES))
    service_id: str = ""
    m_service_id: str = ""
    msg_src: str = ""
    priority: int = 1
    fee_type: str = "00"
    fee_code: str = "0"
    fixed_fee: str = "0"
    charge_term_id: str = ""
    charge_user_type: int = -1
    charge_term_type: int = -1
    charge_term_pseudo: str = ""
    dest_term_type: int = -1
    dest_term_pseudo: str = ""
    submit_msg_type: int = -1
    sp_deal_result: int = -1
    tp_pid: int = 0
    link_id: str = ""
    pk_split: bool = True
    number_prefix: str = ""
    status_table: str = attrs.field(
        default="standard", validator=attrs.validators.in_(STATUS_TABLES)
    )
    report_form: str = attrs.field(
        default="standard", validator=attrs.validators.in_(FORMS)
    )
    opaque_ids: bool = False


def smgp_settings(
    login: str, secret: str, version: str, service_id: str, extra: Mapping[str, Any]
) -> SmgpSettings:
    """
    Settings of a channel's fields; what C{extra} says to others is passed over.
    """
    own = {a.name for a in attrs.fields(SmgpSettings)} - {
        "client_id",
        "secret",
        "version",
        "service_id",
    }
    return SmgpSettings(
        client_id=login,
        secret=secret,
        version=VERSION_OF[version],
        service_id=service_id,
        **{name: value for name, value in extra.items() if name in own},
    )
