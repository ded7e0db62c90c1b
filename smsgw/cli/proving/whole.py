"""
Long messages: shown as one on the handset, with one state, in each protocol.
"""

import time
import urllib.parse
from collections.abc import Mapping
from typing import Any

import attrs

from smsgw.cli.proving.load import call
from smsgw.cli.proving.venue import fetch
from smsgw.cli.stage import Stage

__all__ = ["LENGTH", "Wholes", "long_text", "wholes"]

LENGTH = 1000
SIGNED = "【示范医院】"
_SENTENCE = "第{}段：双肺纹理清晰，右肺上叶见磨玻璃结节，建议六个月后复查。"
_TO = {
    "mobile": "13900990001",
    "unicom": "18600990002",
    "telecom": "18900990003",
}


@attrs.frozen
class Wholes:
    """
    Per carrier: whether the text arrived as one, how many parts it had, its state.
    """

    told: Mapping[str, tuple[bool, int, str]]

    @property
    def right(self) -> bool:
        """
        All whole, all delivered.
        """
        return bool(self.told) and all(
            whole and state == "delivered" for whole, _, state in self.told.values()
        )


def long_text() -> str:
    """
    Of at least so many characters.
    """
    text = ""
    for number in range(LENGTH):
        text += _SENTENCE.format(number)
        if len(text) >= LENGTH:
            break
    return text


def wholes(stage: Stage, seconds: float = 30.0) -> Wholes:
    """
    Send one to each carrier; what the phones show and the record says.
    """
    text, port = long_text(), stage.ports["http"]
    items = [{"to": to, "text": text} for to in _TO.values()]
    body = {"items": items, "category": "report"}
    _, answer = call(port, stage.key, "POST", "/v1/messages/batch", body)
    names = dict(zip(_TO, (one["id"] for one in answer["items"]), strict=True))
    until = time.monotonic() + seconds
    while True:
        states = {name: _state(stage, one) for name, one in names.items()}
        if {*states.values()} == {"delivered"} or time.monotonic() > until:
            break
        time.sleep(0.2)
    return Wholes({name: (*_shown(stage, name, text), states[name]) for name in names})


def _state(stage: Stage, message: str) -> str:
    path = f"/v1/messages/{message}"
    status, found = call(stage.ports["http"], stage.key, "GET", path)
    return str(found["state"]) if status == 200 else ""


def _shown(stage: Stage, carrier: str, text: str) -> tuple[bool, int]:
    """
    Whether the phone shows this text as one message, and of how many parts.
    """
    path = f"/carriers/{carrier}/phones/{urllib.parse.quote(_TO[carrier])}"
    shown: list[Any] = fetch(stage.ports["control"], path)
    found = [one for one in shown if one["text"] == SIGNED + text]
    return len(found) == 1 == len(shown), found[0]["parts"] if found else 0
