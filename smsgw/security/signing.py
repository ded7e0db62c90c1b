"""
Signatures over requests and over callbacks; pure.

A request signs method, path, sorted query, body hash, timestamp and nonce, a
line each. A callback signs as Standard Webhooks say.
"""

import base64
import hashlib
import hmac
from collections.abc import Iterable

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.hmac import HMAC

__all__ = [
    "ALGORITHMS",
    "canonical",
    "sign_request",
    "sign_webhook",
    "verify_request",
    "verify_webhook",
]

ALGORITHMS = ("sha256", "sm3")


def canonical(
    method: str, path: str, query: str, body: bytes, timestamp: str, nonce: str
) -> bytes:
    """
    What is signed. C{query} is as on the wire, without its question mark.
    """
    ordered = "&".join(sorted(query.split("&"))) if query else ""
    digest = hashlib.sha256(body).hexdigest()
    return f"{method}\n{path}\n{ordered}\n{digest}\n{timestamp}\n{nonce}".encode(
        "utf-8", "surrogateescape"
    )


def sign_request(secret: str, message: bytes, algorithm: str = "sha256") -> str:
    """
    C{sha256=} or C{sm3=} and the hex HMAC.
    """
    if algorithm == "sm3":
        mac = HMAC(secret.encode(), hashes.SM3())
        mac.update(message)
        return f"sm3={mac.finalize().hex()}"
    if algorithm != "sha256":
        raise ValueError(algorithm)
    return f"sha256={hmac.digest(secret.encode(), message, 'sha256').hex()}"


def verify_request(secrets: Iterable[str], message: bytes, signature: str) -> bool:
    """
    Whether any of the secrets made this signature; takes equal time.
    """
    algorithm = signature.partition("=")[0]
    if algorithm not in ALGORITHMS:
        return False
    given = signature.encode("utf-8", "replace")
    fits = False
    for secret in secrets:
        made = sign_request(secret, message, algorithm).encode()
        fits |= hmac.compare_digest(made, given)
    return fits


def sign_webhook(
    secrets: Iterable[str], webhook_id: str, timestamp: int, body: bytes
) -> str:
    """
    The C{webhook-signature} header: C{v1,<base64>} per secret.

    A secret as C{whsec_<base64>} is its octets; any other its UTF-8.
    """
    message = f"{webhook_id}.{timestamp}.".encode() + body
    return " ".join(
        "v1," + base64.b64encode(hmac.digest(_key(one), message, "sha256")).decode()
        for one in secrets
    )


def verify_webhook(
    secret: str, webhook_id: str, timestamp: int, body: bytes, header: str
) -> bool:
    """
    Whether one of the header's signatures is this secret's.
    """
    made = sign_webhook([secret], webhook_id, timestamp, body).encode()
    return any(
        hmac.compare_digest(made, one.encode("utf-8", "replace"))
        for one in header.split(" ")
    )


def _key(secret: str) -> bytes:
    if secret.startswith("whsec_"):
        return base64.b64decode(secret.removeprefix("whsec_"))
    return secret.encode()
