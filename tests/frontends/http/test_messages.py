"""
Tests of sending, looking up, searching and cancelling over the door.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twisted.internet.defer import Deferred

from smsgw.ids import IdSource
from smsgw.message import decode_chunk
from smsgw.views import MessageView, Step
from tests.support.doors import NOW, Front, Reply

SEND = {"to": ["13800138000"], "text": "您的报告已出"}
OLD = IdSource(0).take(1, NOW - 3600)[0]
NEW = IdSource(0).take(1, NOW)[0]


def send(front: Front, body: Any = None, **headers: str) -> Reply:
    """
    Send one text.
    """
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return front.ask("POST", "/v1/messages", body or SEND, named)


def view(**changes: Any) -> MessageView:
    """
    An hour-old message of C{his}.
    """
    fields: dict[str, Any] = {
        "id": OLD,
        "batch_id": OLD,
        "account": "his",
        "to": "13800138000",
        "text": "你好",
        "category": "report",
        "state": "queued",
        "segments": 1,
        "accepted_at": NOW - 3600,
        **changes,
    }
    return MessageView(**fields)


def test_a_send_is_accepted() -> None:
    """
    202 with an id per number, and the chunk is kept with the nonce.
    """
    front = Front()
    told = send(front, {"to": ["13800138000", "+86 138-0013-8001"], "text": "你好"})
    answer = told.json
    chunk = decode_chunk(front.shelf.kept[0].chunks[0].body)

    assert 202 == told.status
    assert (2, 0, 2) == (answer["accepted"], answer["rejected"], answer["segments"])
    assert ["13800138000", "13800138001"] == [item["to"] for item in answer["items"]]
    assert {
        "id": chunk.ids[0],
        "to": "13800138000",
        "state": "accepted",
        "segments": 1,
        "category": "notice",
    } == answer["items"][0]
    assert answer["batch_id"] == chunk.batch
    assert answer["request_id"] == told.headers["x-request-id"]
    assert "his|nonce-0000" == front.shelf.kept[0].nonce
    assert 2.0 == front.metrics.totals()["smsgw_accepted_total"]


def test_some_numbers_may_be_bad() -> None:
    """
    The good ones are sent, each bad one is told its fault.
    """
    told = send(Front(), {"to": ["13800138000", "010-65551234"], "text": "你好"}).json

    assert (1, 1) == (told["accepted"], told["rejected"])
    error = told["items"][1]["error"]
    assert (2006, "to[1]") == (error["code"], error["field"])
    assert "手机号码无效：固定电话不能接收短信" == error["detail"]
    assert "id" not in told["items"][1]


def test_a_batch_answers_per_item() -> None:
    """
    Accepted, bad number, empty text, unreadable: each in its place.
    """
    items = [
        {"to": 13800138000, "text": "a"},
        {"to": "138", "text": "b"},
        {"to": "13800138000", "text": "  "},
        {"to": "13800138000", "text": "c", "client_ref": "r-1"},
        {"to": "13800138001", "text": "d", "client_ref": "r-1"},
    ]
    told = Front().ask("POST", "/v1/messages/batch", {"items": items})
    answer = told.json

    assert 202 == told.status
    assert (1, 4) == (answer["accepted"], answer["rejected"])
    assert [
        (0, 2002, "items[0].to"),
        (1, 2006, "items[1].to"),
        (2, 2004, "items[2].text"),
        (4, 7001, "items[4].client_ref"),
    ] == [
        (item["index"], item["error"]["code"], item["error"]["field"])
        for item in answer["items"]
        if "error" in item
    ]
    assert ("r-1", "accepted") == (
        answer["items"][3]["client_ref"],
        answer["items"][3]["state"],
    )


@pytest.mark.parametrize("items", [[{"to": 1}, {}], [{"to": "1", "text": "a"}]])
def test_a_batch_of_faults_is_answered_per_item_too(items: Any) -> None:
    """
    202, with nothing accepted and nothing kept.
    """
    front = Front()
    told = front.ask("POST", "/v1/messages/batch", {"items": items})

    assert 202 == told.status
    assert (0, len(items)) == (told.json["accepted"], told.json["rejected"])
    assert all("error" in item for item in told.json["items"])
    assert [] == front.shelf.kept


def test_a_reference_again_is_the_same_message() -> None:
    """
    200 and C{duplicate} for the same content, 409 for another.
    """
    front = Front()
    first = send(front, {**SEND, "client_ref": "a"})
    again = send(front, {**SEND, "client_ref": "a"})
    other = send(front, {**SEND, "text": "x", "client_ref": "a"})

    assert 202 == first.status
    assert 200 == again.status
    assert again.json["items"][0]["duplicate"]
    assert first.json["items"][0]["id"] == again.json["items"][0]["id"]
    assert (409, 7001, "client_ref") == (
        other.status,
        other.json["code"],
        other.json["field"],
    )
    assert "业务流水号" in other.json["detail"]


def test_a_key_again_gets_the_stored_answer() -> None:
    """
    Replayed and marked, or 422 for another body.
    """
    front = Front()
    first = send(front, Idempotency_Key="k:1")
    again = send(front, Idempotency_Key="k:1")
    other = send(front, {**SEND, "text": "x"}, Idempotency_Key="k:1")

    assert "idempotency-replayed" not in first.headers
    assert (202, "true") == (again.status, again.headers["idempotency-replayed"])
    assert first.json["items"] == again.json["items"]
    assert 1 == len(front.shelf.kept)
    assert (422, 7002) == (other.status, other.json["code"])
    assert "his|POST|/v1/messages|k:1" == front.shelf.kept[0].key


def test_a_key_of_strange_letters_is_refused() -> None:
    """
    2002 names the header.
    """
    told = send(Front(), Idempotency_Key="k 1")

    assert (400, 2002, "Idempotency-Key") == (
        told.status,
        told.json["code"],
        told.json["field"],
    )


def test_the_first_with_a_key_still_runs() -> None:
    """
    409 with Retry-After; when it is done the key answers.
    """
    front = Front()
    front.shelf.held = Deferred()
    body = b'{"to":"13800138000","text":"x"}'
    headers = front.signed("POST", "/v1/messages", body)
    first = front.start(
        "POST", "/v1/messages", body, {**headers, "Idempotency-Key": "k"}
    )
    told = front.ask("POST", "/v1/messages", body, {"Idempotency-Key": "k"})

    assert (409, 7003) == (told.status, told.json["code"])
    assert "1" == told.headers["retry-after"]

    held, front.shelf.held = front.shelf.held, None
    held.callback(None)
    front.flush()
    replies: list[Reply] = []
    first.addCallback(replies.append)
    assert 202 == replies[0].status
    again = front.ask("POST", "/v1/messages", body, {"Idempotency-Key": "k"})
    assert "true" == again.headers["idempotency-replayed"]


def test_a_refused_request_leaves_its_key_free() -> None:
    """
    After a mistake the right body may come under the same key.
    """
    front = Front()
    assert 400 == send(front, {**SEND, "text": " "}, Idempotency_Key="k").status
    assert 202 == send(front, Idempotency_Key="k").status


def test_a_nonce_is_good_once() -> None:
    """
    For sends, kept with the submission; for the rest, by the door.
    """
    front = Front()
    for method, path, body in (
        ("POST", "/v1/messages", SEND),
        ("POST", "/v1/messages/preview", SEND),
        ("GET", "/v1/events", None),
        ("GET", "/v1/messages", None),
    ):
        nonce = f"the-same-{path}{method}".replace("/", "-")
        assert front.ask(method, path, body, X_Nonce=nonce).status in (200, 202)
        told = front.ask(method, path, body, X_Nonce=nonce)
        assert (401, 1004) == (told.status, told.json["code"])


def test_nothing_is_said_when_nothing_is_known() -> None:
    """
    An unavailable queue is 503 with Retry-After.
    """
    front = Front()
    front.shelf.down = True
    told = send(front)

    assert (503, 9001, "3") == (
        told.status,
        told.json["code"],
        told.headers["retry-after"],
    )


def test_a_preview_stores_nothing() -> None:
    """
    Final text, segments, and why there is no route.
    """
    front = Front()
    told = front.ask("POST", "/v1/messages/preview", SEND).json
    items = [{"to": 1}, {"to": "138", "text": "x"}]
    batch = front.ask("POST", "/v1/messages/preview", {"items": items}).json

    assert "【示范医院】您的报告已出" == told["items"][0]["text"]
    assert 5001 == told["items"][0]["error"]["code"]
    assert [(0, 2002)] == [
        (item["index"], item["error"]["code"]) for item in batch["items"][:1]
    ]
    assert [] == front.shelf.kept


def test_a_message_is_looked_up() -> None:
    """
    With its times in China's offset; another account's is not there.
    """
    front = Front()
    front.shown.messages[("his", OLD)] = view(state="delivered", final_at=NOW)
    front.shown.messages[("lis", OLD[:-1] + "1")] = view()
    told = front.ask("GET", f"/v1/messages/{OLD}")

    assert 200 == told.status
    assert ("delivered", True) == (told.json["state"], told.json["final"])
    assert "2027-01-15T16:00:00.000+08:00" == told.json["final_at"]
    assert "submitted_at" not in told.json
    assert 404 == front.ask("GET", f"/v1/messages/{OLD[:-1]}1").status


def test_a_message_not_yet_recorded_is_accepted() -> None:
    """
    Never 404 for what was just accepted; 404 for what never was.
    """
    front = Front()
    told = front.ask("GET", f"/v1/messages/{NEW}")
    strange = front.ask("GET", "/v1/messages/nonsense")

    assert {"id": NEW, "state": "accepted", "waiting_for": "record"} == told.json
    assert (
        "record" == front.ask("GET", f"/v1/messages/{NEW}/timeline").json["waiting_for"]
    )
    assert (404, 7404) == (strange.status, strange.json["code"])
    assert 404 == front.ask("GET", f"/v1/messages/{OLD}").status
    assert 404 == front.ask("GET", f"/v1/messages/{OLD}/timeline").status


def test_a_timeline_tells_every_step() -> None:
    """
    Oldest first, only what each step has.
    """
    front = Front()
    front.shown.steps[("his", OLD)] = [
        Step(NOW, "routed", "queued"),
        Step(NOW + 1, "answered", channel="cmcc", part=1, carrier_id="77"),
    ]

    assert [
        {"at": "2027-01-15T16:00:00.000+08:00", "kind": "routed", "state": "queued"},
        {
            "at": "2027-01-15T16:00:01.000+08:00",
            "kind": "answered",
            "channel": "cmcc",
            "part": 1,
            "carrier_id": "77",
        },
    ] == front.ask("GET", f"/v1/messages/{OLD}/timeline").json["steps"]


def test_a_search_is_passed_on() -> None:
    """
    Normalised number, times, cursor and limit.
    """
    front = Front()
    front.shown.messages[("his", OLD)] = view()
    told = front.ask(
        "GET",
        "/v1/messages?to=%2B86+138-0013-8000&client_ref=a&state=queued&batch_id=b"
        "&from=2027-01-15T16%3A00%3A00%2B08%3A00&cursor=c&limit=7",
    )
    account, wanted, cursor, limit = front.shown.searches[0]

    assert [OLD] == [item["id"] for item in told.json["items"]]
    assert ("his", "c", 7) == (account, cursor, limit)
    assert ("13800138000", "a", "queued", "b", NOW, 0.0) == (
        wanted.to,
        wanted.client_ref,
        wanted.state,
        wanted.batch,
        wanted.since,
        wanted.until,
    )


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("x=1", 2001, "x"),
        ("limit=0", 2002, "limit"),
        ("limit=1001", 2002, "limit"),
        ("limit=all", 2002, "limit"),
        ("state=lost", 2002, "state"),
        ("to=138", 2006, "to"),
        ("from=yesterday", 2011, "from"),
    ],
)
def test_a_bad_search_is_refused(query: str, code: int, field: str) -> None:
    """
    With the name of the field.
    """
    told = Front().ask("GET", f"/v1/messages?{query}")

    assert (400, code, field) == (told.status, told.json["code"], told.json["field"])


def test_a_waiting_message_is_canceled() -> None:
    """
    The answer tells that it was stopped, and the record will too.
    """
    front = Front(recorded=NOW)
    front.shown.messages[("his", OLD)] = view()
    told = front.ask("POST", f"/v1/messages/{OLD}/cancel")

    assert [{"id": OLD, "result": "stopped"}] == told.json["items"]
    assert [OLD] == front.stopper.asked
    assert ["canceled"] == [fact.state for fact in front.notes.facts]


def test_what_has_gone_is_not_canceled() -> None:
    """
    409, from the record or from the queue.
    """
    front = Front()
    front.stopper.answer = "too_late"
    front.shown.messages[("his", OLD)] = view()
    assert 7004 == front.ask("POST", f"/v1/messages/{OLD}/cancel").json["code"]

    front.shown.messages[("his", OLD)] = view(state="delivered")
    told = front.ask("POST", f"/v1/messages/{OLD}/cancel")
    assert (409, 7004) == (told.status, told.json["code"])


def test_a_message_is_canceled_before_it_is_recorded() -> None:
    """
    The call waits a moment for the record.
    """
    front = Front()

    def record() -> None:
        if 3 == len(front.naps):
            front.shown.messages[("his", NEW)] = view(id=NEW)

    front.on_nap = record
    told = front.ask("POST", f"/v1/messages/{NEW}/cancel")

    assert 200 == told.status
    assert NEW == told.json["items"][0]["id"]
    assert [0.1] * 3 == front.naps


def test_a_record_that_caught_up_knows_all() -> None:
    """
    What it lacks then there is not: 404; a record that stands still is waited for
    a second at most.
    """
    front = Front(recorded=NOW - 0.5)

    def record() -> None:
        front.recorded += 0.25

    front.on_nap = record
    told = front.ask("POST", f"/v1/messages/{NEW}/cancel")
    assert 404 == told.status
    assert 7404 == told.json["code"]
    assert 3 == len(front.naps)
    assert [] == front.stopper.asked
    late = Front()
    assert 503 == late.ask("POST", f"/v1/messages/{NEW}/cancel").status
    assert 1.1 > sum(late.naps)


def test_nobody_cancels_anothers_message() -> None:
    """
    Not there, or not yet known whose it is.
    """
    front = Front()
    front.shown.messages[("lis", OLD)] = view(account="lis")

    assert 404 == front.ask("POST", f"/v1/messages/{OLD}/cancel").status
    assert 503 == front.ask("POST", f"/v1/messages/{NEW}/cancel").status
    assert [] == front.stopper.asked


FRONT = Front()


@given(st.binary(max_size=120))
def test_any_body_is_answered(body: bytes) -> None:
    """
    A problem in our words, never an internal error.
    """
    for path in ("/v1/messages", "/v1/messages/batch", "/v1/messages/preview"):
        told = FRONT.ask("POST", path, body)
        assert told.status in (200, 202, 400)
        assert "request_id" in told.json
