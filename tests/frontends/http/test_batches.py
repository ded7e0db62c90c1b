"""
Tests of batches: progress, pause, resume, cancel.
"""

import pytest

from smsgw.views import Progress
from tests.support.doors import Front


@pytest.fixture
def front() -> Front:
    """
    With a batch of the caller and one of somebody else.
    """
    front = Front()
    states = {"delivered": 3, "queued": 2}
    front.steered.known["his", "B1"] = Progress("B1", "running", states, 7)
    front.steered.known["lis", "B2"] = Progress("B2", "running", {})
    return front


def test_progress_counts_states(front: Front) -> None:
    """
    Messages and segments.
    """
    told = front.ask("GET", "/v1/batches/B1").json
    assert (5, 7, "running") == (told["messages"], told["segments"], told["state"])
    assert {"delivered": 3, "queued": 2} == told["states"]


@pytest.mark.parametrize(
    ("what", "state"),
    [("pause", "paused"), ("resume", "running"), ("cancel", "canceled")],
)
def test_a_batch_is_steered(front: Front, what: str, state: str) -> None:
    """
    In the caller's name.
    """
    assert 200 == front.ask("POST", f"/v1/batches/B1/{what}").status
    assert [("his", "B1", state, "api:his")] == front.steered.told


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/batches/B2"),
        ("GET", "/v1/batches/gone"),
        ("POST", "/v1/batches/B1/explode"),
    ],
)
def test_what_is_not_there(front: Front, method: str, path: str) -> None:
    """
    Somebody else's is not there either.
    """
    assert 404 == front.ask(method, path).status
