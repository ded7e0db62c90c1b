"""
Tables that contradict themselves are refused.
"""

from typing import Any

import pytest

from smsgw.channels.vendor.settings import (
    Answer,
    Ask,
    Push,
    Reports,
    Sign,
    SubmitAnswer,
)

PUSH = Push(token="t")


@pytest.mark.parametrize(
    ("kind", "fields", "word"),
    [
        (Ask, {"url": "u", "json": {"a": 1}, "text": "x"}, "only one"),
        (Ask, {"url": "u", "method": "GET", "text": "x"}, "GET"),
        (Answer, {"code": "c"}, "together"),
        (SubmitAnswer, {"code": "c", "success": ("0",)}, "id"),
        (SubmitAnswer, {"id": "i", "item_code": "c"}, "together"),
        (SubmitAnswer, {"id": "i", "item_number": "n"}, "items"),
        (Push, {}, "who it is"),
        (Push, {"token": "t", "sign_at": "query:s"}, "together"),
        (Push, {"sign": (Sign(over="", method="md5"),)}, "together"),
        (Reports, {"number": "n"}, "polled"),
        (Reports, {"number": "n", "push": PUSH, "states": {"a": "b"}}, "'b'"),
    ],
)
def test_mistakes(kind: Any, fields: dict[str, Any], word: str) -> None:
    """
    In words that name what is wrong.
    """
    with pytest.raises(ValueError, match=word):
        kind(**fields)
