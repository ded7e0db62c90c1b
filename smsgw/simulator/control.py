"""
A small HTTP control: totals, phones, replies and faults of the carriers.

GET /totals, /phones/NUMBER, /messages?limit=N, /journal?limit=N, /faults; POST /mo,
/faults, /latency, /rules; JSON. /carriers lists them, /carriers/NAME/... is of one;
without it the first is meant.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs
import cattrs
from twisted.web.resource import IResource, Resource
from twisted.web.server import Request
from zope.interface import implementer

from smsgw.errors import Refused
from smsgw.simulator.carrier import Carrier
from smsgw.simulator.latency import Latency
from smsgw.simulator.rules import Rule, Rules

__all__ = ["Control", "Desk"]

Answer = tuple[int, Any]
GARBAGE = b"\xff\x00\xff\x00 this is no PDU \xff"
MOST = 1_000
_NOTHING: Answer = (404, {"error": "没有此页 no such page"})


@implementer(IResource)
class Control(Resource):
    """
    The root of the control; bind it to loopback only, it asks nobody's name.
    """

    isLeaf = True

    def __init__(self, *carriers: Carrier) -> None:
        super().__init__()
        self._desks = {one.scenario.called: Desk(one) for one in carriers}

    def render(self, request: Request) -> bytes:
        path = request.path.decode("utf-8", "replace").strip("/").split("/")
        status, body = self._serve(
            request.method.decode("latin-1"),
            path,
            {key.decode("latin-1"): v[0] for key, v in (request.args or {}).items()},
            request.content.read() if request.content else b"",
        )
        request.setResponseCode(status)
        request.setHeader("Content-Type", "application/json; charset=utf-8")
        return json.dumps(body, ensure_ascii=False).encode() + b"\n"

    def _serve(
        self, method: str, path: list[str], args: Mapping[str, bytes], body: bytes
    ) -> Answer:
        if path == ["carriers"]:
            return 200, list(self._desks)
        if path[0] != "carriers":
            desk: Desk | None = next(iter(self._desks.values()))
        else:
            desk, path = self._desks.get(path[1]), path[2:]
        return desk.serve(method, path, args, body) if desk else _NOTHING


@attrs.define(eq=False)
class Desk:
    """
    What the control does for one carrier, without HTTP.
    """

    carrier: Carrier

    def serve(
        self, method: str, path: list[str], args: Mapping[str, bytes], body: bytes
    ) -> Answer:
        """
        One request; faults in it get 400 and words.
        """
        try:
            if method == "GET":
                return self._show(path, args)
            if method == "POST":
                return self._do(path, body)
        except (ValueError, TypeError, cattrs.BaseValidationError) as error:
            return 400, {"error": f"请求有误 bad request: {error}"}
        except Refused as error:
            return 400, {"error": f"请求有误 bad request: {error.code} {error.field}"}
        return _NOTHING

    def _show(self, path: list[str], args: Mapping[str, bytes]) -> Answer:
        carrier = self.carrier
        shown: Sequence[Any]
        match path:
            case ["totals"]:
                return 200, carrier.totals()
            case ["faults"]:
                return 200, carrier.faults.told()
            case ["phones", number]:
                shown = carrier.phones.texts(number)
            case ["messages"]:
                shown = carrier.phones.last(_limit(args))
            case ["journal"]:
                shown = list(carrier.journal.last(_limit(args)))
            case _:
                return _NOTHING
        return 200, [attrs.asdict(one) for one in shown]

    def _do(self, path: list[str], body: bytes) -> Answer:
        match path:
            case ["mo"]:
                return self._mo(**_object(body))
            case ["faults"]:
                return self._faults(**_object(body))
            case ["latency"]:
                return self._latency(_object(body))
            case ["rules"]:
                return self._rules(json.loads(body))
        return _NOTHING

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
        self.carrier.wake()
        return 200, self.carrier.faults.told()

    def _latency(self, wanted: dict[str, Any]) -> Answer:
        """
        What is named changes, the rest stays.
        """
        known = attrs.asdict(self.carrier.intake.latency)
        latency = _STRICT.structure({**known, **wanted}, Latency)
        self.carrier.intake.latency = latency
        return 200, attrs.asdict(latency)

    def _rules(self, wanted: Any) -> Answer:
        """
        These instead of those that were.
        """
        rules = _STRICT.structure(wanted, list[Rule])
        self.carrier.intake.rules = Rules.of(rules, self.carrier.scenario.protocol)
        return 200, {"rules": len(rules)}


_STRICT = cattrs.Converter(forbid_extra_keys=True)


def _limit(args: Mapping[str, bytes]) -> int:
    return min(MOST, max(0, int(args.get("limit", b"20"))))


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
