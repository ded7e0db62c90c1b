"""
What crosses the queue comes back equal.
"""

from hypothesis import given
from hypothesis import strategies as st

from smsgw.message import FINAL, LANES, Chunk, decode_chunk, encode


@given(st.lists(st.text(max_size=80), min_size=1, max_size=5))
def test_chunk_round_trip(texts: list[str]) -> None:
    """A chunk of any texts is read back as it was written."""
    count = len(texts)
    chunk = Chunk(
        1,
        "id0",
        "his",
        "id0",
        "notice",
        "report",
        "市肿瘤医院",
        "",
        1.5,
        0.0,
        90.0,
        "cb",
        {"patient_id": "1"},
        "",
        [f"id{n}" for n in range(count)],
        ["13800138000"] * count,
        texts,
        [],
        [1] * count,
    )

    assert chunk == decode_chunk(encode(chunk))


def test_best_lane_first() -> None:
    """Critical values go before everything, bulk after it."""
    assert ("critical", "bulk") == (LANES[0], LANES[-1])


def test_submitted_is_not_final() -> None:
    """A message that waits for its receipt has not ended."""
    assert "submitted" not in FINAL
