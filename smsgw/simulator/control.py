"""
A small HTTP control: totals, phones, replies and faults of the carrier.

GET /totals, /phones/NUMBER, /messages?limit=N; POST /mo, /faults; JSON.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

import attrs
from twisted.web.resource import IResource, Resource
from twisted.web.server import Request
from zope.interface import implementer

from smsgw.errors import Refused
from smsgw.simulator.carrier import Carrier

__all__ = ["Control"]

Answer = tuple[int, Any]
GARBAGE = b"\xff\x00\xff\x00 this is no CMPP \xff"
MOST = 1_000


@implementer(IResource)
class Control(Resource):
    """
    The root of the control; bind it to loopback only, it asks nobody's name.
    """

    isLeaf = True

    def __init__(self, carrier: Carrier) -> None:
        super().__init__()
        self._desk = Desk(carrier)

    def render(self, request: Request) -> bytes:
        path = request.path.decode("utf-8", "replace").strip("/").split("/")
        status, body = self._desk.serve(
            request.method.decode("latin-1"),
            path,
            {key.decode("latin-1"): v[0] for key, v in (request.args or {}).items()},
            request.content.read() if request.content else b"",
        )
        request.setResponseCode(status)
        request.setHeader("Content-Type", "application/json; charset=utf-8")
        return json.dumps(body, ensure_ascii=False).encode() + b"\n"


@attrs.define(eq=False)
class Desk:
    """
    What the control does, without HTTP.
    """

    carrier: Carrier

    def serve(
        self, method: str, path: list[str], args: Mapping[str, bytes], body: bytes
    ) -> Answer:
        """
        One request; faults in it get 400 and words.
        """
        try:
            match method, path:
                case "GET", ["totals"]:
                    return 200, self.carrier.totals()
                case "GET", ["phones", number]:
                    texts = self.carrier.phones.texts(number)
                    return 200, [attrs.asdict(text) for text in texts]
                case "GET", ["messages"]:
                    limit = min(MOST, max(0, int(args.get("limit", b"20"))))
                    texts = self.carrier.phones.last(limit)
                    return 200, [attrs.asdict(text) for text in texts]
                case "POST", ["mo"]:
                    return self._mo(**_object(body))
                case "POST", ["faults"]:
                    return self._faults(**_object(body))
        except (ValueError, TypeError) as error:
            return 400, {"error": f"请求有误 bad request: {error}"}
        except Refused as error:
            return 400, {"error": f"请求有误 bad request: {error.code} {error.field}"}
        return 404, {"error": "没有此页 no such page"}

    def _mo(
        self, number: str, to: str, text: str, coding: str = "auto", udhi: int = 1
    ) -> Answer:
        if udhi not in (1, 0x40):
            raise ValueError("udhi is 1 or 64")
        if not all(isinstance(value, str) for value in (number, to, text, coding)):
            raise ValueError("number, to, text, coding are texts")
        parts = self.carrier.say(number, to, text, coding, udhi)
        if not parts:
            return 404, {"error": "无此接入号 no account has this access number"}
        return 202, {"parts": parts}

    def _faults(self, now: str = "", **switches: Any) -> Answer:
        """
        C{now} is done at once to every connection; the rest are switches.
        """
        act = _ACTS.get(now)
        if now and act is None:
            raise ValueError(f"now is one of {', '.join(_ACTS)}")
        self.carrier.faults.set(**switches)
        for connection in list(self.carrier.connections) if act else ():
            assert act is not None
            act(connection)
        return 200, attrs.asdict(self.carrier.faults)


def _object(body: bytes) -> dict[str, Any]:
    value = json.loads(body)
    if not isinstance(value, dict):
        raise ValueError("expected an object")
    return value


def _cut(connection: Any) -> None:
    """
    The connection breaks in the middle of a PDU.
    """
    connection.transport.write(bytes((0, 0, 0, 145, 0, 0, 0, 5, 0)))
    connection.transport.loseConnection()


_ACTS: dict[str, Callable[[Any], None]] = {
    "abort": lambda connection: connection.transport.abortConnection(),
    "cut": _cut,
    "garbage": lambda connection: connection.transport.write(GARBAGE),
    "terminate": lambda connection: connection.close(0.0),
}
