"""
Tests of the signatures over requests and callbacks.
"""

import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.security.signing import (
    canonical,
    sign_request,
    sign_webhook,
    verify_request,
    verify_webhook,
)

MESSAGE = canonical("POST", "/v1/messages", "b=2&a=1", b"{}", "1700000000", "n1")


def test_what_is_signed_is_a_line_each() -> None:
    """
    The canonical form, written out, with the query in order.
    """
    digest = hashlib.sha256(b"{}").hexdigest()

    assert f"POST\n/v1/messages\na=1&b=2\n{digest}\n1700000000\nn1".encode() == MESSAGE


def test_sha256_is_the_plain_hmac() -> None:
    """
    Any client's library makes the same signature.
    """
    expected = hmac.new(b"secret", MESSAGE, "sha256").hexdigest()

    assert f"sha256={expected}" == sign_request("secret", MESSAGE)


def test_sm3_is_the_known_digest() -> None:
    """
    HMAC-SM3 agrees with the construction of RFC 2104 over the hash itself.
    """
    from cryptography.hazmat.primitives import hashes

    def sm3(octets: bytes) -> bytes:
        digest = hashes.Hash(hashes.SM3())
        digest.update(octets)
        return digest.finalize()

    key = b"secret".ljust(64, b"\0")
    inner = sm3(bytes(octet ^ 0x36 for octet in key) + MESSAGE)
    outer = sm3(bytes(octet ^ 0x5C for octet in key) + inner)

    assert f"sm3={outer.hex()}" == sign_request("secret", MESSAGE, "sm3")


@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
def test_either_secret_of_a_rotation_fits(algorithm: str) -> None:
    """
    Two secrets are good at once, a third is not.
    """
    signature = sign_request("new", MESSAGE, algorithm)

    assert verify_request(("old", "new"), MESSAGE, signature)
    assert not verify_request(("old", "older"), MESSAGE, signature)


@given(st.text())
def test_any_other_signature_is_refused(signature: str) -> None:
    """
    Whatever is given as a signature, it is only compared.
    """
    assert not verify_request(("secret",), MESSAGE, signature)


def test_an_unknown_algorithm_does_not_sign() -> None:
    """
    Nobody signs with what nobody verifies.
    """
    with pytest.raises(ValueError, match="md5"):
        sign_request("secret", MESSAGE, "md5")


def test_callbacks_are_signed_as_standard_webhooks_say() -> None:
    """
    The example of the specification.
    """
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

    header = sign_webhook([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)

    assert expected == header


def test_a_rotation_signs_with_both() -> None:
    """
    Each receiver finds the signature of its own secret.
    """
    header = sign_webhook(["old", "new"], "w1", 1700000000, b"{}")

    assert verify_webhook("old", "w1", 1700000000, b"{}", header)
    assert verify_webhook("new", "w1", 1700000000, b"{}", header)
    assert not verify_webhook("new", "w2", 1700000000, b"{}", header)
