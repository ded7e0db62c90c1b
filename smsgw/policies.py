"""
What an operator lays down: signatures, templates, retries, prices, schedules,
keywords, roles and people, as immutable values of the directory.
"""

from collections.abc import Mapping

import attrs

__all__ = [
    "Frequency",
    "Keyword",
    "Person",
    "Price",
    "RetryRule",
    "Role",
    "Schedule",
    "SendWindow",
    "Signature",
    "Template",
    "Variable",
]


@attrs.frozen
class Signature:
    """
    A signature (签名) and where carriers accept it.

    C{account} and C{department} say who may use it, '' for anyone. C{filings} is
    by channel or carrier: C{draft}, C{filed}, C{accepted} or C{suspended};
    C{former} is the text that is used where this one is not accepted.
    """

    id: str
    text: str
    account: str = ""
    department: str = ""
    filings: Mapping[str, str] = attrs.field(factory=dict)
    former: str = ""
    active: bool = True


@attrs.frozen
class Variable:
    """
    What a template's C{{name}} takes: C{kind} text, name, number, code, date,
    time, money or url, at most C{longest} characters (0: as usual for its kind).
    """

    name: str
    kind: str = "text"
    longest: int = 0


@attrs.frozen
class Template:
    """
    A text with variables in braces; empty fields are the account's.
    """

    id: str
    name: str
    text: str
    category: str = ""
    account: str = ""
    department: str = ""
    signature: str = ""
    extension: str = ""
    variables: tuple[Variable, ...] = ()
    approved: bool = True
    active: bool = True


@attrs.frozen
class RetryRule:
    """
    What follows a carrier's refusal or failure; an empty field matches all, and
    C{code} may end in C{*}.

    C{action}: C{same} or C{other} channel, C{later} (after C{after} seconds) or
    C{void}; at most C{tries} attempts. Lowest C{order} first.
    """

    id: str
    order: int
    action: str
    class_: str = ""
    code: str = ""
    channel: str = ""
    category: str = ""
    after: float = 0.0
    tries: int = 3
    active: bool = True


@attrs.frozen
class Price:
    """
    What a segment costs, in units of 0.0001 yuan; the most specific row counts.
    """

    id: str
    price: int
    account: str = ""
    department: str = ""
    channel: str = ""
    carrier: str = ""
    category: str = ""
    active: bool = True


@attrs.frozen
class Schedule:
    """
    A submission that is made again and again; C{cron} is in local time.

    C{spread} seconds are taken for sending to all of C{to}. C{starts_at} and
    C{ends_at} are epoch seconds, 0 for any.
    """

    id: str
    account: str
    cron: str
    text: str = ""
    template: str = ""
    vars: Mapping[str, str] = attrs.field(factory=dict)
    to: tuple[str, ...] = ()
    category: str = ""
    signature: str | None = None
    spread: float = 0.0
    starts_at: float = 0.0
    ends_at: float = 0.0
    active: bool = True


@attrs.frozen
class Frequency:
    """
    At most C{most} messages to a number within so many seconds; empty fields
    count all accounts and categories together.
    """

    id: str
    most: int
    within: float
    account: str = ""
    category: str = ""
    active: bool = True


@attrs.frozen
class SendWindow:
    """
    When messages may go out, in local time; at other times they wait.

    C{hours} such as C{08:00-21:00}, C{days} such as C{1-5}; nothing is sent on
    C{holidays} (yyyy-mm-dd).
    """

    id: str
    hours: str
    days: str = ""
    category: str = "marketing"
    account: str = ""
    holidays: tuple[str, ...] = ()
    active: bool = True


@attrs.frozen
class Keyword:
    """
    What a reply that is one of C{words} does: C{opt_out}, C{opt_in}, C{confirm}
    or C{cancel}; C{answer} is the template of the answer, '' for none.
    """

    id: str
    words: tuple[str, ...]
    action: str
    account: str = ""
    answer: str = ""
    active: bool = True


@attrs.frozen
class Role:
    """
    What its holders may do; C{scope} is C{own}, C{department} or C{all}.
    """

    id: str
    name: str
    permissions: tuple[str, ...] = ()
    scope: str = "own"
    active: bool = True


@attrs.frozen
class Person:
    """
    Someone who works with the console; C{account} is what they send by.
    """

    id: str
    name: str
    department: str
    role: str
    account: str = ""
    active: bool = True
