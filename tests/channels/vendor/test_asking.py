"""
Requests are signed as vendors publish it.
"""

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import parse_qsl

import pytest

from smsgw.channels.vendor.asking import Asker, Request
from smsgw.channels.vendor.settings import Ask, Sign


def asked(ask: Ask, charset: str = "utf-8", **values: Any) -> Request:
    """
    The request.
    """
    return Asker.of(ask, charset).request(values.__getitem__)


def test_alibaba_cloud_by_its_example() -> None:
    """
    The request and the signature in the documentation of SendSms.
    """
    ask = Ask(
        url="http://dysmsapi.aliyuncs.com/",
        method="GET",
        query={
            "AccessKeyId": "testId",
            "Action": "SendSms",
            "Format": "XML",
            "OutId": "123",
            "PhoneNumbers": "{number}",
            "RegionId": "cn-hangzhou",
            "SignName": "阿里云短信测试专用",
            "SignatureMethod": "HMAC-SHA1",
            "SignatureNonce": "45e25e9b-0a6f-4070-8c85-2956eda1b466",
            "SignatureVersion": "1.0",
            "TemplateCode": "SMS_71390007",
            "TemplateParam": "{params|json}",
            "Timestamp": "{time|utc:%Y-%m-%dT%H:%M:%SZ}",
            "Version": "2017-05-25",
            "Signature": "{sign}",
        },
        sign=(
            Sign(
                over="{method}&%2F&{query_sorted|percent}",
                method="hmac-sha1",
                key="{secret}&",
                encode="base64",
            ),
        ),
    )
    request = asked(
        ask,
        number="15300000001",
        params={"customer": "test"},
        time=1499827339.0,
        secret="testSecret",
    )
    given = dict(parse_qsl(request.url.partition("?")[2]))
    assert "zJDF+Lrzhj/ThnlvIToysFRq6t4=" == given["Signature"]
    assert b"" == request.body


def test_steps_make_keys() -> None:
    """
    A chain of keys, over the body's digest, in a header.
    """
    ask = Ask(
        url="https://sms.example/path?a=1",
        query={"b": "{host}"},
        headers={"Authorization": "TC3 {sign}", "X-Hash": "{body|sha256}"},
        json={"PhoneNumberSet": "{numbers|prefix:+86}"},
        sign=(
            Sign(
                name="dated",
                over="{time|utc:%Y-%m-%d}",
                method="hmac-sha256",
                key="TC3{secret}",
                encode="raw",
            ),
            Sign(
                name="keyed",
                over="tc3_request",
                method="hmac-sha256",
                key="{dated}",
                encode="raw",
            ),
            Sign(
                over="{method}\n{path}\n{host}\n{body|sha256}",
                method="hmac-sha256",
                key="{keyed}",
            ),
        ),
    )
    request = asked(ask, time=1551113065.0, secret="k", numbers=["138"])
    body = b'{"PhoneNumberSet":["+86138"]}'
    assert body == request.body
    dated = hmac.digest(b"TC3k", b"2019-02-25", "sha256")
    keyed = hmac.digest(dated, b"tc3_request", "sha256")
    text = f"POST\n/path\nsms.example\n{hashlib.sha256(body).hexdigest()}"
    made = hmac.digest(keyed, text.encode(), "sha256").hex()
    assert f"TC3 {made}" == request.headers["Authorization"]
    assert "https://sms.example/path?a=1&b=sms.example" == request.url


@pytest.mark.parametrize(
    ("over", "text"),
    [
        ("{body_sorted}", "a=%2B1&b=2"),
        ("{body_plain}", "a=+1&b=2"),
        ("{body_joined}", "a+1b2"),
        ("{params_joined}", "a+1b2q3"),
        ("{query_plain}&key={secret}", "q=3&key=k"),
    ],
)
def test_canonical_texts(over: str, text: str) -> None:
    """
    Fields in order, less the one that holds the signature.
    """
    ask = Ask(
        url="http://h/",
        query={"q": "3"},
        form={"b": "2", "a": "+{one}", "sign": "{sign}"},
        sign=(Sign(over=over, method="md5", encode="HEX"),),
    )
    request = asked(ask, one=1, secret="k")
    made = hashlib.md5(text.encode()).hexdigest().upper()
    assert f"b=2&a=%2B1&sign={made}" == request.body.decode()


def test_signature_inside_of_json() -> None:
    """
    Over its other fields; numbers stay numbers.
    """
    ask = Ask(
        url="http://h/",
        json={"n": "{n}", "sig": "{sign}"},
        sign=(Sign(over="{body_plain}", method="sm3"),),
    )
    body = json.loads(asked(ask, n=5).body)
    assert 5 == body["n"]
    assert 64 == len(body["sig"])


def test_charset() -> None:
    """
    In what is sent and in what is told.
    """
    form = asked(Ask(url="http://h/", form={"t": "{t}"}), "gbk", t="中")
    assert b"t=%D6%D0" == form.body
    assert "application/x-www-form-urlencoded; charset=gbk" == form.headers.get(
        "Content-Type"
    )
    text = asked(Ask(url="http://h/", text="<t>{t}</t>"), "gbk", t="中")
    assert "<t>中</t>".encode("gbk") == text.body
    own = Ask(url="http://h/", text="{t}", headers={"content-type": "text/xml"})
    assert {"content-type": "text/xml"} == asked(own, t="").headers
    told = asked(Ask(url="http://h/", json={"t": "{t}"}), "gbk", t="中")
    assert '{"t":"中"}'.encode("gbk") == told.body
    with pytest.raises(ValueError, match="gbk"):
        asked(Ask(url="http://h/", text="{t}"), "gbk", t="😀")


SIGN = Sign(over="{body}", method="md5")


@pytest.mark.parametrize(
    "ask",
    [
        Ask(url="http://h/{sign}", sign=(SIGN,)),
        Ask(url="http://h/", form={"s": "{sign}"}, sign=(SIGN,)),
        Ask(url="http://h/", form={"s": "{body_sorted}"}),
        Ask(url="http://h/", text="{body}"),
        Ask(url="http://h/", query={"s": "{query_sorted}"}),
        Ask(url="http://h/", sign=(Sign(over="{sign}", method="md5"),)),
        Ask(url="http://h/", sign=(Sign(over="", method="md5", name="body"),)),
        Ask(url="http://h/{"),
    ],
)
def test_circles(ask: Ask) -> None:
    """
    What would sign itself is found before it is used.
    """
    with pytest.raises(ValueError, match=r"."):
        Asker.of(ask, "utf-8")


def test_names() -> None:
    """
    What the request's user has to know; the rest it knows itself.
    """
    ask = Ask(
        url="{endpoint}/x",
        headers={"a": "{body|md5}"},
        form={"n": "{number}"},
        sign=(Sign(over="{method}{secret}", method="md5"),),
    )
    assert {"endpoint", "number", "secret"} == Asker.of(ask, "utf-8").names


def test_basic_authentication() -> None:
    """
    A filter is enough.
    """
    ask = Ask(url="http://h/", headers={"Authorization": "Basic {login|base64}"})
    made = base64.b64encode(b"u:p").decode()
    assert f"Basic {made}" == asked(ask, login="u:p").headers["Authorization"]
