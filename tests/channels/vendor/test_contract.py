"""
All mistakes of a vendor's tables are named, each with its place.
"""

import copy
from typing import Any

import attrs
import pytest

from smsgw.channels.vendor.contract import VendorContract
from smsgw.directory import Channel
from smsgw.errors import Refused
from tests.channels.vendor.imitations import channel_of


def changed(path: str, value: Any, name: str = "aliyun", **changes: Any) -> Channel:
    """
    The fixture with one table's value changed.
    """
    made = channel_of(name, **changes)
    vendor = copy.deepcopy(dict(made.vendor))
    *tables, last = path.split(".")
    inner: Any = vendor
    for table in tables:
        inner = inner[int(table)] if table.isdecimal() else inner.setdefault(table, {})
    inner[last] = value
    return attrs.evolve(made, vendor=vendor)


@pytest.mark.parametrize("name", ["aliyun", "tencent"])
def test_fixtures_have_none(name: str) -> None:
    """
    Both vendors are described without a mistake.
    """
    assert [] == VendorContract.mistakes(channel_of(name))


@pytest.mark.parametrize(
    ("path", "value", "words", "place"),
    [
        ("submit.url", "ftp://h/", "http://", "vendor.submit.url"),
        ("submit.url", "http:///x", "no host", "vendor.submit.url"),
        ("submit.url", "{enpoint}/", "{enpoint}", "vendor.submit"),
        ("submit.query.X", "{nobody}", "{nobody}", "vendor.submit"),
        ("submit.query.X", "{", "single", "vendor.submit"),
        ("submit.query.X", "{secret2}", "{secret2}", "vendor.submit"),
        ("submit.query.X", "{text|utc:%Y%m%d}", "", "vendor.submit"),
        ("submit.query.X", 5, "str", "vendor.submit.query['X']"),
        ("submit.colour", "red", "colour", "vendor.submit"),
        ("submit.batch", 0, "batch", "vendor.submit"),
        ("submit.id", "{text|none}", "none", "vendor.submit.id"),
        ("submit.sign.0.method", "md4", "md4", "vendor.submit.sign[0].method"),
        ("submit.item", {"a": "{numbers}"}, "{numbers}", "vendor.submit.item"),
        ("answer.id", "a..b", "a..b", "vendor.answer"),
        ("answer.classes", {"1": "bad"}, "'bad'", "vendor.answer.classes.1"),
        ("answer.classes", {"1": "success"}, "'success'", "vendor.answer.classes.1"),
        ("templates.0.pattern", "(", "no pattern", "vendor.templates[0].pattern"),
        ("receipts.id", "", "id and state", "vendor.receipts"),
        ("receipts.number", "~(~", "no pattern", "vendor.receipts"),
        ("receipts.push.token", "{x}", "{x}", "vendor.receipts.push.token"),
        ("receipts.push.token_at", "body", "no place", "vendor.receipts.push.token_at"),
        ("inbound.text", "", "missing", "vendor.inbound.text"),
        ("inbound.push.token_at", "field:a[", "no path", "push.token_at"),
        ("charset", "big5", "big5", "vendor.charset"),
        ("timeout", 0.0, "timeout", "vendor"),
    ],
)
def test_mistake(path: str, value: Any, words: str, place: str) -> None:
    """
    One mistake, what it is and where.
    """
    told = VendorContract.mistakes(changed(path, value))
    assert told
    assert words in told[0]
    assert place in told[0]


def test_all_at_once() -> None:
    """
    The refusal names every one of them, and the channel.
    """
    channel = changed("answer.classes", {"1": "bad", "2": "worse"})
    channel = attrs.evolve(
        channel,
        secrets=(),
        settings={"signature_by": "nobody"},
    )
    with pytest.raises(Refused) as caught:
        VendorContract.of(channel)
    assert "channels.ali.vendor" == caught.value.field
    for words in ("'bad'", "'worse'", "{secret1}", "signature_by"):
        assert words in caught.value.detail


def test_polls_are_checked() -> None:
    """
    Their requests, answers and acknowledgements.
    """
    base = "receipts.poll."
    for path, value, place in (
        ("ask.url", "x", "vendor.receipts.poll.ask.url"),
        ("answer.code", "a[", "vendor.receipts.poll.answer"),
        ("acknowledge.json", {"a": "{number}"}, "vendor.receipts.poll.acknowledge"),
        ("acknowledge.json", {"a": "{"}, "vendor.receipts.poll.acknowledge"),
    ):
        (told,) = VendorContract.mistakes(changed(base + path, value, "tencent"))
        assert place in told


def test_parameters() -> None:
    """
    By name, or by number where the pattern gives none.
    """
    patterns = [
        {"template": "A", "pattern": r"(?P<code>\d+)是(验证)码(?:，(\d+)分)?"},
    ]
    (one,) = VendorContract.of(changed("templates", patterns)).templates
    assert {"code": "12", "2": "验证", "3": ""} == one.parameters("12是验证码")
    assert one.parameters("12是验证码。") is None


def test_values() -> None:
    """
    Who we are, with all secrets.
    """
    values = VendorContract.of(channel_of("aliyun")).values(5.0, "n")
    assert ("testId", "testSecret", "push-token", 5.0, "n") == tuple(
        values[name] for name in ("login", "secret", "secret1", "time", "nonce")
    )


def test_batches_say_nothing_of_one() -> None:
    """
    What stands for the first message only is not said of many.
    """
    (told,) = VendorContract.mistakes(changed("submit.json.to", "{number}", "tencent"))
    assert "{number} is of the first message" in told
    (told,) = VendorContract.mistakes(changed("submit.same", False, "tencent"))[1:]
    assert "{text} is of the first message" in told
    told = VendorContract.mistakes(changed("submit.batch", 5))[0]
    assert "{numbers} or {items}" in told
