"""
The control over HTTP requests in memory.
"""

import json
from io import BytesIO
from typing import Any

import pytest
from twisted.web.test.requesthelper import DummyRequest

from smsgw.simulator.control import Control, Desk
from smsgw.simulator.scenario import Latency, Scenario
from tests.support.simulated import ACCESS, LOGIN, Simulated, account, submit

NUMBER = "13800138000"


def simulated() -> Simulated:
    """
    A quick carrier.
    """
    return Simulated(Scenario((account(),), latency=Latency(0.0, 0.0, 0.1)))


def serve(carrier: Simulated, method: str, path: str, body: Any = None) -> Any:
    """
    One request's status and answer.
    """
    page, _, query = path.partition("?")
    args = dict(pair.split("=") for pair in query.split("&") if pair)
    return Desk(carrier.carrier).serve(
        method,
        page.split("/"),
        {key: value.encode() for key, value in args.items()},
        json.dumps(body).encode(),
    )


def test_what_was_sent_can_be_seen() -> None:
    """
    Totals, one phone's texts, the newest of all.
    """
    carrier = simulated()
    client = carrier.connect()
    client.submit(submit(NUMBER, "第一"), submit("13800138001", "第二"))
    carrier.advance(1.0)

    status, totals = serve(carrier, "GET", "totals")
    assert (200, 2, 2) == (
        status,
        totals["messages"],
        totals["accounts"][LOGIN]["accepted"],
    )
    _, texts = serve(carrier, "GET", f"phones/{NUMBER}")
    assert [("第一", ACCESS)] == [(text["text"], text["sender"]) for text in texts]
    _, newest = serve(carrier, "GET", "messages?limit=1")
    assert ["第二"] == [text["text"] for text in newest]


def test_a_phone_can_write() -> None:
    """
    The text comes to the account that owns the number.
    """
    carrier = simulated()
    client = carrier.connect()
    status, answer = serve(
        carrier, "POST", "mo", {"number": NUMBER, "to": ACCESS + "01", "text": "TD"}
    )
    carrier.advance(0.1)

    assert (202, {"parts": 1}) == (status, answer)
    assert [b"TD"] == [one.msg_content for one in client.received]


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        ("abort", "lost"),
        ("cut", "lost"),
        ("garbage", "framing"),
        ("terminate", "peer_terminated"),
    ],
)
def test_connections_can_be_disturbed(now: str, reason: str) -> None:
    """
    At once, all of them; then the carrier is as before.
    """
    carrier = simulated()
    client = carrier.connect()
    status, _ = serve(carrier, "POST", "faults", {"now": now})
    client.flush()
    carrier.advance(6.0)

    assert (200, [reason]) == (status, client.closed)
    assert [] == carrier.carrier.connections
    assert carrier.connect().bound


def test_switches_are_shown() -> None:
    """
    The answer is the state of all.
    """
    carrier = simulated()
    status, faults = serve(carrier, "POST", "faults", {"busy": 3})

    assert (200, 3) == (status, faults["busy"])


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "nothing", None, 404),
        ("POST", "totals", None, 404),
        ("GET", "messages?limit=x", None, 400),
        ("POST", "mo", [], 400),
        ("POST", "mo", {"number": NUMBER}, 400),
        ("POST", "mo", {"number": 1, "to": ACCESS, "text": "x"}, 400),
        ("POST", "mo", {"number": NUMBER, "to": ACCESS, "text": ""}, 400),
        ("POST", "mo", {"number": NUMBER, "to": "1", "text": "x"}, 404),
        ("POST", "mo", {"number": NUMBER, "to": ACCESS, "text": "x", "udhi": 2}, 400),
        ("POST", "faults", {"now": "explode"}, 400),
        ("POST", "faults", {"wet": True}, 400),
    ],
)
def test_bad_requests_get_words(method: str, path: str, body: Any, status: int) -> None:
    """
    The status and an error, never a traceback.
    """
    got, answer = serve(simulated(), method, path, body)

    assert status == got
    assert answer["error"]


def test_http_is_json() -> None:
    """
    The page wraps the answers.
    """
    page = Control(simulated().carrier)
    request = DummyRequest([b""])
    request.content, request.args = BytesIO(), {}
    request.method, request.path = b"GET", b"/phones/13800138000"
    answer = page.render(request)

    assert b"[]\n" == answer
    assert request.responseCode == 200


def test_latency_and_rules_change_while_it_runs() -> None:
    """
    What is named changes; rules are replaced; mistakes change nothing.
    """
    carrier = simulated()
    client = carrier.connect()
    status, latency = serve(carrier, "POST", "latency", {"response": 0.5})
    assert (200, 0.5, 0.1) == (status, latency["response"], latency["receipt"])
    curve = {"receipt_curve": [[0.5, 0.1], [1.0, 0.2]]}
    assert 200 == serve(carrier, "POST", "latency", curve)[0]
    wanted = [{"suffix": "0", "word": "content"}]
    assert (200, {"rules": 1}) == serve(carrier, "POST", "rules", wanted)
    for bad in ({"receipt_curve": [[0.5, 0.1]]}, {"wet": 1}):
        assert 400 == serve(carrier, "POST", "latency", bad)[0]
    assert 400 == serve(carrier, "POST", "rules", [{"suffix": "0", "wet": 1}])[0]

    client.submit(submit(NUMBER), submit("13800138001"))
    assert [] == client.results
    carrier.advance(1.0)
    assert [76, 0] == client.results


def test_the_journal_can_be_looked_at() -> None:
    """
    What was accepted, newest first; the switches too.
    """
    carrier = Simulated(Scenario((account(),), (), Latency(0.0), journal=5))
    client = carrier.connect()
    client.submit(submit(NUMBER), submit("13800138001"))

    _, entries = serve(carrier, "GET", "journal?limit=1")
    assert [("13800138001", 1, 1)] == [
        (one["number"], one["part"], one["parts"]) for one in entries
    ]
    assert not serve(carrier, "GET", "faults")[1]["deaf"]


def test_carriers_have_names() -> None:
    """
    Without one, the first is meant.
    """
    mobile, unicom = simulated(), Simulated(Scenario((account(),), protocol="sgip"))
    page = Control(mobile.carrier, unicom.carrier)

    def ask(path: bytes) -> tuple[int, Any]:
        request = DummyRequest([b""])
        request.content, request.args = BytesIO(b'{"busy": 2}'), {}
        request.method, request.path = b"POST", path
        if path.endswith(b"carriers"):
            request.method = b"GET"
        return request.responseCode or 200, json.loads(page.render(request))

    assert ["cmpp", "sgip"] == ask(b"/carriers")[1]
    assert 2 == ask(b"/carriers/sgip/faults")[1]["busy"]
    assert (0, 2) == (mobile.carrier.faults.busy, unicom.carrier.faults.busy)
    ask(b"/faults")
    assert 2 == mobile.carrier.faults.busy
    assert "error" in ask(b"/carriers/nobody/faults")[1]
    assert "error" in ask(b"/carriers/sgip")[1]
