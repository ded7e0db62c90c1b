"""
Digests and message codes that vendors sign with, and how they write them down.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

__all__ = ["DIGESTS", "ENCODINGS", "digest"]

_MAC = "hmac-"


def _sm3(data: bytes) -> bytes:
    running = hashes.Hash(hashes.SM3())
    running.update(data)
    return running.finalize()


def _hmac_sm3(key: bytes, data: bytes) -> bytes:
    running = HMAC(key, hashes.SM3())
    running.update(data)
    return running.finalize()


_PLAIN: Mapping[str, Callable[[bytes], bytes]] = {
    "md5": lambda data: hashlib.md5(data, usedforsecurity=False).digest(),
    "sha1": lambda data: hashlib.sha1(data, usedforsecurity=False).digest(),
    "sha256": lambda data: hashlib.sha256(data).digest(),
    "sha512": lambda data: hashlib.sha512(data).digest(),
    "sm3": _sm3,
}
_KEYED: Mapping[str, Callable[[bytes, bytes], bytes]] = {
    "hmac-md5": lambda key, data: hmac.digest(key, data, "md5"),
    "hmac-sha1": lambda key, data: hmac.digest(key, data, "sha1"),
    "hmac-sha256": lambda key, data: hmac.digest(key, data, "sha256"),
    "hmac-sha512": lambda key, data: hmac.digest(key, data, "sha512"),
    "hmac-sm3": _hmac_sm3,
}
DIGESTS = (*_PLAIN, *_KEYED)

ENCODINGS: Mapping[str, Callable[[bytes], str]] = {
    "hex": bytes.hex,
    "HEX": lambda data: data.hex().upper(),
    "base64": lambda data: base64.b64encode(data).decode(),
    "base64url": lambda data: base64.urlsafe_b64encode(data).decode().rstrip("="),
}


def digest(method: str, data: bytes, key: bytes = b"") -> bytes:
    """
    One of L{DIGESTS}; only those that begin with C{hmac-} use the key.
    """
    if method.startswith(_MAC):
        return _KEYED[method](key, data)
    return _PLAIN[method](data)
