"""
Tests of who is let in.
"""

import hashlib
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.errors import Refused
from smsgw.frontends.http.auth import Doorkeeper, client_address
from smsgw.frontends.http.call import Caller, Knock
from tests.support.doors import NOW, SECRET, Front, directory

FRONT = Front()
BODY = b'{"to":"13800138000"}'


def knock(headers: dict[str, str], address: str = "127.0.0.1") -> Knock:
    """
    A send.
    """
    return Knock(
        "POST",
        "/v1/messages",
        "",
        BODY,
        lambda name: headers.get(name, ""),
        address,
    )


def signed(**changes: str) -> dict[str, str]:
    """
    Its headers.
    """
    return FRONT.signed("POST", "/v1/messages", BODY, **changes)


def admit(
    headers: dict[str, str],
    scope: str = "send",
    address: str = "127.0.0.1",
    **changes: Any,
) -> Caller:
    """
    What the doorkeeper says.
    """
    known = directory(**changes)
    return Doorkeeper(lambda: known).admit(knock(headers, address), scope, NOW)


def refused(headers: dict[str, str], **changes: Any) -> tuple[int, str]:
    """
    Code and field of the refusal.
    """
    with pytest.raises(Refused) as caught:
        admit(headers, **changes)
    return caught.value.code, caught.value.field


@pytest.mark.parametrize("algorithm", ["sha256", "sm3"])
@pytest.mark.parametrize("secret", [SECRET, "old secret"])
def test_a_signed_request_is_let_in(algorithm: str, secret: str) -> None:
    """
    By either hash and either secret of a rotation.
    """
    headers = signed(algorithm=algorithm, secret=secret, X_Nonce="nonce-abc")
    caller = admit(headers)

    assert ("his", "his") == (caller.credential.app_id, caller.account.id)
    assert "his|nonce-abc" == caller.nonce


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (signed(X_App_Id="nobody"), (1001, "X-App-Id")),
        (signed(secret="wrong"), (1002, "X-Signature")),
        (signed(X_Timestamp=str(int(NOW - 301))), (1003, "X-Timestamp")),
        (signed(X_Timestamp=str(int(NOW + 301))), (1003, "X-Timestamp")),
        ({}, (2014, "X-App-Id")),
        (signed(X_Timestamp="now"), (2014, "X-Timestamp")),
        (signed(X_Nonce="short"), (2014, "X-Nonce")),
        (signed(X_Nonce="with blank in it"), (2014, "X-Nonce")),
        ({**signed(), "X-Signature": "md5=00"}, (2014, "X-Signature")),
        ({**signed(), "X-Signature": "sha256=" + "0" * 64}, (1002, "X-Signature")),
        ({"Authorization": "Basic aGk="}, (2014, "Authorization")),
        ({"Authorization": "Bearer "}, (2014, "Authorization")),
        ({"Authorization": "Bearer unknown"}, (1001, "Authorization")),
    ],
)
def test_each_mistake_has_its_code(
    headers: dict[str, str], expected: tuple[int, str]
) -> None:
    """
    And the header that is meant.
    """
    assert expected == refused(headers)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"active": False}, 1007),
        ({"expires_at": NOW}, 1007),
        ({"account": "gone"}, 1007),
        ({"addresses": ("10.0.0.0/8",)}, 1005),
        ({"addresses": ("10.0.0.0/8",), "address": "not an address"}, 1005),
        ({"scopes": ("query",)}, 1006),
    ],
)
def test_a_known_caller_may_still_not(changes: dict[str, Any], code: int) -> None:
    """
    Inactive, expired, from elsewhere, or without the right.
    """
    assert code == refused(signed(), **changes)[0]


def test_an_inactive_account_lets_nobody_in() -> None:
    """
    Whatever its credentials say.
    """
    known = directory()
    accounts = {"his": attrs.evolve(known.accounts["his"], active=False)}
    keeper = Doorkeeper(lambda: attrs.evolve(known, accounts=accounts))

    with pytest.raises(Refused) as caught:
        keeper.admit(knock(signed()), "send", NOW)
    assert 1007 == caught.value.code


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "2001:db8::1"])
def test_listed_addresses_are_let_in(address: str) -> None:
    """
    By network, IPv4 in IPv6's clothes too.
    """
    addresses = ("10.0.0.0/8", "2001:db8::/32")

    assert admit(signed(), address=address, addresses=addresses)


def test_a_bearer_key_is_enough() -> None:
    """
    Kept as a hash only; a newer directory counts at once.
    """
    digest = hashlib.sha256(b"a-key").hexdigest()
    known = [directory(bearer_hash=digest)]
    keeper = Doorkeeper(lambda: known[-1])
    request = knock({"Authorization": "bearer a-key"})

    assert ("his", "") == (
        keeper.admit(request, "send", NOW).account.id,
        keeper.admit(request, "send", NOW).nonce,
    )

    known.append(directory())
    with pytest.raises(Refused):
        keeper.admit(request, "send", NOW)


def test_every_part_of_a_request_is_signed() -> None:
    """
    Another method, path, query or body does not fit.
    """
    headers = signed()
    keeper = Doorkeeper(directory)
    for change in (
        {"method": "PUT"},
        {"path": "/v1/messages/batch"},
        {"query": "a=1"},
        {"body": b"{}"},
    ):
        with pytest.raises(Refused) as caught:
            keeper.admit(attrs.evolve(knock(headers), **change), "send", NOW)
        assert 1002 == caught.value.code


@given(
    st.dictionaries(
        st.sampled_from(
            ["X-App-Id", "X-Timestamp", "X-Nonce", "X-Signature", "Authorization"]
        ),
        st.text(max_size=80),
    )
)
def test_any_headers_are_refused(headers: dict[str, str]) -> None:
    """
    With a code of rights, whatever they hold.
    """
    assert refused({**signed(secret="wrong"), **headers})[0] in (1001, 1002, 1003, 2014)


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "address"),
    [
        ("10.0.0.9", "", (), "10.0.0.9"),
        ("10.0.0.9", "1.2.3.4", (), "10.0.0.9"),
        ("10.0.0.9", "1.2.3.4", ("10.0.0.0/8",), "1.2.3.4"),
        ("10.0.0.9", "6.6.6.6, 1.2.3.4, 10.0.0.8", ("10.0.0.0/8",), "1.2.3.4"),
        ("9.9.9.9", "1.2.3.4", ("10.0.0.0/8",), "9.9.9.9"),
    ],
)
def test_only_our_proxies_are_believed(
    peer: str, forwarded: str, proxies: tuple[str, ...], address: str
) -> None:
    """
    The address is the nearest that no proxy of ours has.
    """
    assert address == client_address(peer, forwarded, proxies)
