"""
Tests of the frame around every answer, and of each bad input of the issue.
"""

import re
from typing import Any

import pytest
from twisted.trial.unittest import SynchronousTestCase

from smsgw.errors import Refused
from smsgw.frontends.http.call import Answer, Knock
from tests.support.doors import NOW, Front

GOOD = {"to": ["13800138000"], "text": "你好"}
_chinese = re.compile(r"[\u4e00-\u9fff]").search


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({**GOOD, "colour": "red"}, 400, 2001, "colour"),
        ({**GOOD, "text": 5}, 400, 2002, "text"),
        ({"to": GOOD["to"]}, 400, 2003, "text"),
        ({"text": "x"}, 400, 2003, "to"),
        ({**GOOD, "text": ""}, 400, 2004, "text"),
        ({**GOOD, "text": " \n"}, 400, 2004, "text"),
        ({**GOOD, "text": "长" * 100_000}, 400, 2005, "text"),
        ({**GOOD, "to": []}, 400, 2013, "to"),
        ({**GOOD, "to": ["1380013800"]}, 400, 2006, "to[0]"),
        ({**GOOD, "to": ["13800138000"] * 10_001}, 400, 2007, "to"),
        ({**GOOD, "category": "spam"}, 400, 2012, "category"),
        ({**GOOD, "send_at": "soon"}, 400, 2011, "send_at"),
        ({**GOOD, "expire_at": "2020-01-01T00:00:00Z"}, 400, 2011, "expire_at"),
        (b'{"to":', 400, 2008, ""),
        (b"", 400, 2008, ""),
        ('{"to":"13800138000","text":"中"}'.encode("gb18030"), 400, 2009, ""),
    ],
)
def test_a_bad_body_is_refused(body: Any, status: int, code: int, field: str) -> None:
    """
    Its status, its code, the field's name, and words in Chinese.
    """
    front = Front()
    told = front.ask("POST", "/v1/messages", body)

    assert (status, code, field) == (
        told.status,
        told.json["code"],
        told.json.get("field", ""),
    )
    assert "application/problem+json; charset=utf-8" == told.headers["content-type"]
    assert _chinese(told.json["title"])
    assert _chinese(told.json["detail"])
    assert told.json["request_id"] == told.headers["x-request-id"]
    assert [] == front.shelf.kept


@pytest.mark.parametrize(
    ("changes", "status", "code", "field"),
    [
        ({"X_App_Id": "nobody"}, 401, 1001, "X-App-Id"),
        ({"secret": "wrong"}, 401, 1002, "X-Signature"),
        ({"X_Timestamp": str(int(NOW) - 400)}, 401, 1003, "X-Timestamp"),
        ({"X_Signature": "none"}, 401, 2014, "X-Signature"),
    ],
)
def test_a_stranger_is_refused(
    changes: dict[str, str], status: int, code: int, field: str
) -> None:
    """
    Wrong signature, stale timestamp, unknown account.
    """
    told = Front().ask("POST", "/v1/messages", GOOD, **changes)

    assert (status, code, field) == (told.status, told.json["code"], told.json["field"])
    assert _chinese(told.json["detail"])


@pytest.mark.parametrize(
    "kind", ["application/json; charset=gbk", "text/x;charset=GBK"]
)
def test_another_charset_is_refused(kind: str) -> None:
    """
    Also when only the header says so.
    """
    told = Front().ask("POST", "/v1/messages", GOOD, {"Content-Type": kind})

    assert (400, 2009, "Content-Type") == (
        told.status,
        told.json["code"],
        told.json["field"],
    )


def test_the_charset_may_be_named() -> None:
    """
    UTF-8 is UTF-8.
    """
    kind = {"Content-Type": 'application/json; charset="UTF-8"'}

    assert 202 == Front().ask("POST", "/v1/messages", GOOD, kind).status


def test_english_is_spoken() -> None:
    """
    Title and detail, on request.
    """
    told = Front().ask(
        "POST", "/v1/messages", {**GOOD, "text": ""}, {"Accept-Language": "en-GB"}
    )

    assert ("Empty text", "en") == (
        told.json["title"],
        told.headers["content-language"],
    )
    assert not _chinese(told.json["detail"])


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v2/messages", 404, 7404),
        ("GET", "/", 404, 7404),
        ("DELETE", "/v1/messages", 405, 7405),
        ("GET", "/v1/events/ack", 405, 7405),
    ],
)
def test_a_stray_request_gets_a_problem_too(
    method: str, path: str, status: int, code: int
) -> None:
    """
    Not the framework's page.
    """
    told = Front().ask(method, path)

    assert (status, code) == (told.status, told.json["code"])


def test_rights_are_per_credential() -> None:
    """
    Who may only query does not send.
    """
    from tests.support.doors import directory

    front = Front(directory(scopes=("query",)))
    told = front.ask("POST", "/v1/messages", GOOD)

    assert (403, 1006) == (told.status, told.json["code"])
    assert 200 == front.ask("GET", "/v1/events").status


class BugTests(SynchronousTestCase):
    """
    What is nobody's refusal.
    """

    def test_a_bug_is_logged_once_and_answered(self) -> None:
        """
        500 in our form, without the exception's words.
        """
        front = Front()

        def broken() -> Any:
            raise ZeroDivisionError("13800138000")

        front.door.doorkeeper._directory = broken
        told = front.ask("GET", "/v1/events")

        self.assertEqual((500, 9000), (told.status, told.json["code"]))
        self.assertNotIn(b"13800138000", told.octets)
        self.assertEqual(1, len(self.flushLoggedErrors(ZeroDivisionError)))

    def test_a_refusal_is_not_logged(self) -> None:
        """
        The caller's fault is the caller's.
        """
        front = Front()

        def closed() -> Any:
            raise Refused(1007)

        front.door.doorkeeper._directory = closed

        self.assertEqual(401, front.ask("GET", "/v1/events").status)


def test_a_vendor_brings_reports() -> None:
    """
    Without a credential of ours, in its own charset, answered in its own words.
    """
    front = Front()
    seen: list[tuple[str, str, bytes]] = []

    async def bring(channel: str, kind: str, knock: Knock) -> Answer:
        seen.append((channel, kind, knock.body))
        return Answer(200, b"0", {}, "text/plain")

    path, body = "/v1/vendors/ali/receipts/token", "中".encode("gb18030")
    assert 404 == front.ask("POST", path, body).status
    front.door.vendors = bring
    kind = {"Content-Type": "text/plain; charset=GBK"}
    told = front.ask("POST", path, body, kind)

    assert (200, b"0") == (told.status, told.octets)
    assert [("ali", "receipts/token", body)] == seen
