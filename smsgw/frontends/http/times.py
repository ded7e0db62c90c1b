"""
Times at the door: RFC 3339 with an offset outside, epoch seconds inside.
"""

import re
from datetime import datetime, timedelta, timezone

from smsgw.errors import Refused

__all__ = ["read_time", "write_time"]

CHINA = timezone(timedelta(hours=8))
_rfc3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)?"
).fullmatch


def read_time(text: str, field: str) -> float:
    """
    Epoch seconds, 0 for ''. A time without an offset is China's.
    """
    if not text:
        return 0.0
    try:
        if not text.isascii() or not _rfc3339(text):
            raise ValueError(text)
        moment = datetime.fromisoformat(text.upper())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=CHINA)
        seconds = moment.timestamp()
    except (ValueError, OverflowError):
        raise Refused(2011, _EXAMPLE, field) from None
    if seconds <= 0:
        raise Refused(2011, _EXAMPLE, field)
    return seconds


_EXAMPLE = "应如 2030-01-02T08:00:00+08:00 / write 2030-01-02T08:00:00+08:00"


def write_time(seconds: float) -> str | None:
    """
    Milliseconds and China's offset; C{None} for "not yet".
    """
    if not seconds:
        return None
    return datetime.fromtimestamp(seconds, CHINA).isoformat(timespec="milliseconds")
