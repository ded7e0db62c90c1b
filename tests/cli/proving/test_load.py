"""
Tests for L{smsgw.cli.proving.load}: it repeats until it is answered.
"""

from typing import Any

import pytest

from smsgw.cli.proving import load
from smsgw.cli.proving.load import Load


def test_it_never_loses_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    After errors and 503 it repeats the same; what is refused is kept apart.
    """
    asked: list[Any] = []
    answers: list[Any] = [
        OSError("gone"),
        (503, {}),
        (202, {"items": [{"id": "A"}, {"error": {"code": 2006}}]}),
    ]

    def call(*words: Any) -> Any:
        asked.append(words[-1])
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(load, "call", call)
    made = Load(1, "key", lot=2)
    made._send(["验证码 000001", "验证码 000002"])
    assert asked[0] == asked[1] == asked[2]
    assert {"A": "验证码 000001"} == made.accepted
    assert 1 == len(made.refusals)
    assert 1 == made.put_off
    assert {"1391", "1300"} == {one["to"][:4] for one in asked[0]["items"]}
