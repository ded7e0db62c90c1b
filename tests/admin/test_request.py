"""
Requests as they are read: forms, files, addresses.
"""

from io import BytesIO

import attrs
from twisted.internet.address import IPv4Address
from twisted.web.test.requesthelper import DummyRequest

from smsgw.admin.request import read_request


def asked(
    body: bytes = b"", kind: str = "", uri: bytes = b"/a?b=1&b=2&lang=en", **more: str
) -> DummyRequest:
    """
    A request as Twisted has it.
    """
    request = DummyRequest([b"a"])
    request.method = b"POST" if body else b"GET"
    request.uri = uri
    request.content = BytesIO(body)
    request.client = IPv4Address("TCP", "10.0.0.9", 1)
    request.isSecure = lambda: False
    request.getCookie = lambda name: None
    headers = {"content-type": kind, **more}
    request.getHeader = lambda name: headers.get(name.lower())
    return request


def test_query_and_language() -> None:
    """
    The last value counts; a chosen language is told apart.
    """
    found = read_request(asked())
    assert ({"b": "2"}, "en", "en") == (found.query, found.language, found.chosen)
    assert found.address == "10.0.0.9"


def test_forms() -> None:
    """
    Values and lists.
    """
    kind = "application/x-www-form-urlencoded"
    found = read_request(asked(b"a=1&a=2&_csrf=t", kind))
    assert found.form["a"] == "2"
    assert found.lists["a"] == ["1", "2"]
    assert found.csrf == "t"


def test_files() -> None:
    """
    With their names.
    """
    body = (
        b'--x\r\nContent-Disposition: form-data; name="f"; filename="\xe5\x90\x8d.csv"'
        b"\r\n\r\n1,2\r\n--x--\r\n"
    )
    found = read_request(asked(body, "multipart/form-data; boundary=x"))
    assert ("名.csv", b"1,2") == attrs.astuple(found.files["f"])


def test_a_broken_body_is_no_form() -> None:
    """
    Nothing half read.
    """
    found = read_request(asked(b"--y", "multipart/form-data; boundary=x"))
    assert ({}, {}) == (found.form, found.files)


def test_proxies() -> None:
    """
    Believed only where they are ours.
    """
    more = {"x-forwarded-for": "10.1.1.1", "x-forwarded-proto": "https"}
    assert not read_request(asked(**more)).secure
    behind = read_request(asked(**more), ("10.0.0.0/24",))
    assert (True, "10.1.1.1") == (behind.secure, behind.address)
