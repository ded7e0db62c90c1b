"""
The directory: the organisation, its channels and its rules as immutable values.

Loaded from the database, kept as a versioned snapshot in the queue store, so
that a start with the database away still works.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

import attrs

from smsgw.policies import (
    Frequency,
    Keyword,
    Person,
    Price,
    RetryRule,
    Role,
    Schedule,
    SendWindow,
    Signature,
    Template,
    Variable,
)

__all__ = [
    "Account",
    "Channel",
    "Credential",
    "Department",
    "Directory",
    "Frequency",
    "Group",
    "Keyword",
    "Peer",
    "Person",
    "Price",
    "RetryRule",
    "Role",
    "Rule",
    "Schedule",
    "SendWindow",
    "Share",
    "Signature",
    "Template",
    "Variable",
    "Webhook",
    "in_order",
]


@attrs.frozen
class Department:
    """
    A place in the organisation; a campus has no parent.
    """

    id: str
    name: str
    parent: str = ""


@attrs.frozen
class Account:
    """
    Whoever messages are sent for: an application or a department.

    C{events} keeps facts for C{GET /v1/events} and webhooks. C{rate} is messages
    per second at the doors, C{per_minute}, C{per_day} and C{per_month} are quotas
    in messages; 0 is no limit. C{billing}: C{none}, C{prepaid} (never below zero)
    or C{postpaid}. C{valid_until} is epoch seconds, 0 for always. C{category} may
    be C{auto}: told from the text. The same text to the same number within
    C{duplicates} seconds is refused; a submission to more than C{review_above}
    numbers waits for consent.
    """

    id: str
    name: str
    department: str = ""
    signature: str = ""
    category: str = "notice"
    extension: str = ""
    validity: float = 86400.0
    events: bool = True
    rate: float = 0.0
    active: bool = True
    billing: str = "none"
    per_minute: int = 0
    per_day: int = 0
    per_month: int = 0
    valid_until: float = 0.0
    duplicates: float = 0.0
    review_above: int = 0


@attrs.frozen
class Credential:
    """
    How a business system proves who it is; two secrets while rotating.

    C{bearer_hash} is hex SHA-256 of a bearer key, '' when none.
    """

    app_id: str
    account: str
    secrets: tuple[str, ...] = attrs.field(default=(), repr=False)
    bearer_hash: str = attrs.field(default="", repr=False)
    scopes: tuple[str, ...] = ("send", "query")
    addresses: tuple[str, ...] = ()
    expires_at: float = 0.0
    active: bool = True


@attrs.frozen
class Channel:
    """
    One contract with a carrier: where to log in and how to speak.

    C{speed} is segments per second over all connections, 0 for no limit.
    C{settings} are the dialect's and the text policy's own fields; C{vendor} are
    the tables of protocol C{http}, C{secrets} what these need besides C{secret}.
    """

    id: str
    name: str
    carrier: str
    protocol: str
    endpoint: str
    login: str
    secret: str = attrs.field(repr=False)
    version: str = "3.0"
    access_number: str = ""
    service_id: str = ""
    connections: int = 1
    window: int = 16
    speed: float = 0.0
    active: bool = True
    settings: Mapping[str, str | int | float | bool] = attrs.field(factory=dict)
    vendor: Mapping[str, Any] = attrs.field(factory=dict)
    secrets: tuple[str, ...] = attrs.field(default=(), repr=False)


@attrs.frozen
class Share:
    """
    A channel's part in a route group; at most C{cap} messages a day in China (0:
    any number).
    """

    channel: str
    weight: int = 1
    cap: int = 0


@attrs.frozen
class Group:
    """
    Weighted primaries and ordered backups that a routing rule chooses.
    """

    id: str
    primaries: tuple[Share, ...]
    backups: tuple[str, ...] = ()
    proportional: bool = False


@attrs.frozen
class Rule:
    """
    A routing rule; an empty field matches everything. Lowest C{order} first.

    C{department} is that one or any below it, C{campus} the top of the tree.
    C{region}: C{province} or C{province/city}; C{kind}: of the number's segment.
    C{text} is a regular expression. C{hours} such as C{08:00-20:00} and C{days}
    such as C{1-5,7} (1 is Monday) are local time.
    """

    id: str
    order: int
    group: str
    account: str = ""
    carrier: str = ""
    category: str = ""
    department: str = ""
    campus: str = ""
    signature: str = ""
    template: str = ""
    region: str = ""
    kind: str = ""
    text: str = ""
    hours: str = ""
    days: str = ""
    active: bool = True


@attrs.frozen
class Webhook:
    """
    Where an account's events are pushed; several secrets while rotating.
    """

    id: str
    account: str
    url: str
    secrets: tuple[str, ...] = attrs.field(default=(), repr=False)
    types: tuple[str, ...] = ()
    active: bool = True


@attrs.frozen
class Peer:
    """
    A business system that logs in to us in a carrier's protocol, as if we were
    the carrier; C{id} is its login name.

    C{version}: C{any} follows the system, else only this. C{access} is the number
    its source numbers begin with; what follows is the message's extension.
    C{window} submits may be unanswered on a connection, C{rate} is submits to a
    number per second over all of them (0: any). C{addresses} are networks, none
    for any.
    C{receipts} and C{inbound}: what it is to be given. C{settings} are the
    dialect's own fields.
    """

    id: str
    account: str
    protocol: str
    secrets: tuple[str, ...] = attrs.field(default=(), repr=False)
    version: str = "any"
    access: str = ""
    addresses: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    connections: int = 2
    window: int = 16
    rate: float = 0.0
    receipts: bool = True
    inbound: bool = True
    active: bool = True
    settings: Mapping[str, str | int | float | bool] = attrs.field(factory=dict)

    @property
    def deliver_to(self) -> str:
        """
        Where we connect to with deliveries (SGIP), '' for the system's own links.
        """
        return str(self.settings.get("deliver_to", ""))


@attrs.frozen
class Directory:
    """
    All business objects at one version, keyed by id (credentials by app id).
    """

    version: int = 0
    departments: Mapping[str, Department] = attrs.field(factory=dict)
    accounts: Mapping[str, Account] = attrs.field(factory=dict)
    credentials: Mapping[str, Credential] = attrs.field(factory=dict)
    channels: Mapping[str, Channel] = attrs.field(factory=dict)
    groups: Mapping[str, Group] = attrs.field(factory=dict)
    rules: tuple[Rule, ...] = ()
    webhooks: Mapping[str, Webhook] = attrs.field(factory=dict)
    peers: Mapping[str, Peer] = attrs.field(factory=dict)
    signatures: Mapping[str, Signature] = attrs.field(factory=dict)
    templates: Mapping[str, Template] = attrs.field(factory=dict)
    retries: tuple[RetryRule, ...] = ()
    prices: Mapping[str, Price] = attrs.field(factory=dict)
    schedules: Mapping[str, Schedule] = attrs.field(factory=dict)
    keywords: Mapping[str, Keyword] = attrs.field(factory=dict)
    frequencies: Mapping[str, Frequency] = attrs.field(factory=dict)
    windows: Mapping[str, SendWindow] = attrs.field(factory=dict)
    roles: Mapping[str, Role] = attrs.field(factory=dict)
    people: Mapping[str, Person] = attrs.field(factory=dict)


class _Ordered(Protocol):
    """
    A rule that has its place among others.
    """

    @property
    def id(self) -> str: ...
    @property
    def order(self) -> int: ...


_O = TypeVar("_O", bound=_Ordered)


def in_order(rules: Iterable[_O]) -> tuple[_O, ...]:
    """
    Rules as they are tried: the lowest order first, then by id.
    """
    return tuple(sorted(rules, key=lambda rule: (rule.order, rule.id)))
