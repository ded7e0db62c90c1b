"""
The cryptographic provider: SM3 and SM4 by OpenSSL, checked against a second one.
"""

import binascii
import os
from pathlib import Path
from typing import Protocol

import attrs
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SM3, Hash
from cryptography.hazmat.primitives.hmac import HMAC

__all__ = ["KEY_OCTETS", "CryptoError", "OpenSsl", "Provider", "load_key", "self_test"]

KEY_OCTETS = 32
_NONCE = 12
_TAG = 16


class CryptoError(Exception):
    """
    A key, a sealed value or the library itself is not what it must be.
    """


class Provider(Protocol):
    """
    What field protection needs; a hardware module may be another one.
    """

    def seal(self, plain: bytes, aad: bytes) -> bytes: ...
    def open(self, sealed: bytes, aad: bytes) -> bytes: ...
    def digest(self, data: bytes) -> str: ...


@attrs.define(eq=False)
class OpenSsl:
    """
    SM4-GCM and HMAC-SM3, keys derived from one master key.
    """

    _key: bytes = attrs.field(repr=False)
    _cipher: algorithms.SM4 = attrs.field(init=False, repr=False)
    _hmac: HMAC = attrs.field(init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        if len(self._key) != KEY_OCTETS:
            raise CryptoError(f"the key has {len(self._key)} octets, not {KEY_OCTETS}")
        self._cipher = algorithms.SM4(self._derive(b"smsgw seal")[:16])
        self._hmac = HMAC(self._derive(b"smsgw index"), SM3())

    def _derive(self, purpose: bytes) -> bytes:
        derived = HMAC(self._key, SM3())
        derived.update(purpose)
        return derived.finalize()

    def seal(self, plain: bytes, aad: bytes) -> bytes:
        """
        Nonce, ciphertext, tag.
        """
        nonce = os.urandom(_NONCE)
        sealing = Cipher(self._cipher, modes.GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(aad)
        sealed = sealing.update(plain) + sealing.finalize()
        return nonce + sealed + sealing.tag

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        """
        The plain value, or L{CryptoError} if anything was changed.
        """
        if len(sealed) < _NONCE + _TAG:
            raise CryptoError("a sealed value is cut short")
        mode = modes.GCM(sealed[:_NONCE], sealed[-_TAG:])
        opening = Cipher(self._cipher, mode).decryptor()
        opening.authenticate_additional_data(aad)
        try:
            return opening.update(sealed[_NONCE:-_TAG]) + opening.finalize()
        except InvalidTag as error:
            raise CryptoError("a sealed value does not fit its key") from error

    def digest(self, data: bytes) -> str:
        """
        HMAC-SM3, 32 hex characters of it.
        """
        running = self._hmac.copy()
        running.update(data)
        return running.finalize().hex()[:32]


def load_key(path: Path) -> bytes:
    """
    The key in a file; a new one, readable by its owner alone, if there is none.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        key = path.read_bytes()
        if len(key) != KEY_OCTETS:
            raise CryptoError(
                f"{path} holds {len(key)} octets, not {KEY_OCTETS}"
            ) from None
        return key
    key = os.urandom(KEY_OCTETS)
    with os.fdopen(descriptor, "wb") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key


def self_test() -> None:
    """
    SM3 and SM4 of known blocks agree with the standards (GB/T 32905, 32907) and
    with a second implementation; run at every start.
    """
    from gmssl import sm3, sm4

    hashing = Hash(SM3())
    hashing.update(b"abc")
    ours = hashing.finalize().hex()
    theirs = sm3.sm3_hash(bytearray(b"abc"))
    known = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    if not ours == theirs == known:
        raise CryptoError("SM3 does not give the standard's value")
    block = binascii.unhexlify("0123456789abcdeffedcba9876543210")
    encryptor = Cipher(algorithms.SM4(block), modes.ECB()).encryptor()
    other = sm4.CryptSM4()
    other.set_key(block, sm4.SM4_ENCRYPT)
    second = bytes(other.one_round(other.sk, list(block)))
    if not encryptor.update(block) == second == _SM4_KNOWN:
        raise CryptoError("SM4 does not give the standard's value")


_SM4_KNOWN = binascii.unhexlify("681edf34d206965e86b3e94f536e4246")
