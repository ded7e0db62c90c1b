"""
Lists of status reports and of replies, as a vendor writes them.
"""

import hashlib
from typing import Any

import attrs

from smsgw.channels.vendor.outcomes import plain
from smsgw.channels.vendor.paths import Path, parse_body
from smsgw.channels.vendor.settings import Reports
from smsgw.message import Inbound, Receipt
from smsgw.text import Coding

__all__ = ["ReportReader"]

_LONGEST = 20
_PATHS = ("list", "number", "id", "code", "state", "done", "text", "access")


@attrs.frozen
class ReportReader:
    """
    L{Reports}, compiled. C{per_request}: an id is of many messages, and the number
    tells which.
    """

    reports: Reports
    charset: str
    per_request: bool
    _paths: dict[str, Path]

    @classmethod
    def of(cls, reports: Reports, charset: str, per_request: bool) -> "ReportReader":
        """
        C{ValueError} for a path that is none.
        """
        paths = {name: Path.parse(getattr(reports, name)) for name in _PATHS}
        return cls(reports, charset, per_request, paths)

    def document(self, body: bytes) -> Any:
        """
        The body in its form; C{ValueError} when it has another.
        """
        return parse_body(body, self.reports.format, self.charset)

    def rows(self, document: Any) -> list[Any]:
        """
        The reports in a document.
        """
        return self._paths["list"].rows(document)

    def id(self, row: Any) -> str:
        """
        The vendor's id in a report, '' for none.
        """
        return self._text("id", row)

    def receipt(self, row: Any, channel: str, now: float) -> Receipt | None:
        """
        C{None} for an intermediate report, and for one that names no message.
        """
        number, carrier_id = plain(self._text("number", row)), self.id(row)
        code = self._text("code", row)
        seen = self._text("state", row) if self.reports.state else code
        state = self._state(seen)
        if not carrier_id or not seen or state == "pending":
            return None
        if self.per_request:
            carrier_id = f"{carrier_id}/{number}"
        done = self._text("done", row)
        return Receipt(channel, carrier_id, state, code or seen, number, now, done)

    def _state(self, seen: str) -> str:
        states = self.reports.states
        return states.get(seen, states.get("*", "undelivered"))

    def inbound(self, row: Any, channel: str, now: float) -> Inbound | None:
        """
        C{None} for one without a number.
        """
        number, text = plain(self._text("number", row)), self._text("text", row)
        if not number:
            return None
        access, done = self._text("access", row), self._text("done", row)
        seen = f"{number}|{access}|{done}|{text}".encode()
        delivery_id = self.id(row) or hashlib.sha256(seen).hexdigest()[:32]
        payload = text.encode("utf-16-be", "replace")
        return Inbound(
            channel,
            delivery_id,
            number,
            access[:_LONGEST],
            payload,
            int(Coding.UCS2),
            now,
        )

    def _text(self, name: str, row: Any) -> str:
        return self._paths[name].text(row) if self._paths[name].source else ""
