"""
Reports that come to our door prove themselves first.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

import attrs
import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from smsgw.channels.vendor.contract import VendorContract
from smsgw.channels.vendor.intake import Intake
from smsgw.channels.vendor.pushing import DURABLE_WITHIN, PushDesk, Told
from smsgw.errors import Refused, Unavailable
from smsgw.gateway.outbox import Outbox
from tests.channels.vendor.imitations import channel_of
from tests.support.worlds import Still

REPORT = json.dumps(
    [{"biz_id": "1^0", "phone_number": "+8613800138000", "success": True, "ts": "7"}]
).encode()


@attrs.frozen
class Knock:
    """
    What came to our door.
    """

    body: bytes = b""
    query: str = ""
    address: str = "127.0.0.1"
    method: str = "POST"
    headers: Mapping[str, str] = attrs.field(factory=dict)

    def header(self, name: str) -> str:
        """
        '' for none.
        """
        return self.headers.get(name, "")


@attrs.define
class Desk:
    """
    A desk whose outbox is looked into.
    """

    push: dict[str, Any]
    timers: Clock = attrs.field(factory=Clock)
    outbox: Outbox = attrs.field(factory=lambda: Outbox(lambda: None))
    desk: PushDesk = attrs.field(init=False)
    reports: dict[str, Any] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        made = channel_of("aliyun")
        vendor: Any = dict(made.vendor)
        vendor["receipts"] = vendor["receipts"] | {"push": self.push} | self.reports
        contract = VendorContract.of(attrs.evolve(made, vendor=vendor))
        self.desk = PushDesk(
            Intake(contract, Still(), self.outbox),
            self.timers,  # type: ignore[arg-type]  # a clock times it
            lambda: contract.values(1.0, "n"),
        )

    def take(self, tail: str = "", **knock: Any) -> "Deferred[Told]":
        """
        The answer, when there is one.
        """
        whole = Knock(**{"body": REPORT, **knock})
        return Deferred.fromCoroutine(self.desk.take("receipts", tail, whole))

    def code(self, tail: str = "", **knock: Any) -> int:
        """
        Why it is refused; 0 if it is taken.
        """
        failed: list[Any] = []
        taken = self.take(tail, **knock).addErrback(failed.append)
        if failed:
            failed[0].trap(Refused)
            return int(failed[0].value.code)
        taken.addErrback(lambda _: None).cancel()
        return 0


def test_answered_when_durable() -> None:
    """
    Not before; the number is in our form.
    """
    desk = Desk({"token": "{secret1}"})
    told: list[Any] = []
    desk.take("push-token").addCallback(told.append)
    ((key, receipt),) = desk.outbox.receipts
    assert ("ali|1^0", "13800138000") == (key, receipt.number)
    assert [] == told
    for acknowledge in desk.outbox.acks:
        acknowledge()
    assert b"OK" == told[0].body


def test_not_kept_in_time() -> None:
    """
    The vendor is told to come again.
    """
    desk = Desk({"token": "{secret1}"})
    failed: list[Any] = []
    desk.take("push-token").addErrback(failed.append)
    desk.timers.advance(DURABLE_WITHIN + 1)
    assert failed[0].check(Unavailable)
    for acknowledge in desk.outbox.acks:
        acknowledge()


@pytest.mark.parametrize("tail", ["", "push", "push-tokens", "错"])
def test_wrong_token(tail: str) -> None:
    """
    Nothing is kept.
    """
    desk = Desk({"token": "{secret1}"})
    assert 1002 == desk.code(tail)
    assert not desk.outbox.receipts


def test_empty_token_opens_nothing() -> None:
    """
    A secret that is not set is no password.
    """
    assert 1002 == Desk({"token": "{access}"}).code("")


def test_token_in_a_header() -> None:
    """
    Headers are as good as paths.
    """
    desk = Desk({"token": "{secret1}", "token_at": "header:X-Token"})
    assert 0 == desk.code(headers={"X-Token": "push-token"})
    assert 1002 == desk.code("push-token")


def test_addresses() -> None:
    """
    Only from where the vendor is.
    """
    desk = Desk({"addresses": ["10.0.0.0/8"]})
    assert 1005 == desk.code()
    assert 0 == desk.code(address="10.1.2.3")


def test_signature_over_the_body() -> None:
    """
    Over the body as it came, with the time from a header.
    """
    recipe = [
        {
            "method": "hmac-sha256",
            "over": "{header.X-Time}.{body}",
            "key": "{secret}",
        }
    ]
    desk = Desk({"sign": recipe, "sign_at": "header:X-Sign"})
    made = hmac.new(b"testSecret", b"5." + REPORT, hashlib.sha256).hexdigest()
    assert 0 == desk.code(headers={"X-Time": "5", "X-Sign": made})
    assert 1002 == desk.code(headers={"X-Time": "6", "X-Sign": made})
    assert 1002 == desk.code(headers={"X-Time": "5"})


def test_signature_in_the_document() -> None:
    """
    Over fields of the report itself.
    """
    over = "{field.[0].ts}{query.app}{secret}"
    recipe = [{"method": "md5", "over": over}]
    desk = Desk({"sign": recipe, "sign_at": "query:sig"})
    made = hashlib.md5(b"7a testSecret".replace(b" ", b"")).hexdigest()
    assert 0 == desk.code(query=f"app=a&sig={made}")
    assert 1002 == desk.code(query=f"app=b&sig={made}")


def test_unreadable() -> None:
    """
    A body in another form is refused, not believed.
    """
    assert 2009 == Desk({"token": "{secret1}"}).code("push-token", body=b"[{")


def test_get_with_a_query() -> None:
    """
    Some vendors bring one report in the query of a GET.
    """
    desk = Desk(
        {"token": "{secret1}", "token_at": "query:pswd"},
        reports={"format": "form", "state": "", "states": {"DELIVRD": "delivered"}},
    )
    query = "pswd=push-token&biz_id=9&phone_number=13800138000&err_code=DELIVRD"
    assert 0 == desk.code(method="GET", body=b"", query=query)
    ((_, receipt),) = desk.outbox.receipts
    assert ("9", "delivered") == (receipt.carrier_id, receipt.state)
