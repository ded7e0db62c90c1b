"""
Protected fields: what is sealed, what is only indexed, by policy.

A sealed value says by its first octet how it is kept: 0 plain, 1 sealed (then
one octet of key version). So a policy can change while old rows stay readable.
"""

from typing import Literal

import attrs

from smsgw.security.provider import CryptoError, OpenSsl, Provider

__all__ = ["Fields", "Kind", "Policy"]

Policy = Literal["off", "index-only", "on"]
Kind = Literal["phone", "text", "patient"]
_PLAIN = b"\x00"
_SEALED = b"\x01\x01"


@attrs.define(eq=False)
class Fields:
    """
    Seals and indexes values by the policy of their kind.

    C{off} keeps the value; C{index-only} keeps nothing but the blind index;
    C{on} keeps it sealed. The index is blind under every policy, so that a
    change of policy leaves searches whole.
    """

    phone: Policy = "off"
    text: Policy = "off"
    patient: Policy = "off"
    key: bytes = attrs.field(default=b"", repr=False)
    _provider: Provider = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        self._provider = OpenSsl(self.key)

    def policy(self, kind: Kind) -> Policy:
        """
        What is done with values of a kind.
        """
        match kind:
            case "phone":
                return self.phone
            case "text":
                return self.text
            case _:
                return self.patient

    def seal(self, kind: Kind, value: str) -> bytes:
        """
        A value as its column keeps it.
        """
        match self.policy(kind):
            case "off":
                return _PLAIN + value.encode()
            case "index-only":
                return _PLAIN
            case _:
                return self.wrap(value.encode())

    def keep(self, kind: Kind, value: str) -> bytes:
        """
        A value that must come back under every policy: sealed unless C{off}.
        """
        if self.policy(kind) == "off":
            return _PLAIN + value.encode()
        return self.wrap(value.encode())

    def wrap(self, octets: bytes) -> bytes:
        """
        Octets sealed whatever the policies say; L{unwrap} opens them.
        """
        return _SEALED + self._provider.seal(octets, _SEALED)

    def unwrap(self, blob: bytes) -> bytes:
        """
        What was wrapped; L{CryptoError} for what was not, or was changed.
        """
        if blob[:2] != _SEALED:
            raise CryptoError("a kept value of an unknown form")
        return self._provider.open(blob[2:], _SEALED)

    def open(self, blob: bytes) -> str:
        """
        The value again; '' for one that was not kept.
        """
        if blob[:1] == _PLAIN:
            return blob[1:].decode()
        return self.unwrap(blob).decode()

    def index(self, kind: Kind, value: str) -> str:
        """
        The blind index: equal values, equal indexes, and nothing more.
        """
        return self._provider.digest(f"{kind}\0{value}".encode())

    def mark(self, purpose: str, octets: bytes) -> bytes:
        """
        What only the holder of the key can put to octets of ours; a purpose keeps
        marks apart from each other and from every index.
        """
        return bytes.fromhex(self._provider.digest(f"{purpose}\1".encode() + octets))
