"""
What every carrier protocol can say, without its PDUs.
"""

import attrs

__all__ = [
    "LOGIN_WORDS",
    "SUBMIT_WORDS",
    "InboundPart",
    "Login",
    "OutSegment",
    "Outcome",
    "ReceiptIn",
    "Rejected",
    "Sent",
    "Throttled",
]

# Why a carrier's end keeps a client out, and why it does not take a submit. Each
# protocol has a code for each; '' is welcome.
LOGIN_WORDS = (
    "account",
    "secret",
    "version",
    "address",
    "connections",
    "busy",
    "format",
)
SUBMIT_WORDS = (
    "format",
    "throttled",
    "source",
    "destination",
    "length",
    "content",
    "service",
    "funds",
    "busy",
    "unsupported",
    "duplicate",
)


@attrs.define
class Login:
    """
    Who asks to come in. C{version}: the layout asked for, 0 for one unknown;
    C{kind}: what for, in the protocol's own word, '' when it has none. C{proof} is
    the digest of who proves the secret by one, with its time in it.
    """

    login: str
    version: int
    kind: str = ""
    proof: bytes = b""


@attrs.define
class OutSegment:
    """
    One part of a message to one number, encoded; C{payload} has its header.

    Times are epoch seconds, 0 for "not given"; C{service} is what a client's
    submit named, a channel has its own.
    """

    to: str = attrs.field(repr=False)
    src: str
    payload: bytes = attrs.field(repr=False)
    coding: int = 8
    udhi: bool = False
    part: int = 1
    parts: int = 1
    registered: bool = True
    at_time: float = 0.0
    valid_until: float = 0.0
    service: str = ""


@attrs.define
class Sent:
    """
    Taken by the carrier; C{carrier_id} is '' when no report can match.
    """

    carrier_id: str


@attrs.define
class Rejected:
    """
    Definitely refused; C{class_} is one of L{smsgw.protocols.codes.CLASSES}.
    """

    code: str
    class_: str


@attrs.define
class Throttled:
    """
    Definitely not taken; try the same again after C{after} seconds.
    """

    after: float
    code: str = ""


Outcome = Sent | Rejected | Throttled


@attrs.define
class ReceiptIn:
    """
    A status report. C{state}: delivered, undelivered, expired, unknown, or
    pending for an intermediate one. Times are the carrier's own text. One that we
    send may have no code: each protocol has one for each state (rejected and
    canceled too).
    """

    carrier_id: str
    state: str
    code: str
    number: str = attrs.field(repr=False)
    submit_time: str = ""
    done_time: str = ""
    access_number: str = ""
    delivery_id: str = ""


@attrs.define
class InboundPart:
    """
    A message from a phone, or a part of one; C{payload} has its header if C{udhi}.
    """

    number: str = attrs.field(repr=False)
    access_number: str
    payload: bytes = attrs.field(repr=False)
    coding: int = 8
    udhi: bool = False
    delivery_id: str = ""
