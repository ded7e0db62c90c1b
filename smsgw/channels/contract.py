"""
What a channel's settings make of it: dialect, text policy, session, numbers.
"""

import zlib
from typing import Any, cast

import attrs

from smsgw.directory import Channel
from smsgw.errors import Refused
from smsgw.protocols.dialects import (
    SPOKEN,
    Dialect,
    Host,
    Nodes,
    dialect_of,
    numbers_of,
)
from smsgw.protocols.rows import WireError
from smsgw.protocols.session import Session
from smsgw.text import TextPolicy

__all__ = ["Contract", "Reception"]

_TEXT = {field.name for field in attrs.fields(TextPolicy)}
_SESSION = {"idle": 30.0, "timeout": 60.0}
_LONGEST = 20


@attrs.frozen
class Reception:
    """
    Where and how the carrier connects to us: settings C{listen}, C{listen_login}
    (default: ours), C{listen_addresses} and C{listen_kinds} (separated by commas),
    C{listen_check} (false: no password, addresses only).
    """

    place: str
    login: str
    addresses: tuple[str, ...]
    kinds: tuple[str, ...]
    check: bool

    @classmethod
    def of(cls, channel: Channel) -> "Reception | None":
        """
        None for a channel that connects by itself only.
        """
        settings = channel.settings
        place = str(settings.get("listen", ""))
        if not place:
            return None
        made = cls(
            place,
            str(settings.get("listen_login", channel.login)),
            _words(settings.get("listen_addresses", "")),
            _words(settings.get("listen_kinds", "1,2")),
            bool(settings.get("listen_check", True)),
        )
        if not made.check and not made.addresses:
            raise ValueError("listen_check = false needs listen_addresses")
        return made


def _words(listed: object) -> tuple[str, ...]:
    return tuple(word.strip() for word in str(listed).split(",") if word.strip())


@attrs.frozen
class Contract:
    """
    A channel with everything derived from its settings, checked once.
    """

    channel: Channel
    text_policy: TextPolicy
    dialect: Dialect
    reception: Reception | None = None

    @classmethod
    def of(cls, channel: Channel, nodes: Nodes | None = None) -> "Contract":
        """
        L{Refused} names the setting that is wrong. C{nodes} are shared by all
        contracts of the process that send.
        """
        spoken = SPOKEN.get(channel.protocol)
        if spoken is None:
            raise Refused(2002, channel.protocol, f"channels.{channel.id}.protocol")
        if channel.version not in spoken.versions:
            raise Refused(2002, channel.version, f"channels.{channel.id}.version")
        settings = channel.settings
        text: dict[str, Any] = {n: settings[n] for n in settings if n in _TEXT}
        try:
            policy = TextPolicy(**text)
            reception = Reception.of(channel)
            dialect = dialect_of(
                channel.protocol,
                channel.login,
                channel.secret,
                channel.version,
                channel.service_id,
                settings,
            )
        except (TypeError, ValueError) as error:
            where = f"channels.{channel.id}.settings"
            raise Refused(2002, str(error), where) from error
        try:
            dialect.protocol.encode(dialect.login(0.0), dialect.version, 1)
        except WireError as error:
            raise Refused(2002, str(error), f"channels.{channel.id}.login") from error
        if nodes is not None and (numbers := numbers_of(dialect, nodes)) is not None:
            dialect.numbers = numbers
        return cls(channel, policy, dialect, reception)

    @property
    def host(self) -> Host:
        """
        The dialect as it speaks to a carrier that connects to us.
        """
        return cast(Host, self.dialect)

    @property
    def receipts_of(self) -> str:
        """
        The channel whose messages this one's receipts are about: another one's
        where sending and receiving are contracts of their own.
        """
        return str(self.channel.settings.get("receipts_of", self.channel.id))

    @property
    def connection_speed(self) -> float:
        """
        Segments per second on each connection, 0 for no limit.
        """
        return float(self.channel.settings.get("connection_speed", 0.0))

    @property
    def timeout(self) -> float:
        """
        Seconds until a request counts as unanswered.
        """
        return float(self.channel.settings.get("timeout", _SESSION["timeout"]))

    def session(self) -> Session:
        """
        A fresh conversation. One try: what follows an unanswered submit is the
        policy's matter, never a silent second copy.
        """
        return Session(
            self.dialect.protocol,
            self.dialect.version,
            window=self.channel.window,
            idle=self._idle,
            timeout=self.timeout,
            tries=1,
            numbers=self.dialect.numbers,
        )

    @property
    def _idle(self) -> float:
        """
        Who has no keepalive stays connected until the carrier ends it, unless told
        otherwise: leaving each time it is quiet would only cost logins.
        """
        usual = _SESSION["idle"] if self.dialect.protocol.keepalive else 0.0
        return float(self.channel.settings.get("idle", usual))

    def access_number(self, extension: str) -> str:
        """
        The number shown on the phone, at most 20 digits (cmpp.md, 12.1).
        """
        return (self.channel.access_number + extension)[:_LONGEST]

    def reference(self, message_id: str, attempt: int) -> int:
        """
        The concatenation reference, the same after a crash; 1 to 65535.
        """
        return zlib.crc32(f"{message_id}.{attempt}".encode()) % 0xFFFF + 1
