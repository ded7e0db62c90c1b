"""
A business system that never loses count: it repeats until it is answered.
"""

import contextlib
import http.client
import json
import threading
import time
from typing import Any

__all__ = ["Load", "call"]

#: Numbers of China Mobile, Unicom and Telecom in turn: three protocols at once.
_PREFIXES = ("1391", "1300", "1330")


def call(port: int, key: str, method: str, path: str, body: Any = None) -> Any:
    """
    One request; (status, JSON).
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(
            method,
            path,
            None if body is None else json.dumps(body),
            {"Authorization": f"Bearer {key}", "Content-Type": "application/json"},
        )
        response = connection.getresponse()
        return response.status, json.loads(response.read())
    finally:
        connection.close()


class Load(threading.Thread):
    """
    Sends lots of numbered texts, each item with its own reference, and keeps
    what was accepted: text by message id. C{put_off} counts requests that were
    answered "not now" and repeated.
    """

    def __init__(self, port: int, key: str, lot: int = 40, pause: float = 0.05) -> None:
        super().__init__(daemon=True)
        self.port, self.key, self.lot, self.pause = port, key, lot, pause
        self.words = "验证码"
        self.accepted: dict[str, str] = {}
        self.refusals: list[Any] = []
        self.put_off = 0
        self.ending = threading.Event()

    def run(self) -> None:
        number = 0
        while not self.ending.is_set():
            texts = [f"{self.words} {number + n:06d}" for n in range(self.lot)]
            number += self.lot
            self._send(texts)
            time.sleep(self.pause)

    def _send(self, texts: list[str]) -> None:
        items = [
            {
                "to": f"{_PREFIXES[n % 3]}{n % 10000:04d}888",
                "text": text,
                "client_ref": text[-6:],
            }
            for n, text in enumerate(texts)
        ]
        body = {"items": items, "category": "otp"}
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException, ValueError):
                status, answer = call(
                    self.port, self.key, "POST", "/v1/messages/batch", body
                )
                if status in (200, 202):
                    self._keep(texts, answer)
                    return
                if status < 500:
                    self.refusals.append(answer)
                    return
                self.put_off += 1
            time.sleep(0.05)

    def _keep(self, texts: list[str], answer: Any) -> None:
        for text, item in zip(texts, answer["items"], strict=True):
            if "id" in item:
                self.accepted[item["id"]] = text
            else:
                self.refusals.append(item)
