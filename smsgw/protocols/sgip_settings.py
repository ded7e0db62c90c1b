"""
What a contract for SGIP fixes.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import attrs

from smsgw.protocols.sgip import V12

__all__ = ["VERSION_OF", "SgipSettings", "sgip_settings"]

VERSION_OF: Mapping[str, int] = MappingProxyType({"1.2": 0x12, "1.3": 0x13})
_octet = attrs.validators.and_(attrs.validators.ge(0), attrs.validators.le(0xFF))
_word = attrs.validators.and_(attrs.validators.ge(0), attrs.validators.le(0xFFFFFFFF))


@attrs.frozen
class SgipSettings:
    """
    A contract's fields. C{node} is the id the carrier gave us; C{corp_id} '' is
    the one in it. C{number_prefix} goes before mobile numbers.

    C{charge_number} '' lets each receiver pay. C{link_id} is Reserve, in hex.
    C{report_flag} asks for reports, C{silent_flag} for none. C{throttled_code}
    and C{most_receivers} (UserCount) are for the carrier's end.
    """

    login_name: str
    secret: str = attrs.field(repr=False)
    version: int = V12
    node: int = attrs.field(default=0, validator=_word)
    login_type: int = attrs.field(default=1, validator=_octet)
    corp_id: str = ""
    service_type: str = ""
    charge_number: str = "0" * 21
    fee_type: int = attrs.field(default=1, validator=_octet)
    fee_value: str = "0"
    given_value: str = "0"
    agent_flag: int = attrs.field(default=0, validator=_octet)
    more_late_to_mt_flag: int = attrs.field(default=2, validator=_octet)
    priority: int = attrs.field(default=0, validator=_octet)
    report_flag: int = attrs.field(default=1, validator=_octet)
    silent_flag: int = attrs.field(default=2, validator=_octet)
    tp_pid: int = attrs.field(default=0, validator=_octet)
    message_type: int = attrs.field(default=0, validator=_octet)
    link_id: str = attrs.field(
        default="", validator=attrs.validators.matches_re(r"([0-9A-Fa-f]{16})?")
    )
    number_prefix: str = "86"
    throttled_code: int = attrs.field(
        default=88, validator=[_octet, attrs.validators.ge(1)]
    )
    most_receivers: int = attrs.field(default=100, validator=_octet)


def sgip_settings(
    login: str, secret: str, version: str, service_id: str, extra: Mapping[str, Any]
) -> SgipSettings:
    """
    Settings of a channel's fields; what C{extra} says to others is passed over.
    """
    own = {a.name for a in attrs.fields(SgipSettings)} - {
        "login_name",
        "secret",
        "version",
        "service_type",
    }
    return SgipSettings(
        login_name=login,
        secret=secret,
        version=VERSION_OF[version],
        service_type=service_id,
        **{name: value for name, value in extra.items() if name in own},
    )
