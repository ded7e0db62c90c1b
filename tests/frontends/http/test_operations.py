"""
Tests of health, readiness and metrics.
"""

from tests.support.doors import Front


def test_health_needs_nobody() -> None:
    """
    Without a signature; the process answers.
    """
    front = Front(parts={"queue": False})
    told = front.ask("GET", "/v1/health", X_App_Id="nobody")

    assert (200, {"status": "ok"}) == (told.status, told.json)


def test_ready_is_when_every_part_works() -> None:
    """
    503 until then, naming the parts.
    """
    front = Front(parts={"queue": True, "record": False})
    told = front.ask("GET", "/v1/ready")

    assert (503, "1") == (told.status, told.headers["retry-after"])
    assert {"queue": True, "record": False} == told.json["parts"]

    front.parts["record"] = True
    assert (200, "ready") == (
        front.ask("GET", "/v1/ready").status,
        front.ask("GET", "/v1/ready").json["status"],
    )


def test_no_parts_are_not_ready() -> None:
    """
    Before anything is known, nothing is.
    """
    assert 503 == Front(parts={}).ask("GET", "/v1/ready").status


def test_metrics_are_for_prometheus() -> None:
    """
    Its text format, with what the door has counted.
    """
    front = Front()
    front.ask("POST", "/v1/messages", {"to": [], "text": "x"})
    told = front.ask("GET", "/metrics")

    assert told.headers["content-type"].startswith("text/plain")
    assert b'smsgw_requests_total{door="http",status="400"} 1.0' in told.octets
    assert b'smsgw_refused_total{code="2013"} 1.0' in told.octets
