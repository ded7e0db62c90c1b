"""
The provider keeps its promises about keys, seals and digests.
"""

from pathlib import Path
from unittest import mock

import pytest

from smsgw.security import provider
from smsgw.security.provider import CryptoError, OpenSsl, load_key, self_test

KEY = bytes(range(32))


def test_open_gives_what_was_sealed() -> None:
    """
    A sealed value comes back whole.
    """
    openssl = OpenSsl(KEY)
    assert b"plain" == openssl.open(openssl.seal(b"plain", b"a"), b"a")


@pytest.mark.parametrize(("place", "aad"), [(0, b"a"), (14, b"a"), (-1, b"a")])
def test_a_changed_octet_is_noticed(place: int, aad: bytes) -> None:
    """
    Nonce, ciphertext and tag are all authenticated.
    """
    openssl = OpenSsl(KEY)
    sealed = bytearray(openssl.seal(b"plain", b"a"))
    sealed[place] ^= 1
    with pytest.raises(CryptoError, match="does not fit"):
        openssl.open(bytes(sealed), aad)


def test_a_short_value_is_refused() -> None:
    """
    A value without room for nonce and tag is refused in words.
    """
    with pytest.raises(CryptoError, match="cut short"):
        OpenSsl(KEY).open(b"short", b"")


def test_two_seals_differ() -> None:
    """
    The same value never gives the same ciphertext.
    """
    openssl = OpenSsl(KEY)
    assert openssl.seal(b"same", b"") != openssl.seal(b"same", b"")


def test_a_key_has_its_length() -> None:
    """
    A key of another length is refused.
    """
    with pytest.raises(CryptoError, match="31 octets"):
        OpenSsl(KEY[:31])


def test_load_key_creates_one_for_its_owner(tmp_path: Path) -> None:
    """
    The first start makes a key of mode 0600, the next one finds it.
    """
    path = tmp_path / "key"
    key = load_key(path)
    assert 0o600 == path.stat().st_mode & 0o777
    assert key == load_key(path)
    assert 32 == len(key)


def test_load_key_refuses_a_torn_file(tmp_path: Path) -> None:
    """
    A key file of the wrong length is an error, never a new key.
    """
    path = tmp_path / "key"
    path.write_bytes(b"short")
    with pytest.raises(CryptoError, match="5 octets"):
        load_key(path)


def test_self_test_passes_here() -> None:
    """
    OpenSSL, gmssl and the standards agree on this machine.
    """
    self_test()


def test_self_test_notices_a_wrong_sm3() -> None:
    """
    A second implementation that disagrees stops the start.
    """
    with (
        mock.patch("gmssl.sm3.sm3_hash", return_value="00"),
        pytest.raises(CryptoError, match="SM3"),
    ):
        self_test()


def test_self_test_notices_a_wrong_sm4() -> None:
    """
    So does a block cipher that disagrees.
    """
    with (
        mock.patch.object(provider, "_SM4_KNOWN", bytes(16)),
        pytest.raises(CryptoError, match="SM4"),
    ):
        self_test()
