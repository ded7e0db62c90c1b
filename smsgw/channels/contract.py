"""
What a channel's settings make of it: dialect, text policy, session, numbers.
"""

import zlib
from typing import Any

import attrs

from smsgw.directory import Channel
from smsgw.errors import Refused
from smsgw.protocols.dialects import SPOKEN, Dialect, dialect_of
from smsgw.protocols.session import Session
from smsgw.text import TextPolicy

__all__ = ["Contract"]

_TEXT = {field.name for field in attrs.fields(TextPolicy)}
_SESSION = {"idle": 30.0, "timeout": 60.0}
_LONGEST = 20


@attrs.frozen
class Contract:
    """
    A channel with everything derived from its settings, checked once.
    """

    channel: Channel
    text_policy: TextPolicy
    dialect: Dialect

    @classmethod
    def of(cls, channel: Channel) -> "Contract":
        """
        L{Refused} names the setting that is wrong.
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
        return cls(channel, policy, dialect)

    def session(self) -> Session:
        """
        A fresh conversation. One try: what follows an unanswered submit is the
        policy's matter, never a silent second copy.
        """
        settings = self.channel.settings
        return Session(
            self.dialect.protocol,
            self.dialect.version,
            window=self.channel.window,
            idle=float(settings.get("idle", _SESSION["idle"])),
            timeout=float(settings.get("timeout", _SESSION["timeout"])),
            tries=1,
            numbers=self.dialect.numbers,
        )

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
