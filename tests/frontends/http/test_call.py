"""
Tests of requests and answers as values.
"""

import pytest

from smsgw.directory import Account, Credential
from smsgw.errors import Refused
from smsgw.frontends.http.call import Call, Caller, Knock, answer


def call(query: str) -> Call:
    """
    A look-up.
    """
    knock = Knock("GET", "/v1/messages", query, b"", lambda name: "", "127.0.0.1")
    caller = Caller(Credential("his", "his"), Account("his", "门诊"))
    return Call(knock, caller, 1_800_000_000.0, "r1")


def test_arguments_are_decoded() -> None:
    """
    Percent signs, plus signs, and fields without a value.
    """
    given = call("to=%2B86+138&text=%E4%B8%AD&state=").arguments("to", "text", "state")

    assert {"to": "+86 138", "text": "中", "state": ""} == given
    assert "his" == call("").account.id


@pytest.mark.parametrize(("query", "code"), [("x=1", 2001), ("to=%FF", 2009)])
def test_strange_arguments_are_refused(query: str, code: int) -> None:
    """
    An unknown name, or octets that are no text.
    """
    with pytest.raises(Refused) as caught:
        call(query).arguments("to")

    assert code == caught.value.code


def test_an_answer_is_json() -> None:
    """
    In UTF-8, with header names as they are written.
    """
    told = answer({"to": "中"}, 202, Retry_After="1")

    assert (202, '{"to":"中"}'.encode()) == (told.status, told.body)
    assert {"Retry-After": "1"} == told.headers
