"""
Who is calling: signed requests or bearer keys, addresses, dates and scopes.
"""

import hashlib
import hmac
import re
from collections.abc import Callable

import attrs

from smsgw.addresses import welcome, within
from smsgw.directory import Credential, Directory
from smsgw.errors import Refused
from smsgw.frontends.http.call import Caller, Knock
from smsgw.security.signing import canonical, verify_request

__all__ = ["Doorkeeper", "client_address"]

WINDOW = 300.0
_timestamp = re.compile(r"[0-9]{9,11}").fullmatch
_nonce = re.compile(r"[A-Za-z0-9_.:+/=-]{8,64}").fullmatch
_signature = re.compile(r"(sha256|sm3)=[0-9a-f]{64}").fullmatch


@attrs.define(eq=False)
class Doorkeeper:
    """
    Knows callers by the newest directory. The nonce is only checked for its
    form: who serves the call sees to it that none is used twice.
    """

    _directory: Callable[[], Directory]
    _keys: dict[str, Credential] = attrs.field(factory=dict, init=False, repr=False)
    _keys_of: Directory | None = attrs.field(default=None, init=False, repr=False)

    def admit(self, knock: Knock, scope: str, now: float) -> Caller:
        """
        The caller, or L{Refused} with the first thing that is wrong.
        """
        directory = self._directory()
        authorization = knock.header("Authorization")
        nonce = ""
        if authorization and not knock.header("X-Signature"):
            credential = self._by_key(directory, authorization)
        else:
            credential, nonce = _by_signature(directory, knock, now)
        account = directory.accounts.get(credential.account)
        expired = 0 < credential.expires_at <= now
        if account is None or expired or not (credential.active and account.active):
            raise Refused(1007)
        if not welcome(knock.address, credential.addresses):
            raise Refused(1005, knock.address)
        if scope not in credential.scopes:
            raise Refused(1006, scope)
        return Caller(credential, account, nonce)

    def _by_key(self, directory: Directory, authorization: str) -> Credential:
        kind, _, key = authorization.partition(" ")
        if kind.lower() != "bearer" or not key.strip():
            raise Refused(2014, "", "Authorization")
        if self._keys_of is not directory:
            self._keys_of = directory
            self._keys = {
                one.bearer_hash.lower(): one
                for one in directory.credentials.values()
                if one.bearer_hash
            }
        digest = hashlib.sha256(key.strip().encode("utf-8", "replace")).hexdigest()
        credential = self._keys.get(digest)
        if credential is None or not hmac.compare_digest(
            credential.bearer_hash.lower(), digest
        ):
            raise Refused(1001, "", "Authorization")
        return credential


def _by_signature(
    directory: Directory, knock: Knock, now: float
) -> tuple[Credential, str]:
    app_id = knock.header("X-App-Id")
    timestamp = knock.header("X-Timestamp")
    nonce = knock.header("X-Nonce")
    signature = knock.header("X-Signature")
    for name, well_formed in (
        ("X-App-Id", app_id),
        ("X-Timestamp", _timestamp(timestamp)),
        ("X-Nonce", _nonce(nonce)),
        ("X-Signature", _signature(signature)),
    ):
        if not well_formed:
            raise Refused(2014, name, name)
    credential = directory.credentials.get(app_id)
    if credential is None:
        raise Refused(1001, app_id[:64], "X-App-Id")
    if abs(now - int(timestamp)) > WINDOW:
        raise Refused(1003, timestamp, "X-Timestamp")
    message = canonical(
        knock.method, knock.path, knock.query, knock.body, timestamp, nonce
    )
    if not verify_request(credential.secrets, message, signature):
        raise Refused(1002, "", "X-Signature")
    return credential, f"{app_id}|{nonce}"


def client_address(peer: str, forwarded: str, proxies: tuple[str, ...]) -> str:
    """
    The peer's address or, behind proxies we trust, the nearest we do not.
    """
    address = peer
    for hop in reversed(forwarded.split(",") if forwarded else []):
        if not proxies or not within(address, proxies):
            return address
        address = hop.strip()
    return address
