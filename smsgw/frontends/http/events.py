"""
The stream of an account's events, and the note that the caller has them.
"""

import attrs

from smsgw.errors import Refused
from smsgw.frontends.http.answers import event_out
from smsgw.frontends.http.call import Answer, Call, answer
from smsgw.frontends.http.messages import check_nonce, limit_of
from smsgw.frontends.http.nonces import Nonces
from smsgw.frontends.http.schema import read_acknowledgement
from smsgw.ports import Reader

__all__ = ["EVENT_TYPES", "Events"]

REPORT = (
    "message.submitted",
    "message.delivered",
    "message.failed",
    "message.expired",
    "message.unknown",
    "message.canceled",
    "message.late",
)
INBOUND = ("inbound.received",)
EVENT_TYPES = (*REPORT, *INBOUND)
_GROUPS = {"report": REPORT, "inbound": INBOUND}
MOST_CURSOR = 2**63 - 1


@attrs.define(eq=False)
class Events:
    """
    The handlers of /v1/events.
    """

    reader: Reader
    nonces: Nonces

    async def read(self, call: Call) -> Answer:
        """
        Oldest first, after C{cursor}; the same again as often as asked.
        """
        check_nonce(call, self.nonces)
        given = call.arguments("types", "cursor", "limit")
        cursor = _cursor(given.get("cursor") or "0")
        found = await self.reader.events(
            call.account.id, _types(given.get("types", "")), cursor, limit_of(given)
        )
        last = found[-1].seq if found else cursor
        return answer({"events": [*map(event_out, found)], "cursor": str(last)})

    async def acknowledge(self, call: Call) -> Answer:
        """
        The caller has these.
        """
        check_nonce(call, self.nonces)
        ids = read_acknowledgement(call.knock.body)
        by = f"api:{call.caller.credential.app_id}"
        count = await self.reader.acknowledge(call.account.id, by, ids, call.now)
        return answer({"request_id": call.request_id, "acknowledged": count})


def _types(given: str) -> list[str]:
    wanted: list[str] = []
    for name in given.split(",") if given else []:
        if name in _GROUPS:
            wanted += _GROUPS[name]
        elif name in EVENT_TYPES:
            wanted.append(name)
        else:
            raise Refused(2002, name[:64], "types")
    return wanted


def _cursor(given: str) -> int:
    if not (given.isascii() and given.isdigit() and int(given[:20]) <= MOST_CURSOR):
        raise Refused(2002, "", "cursor")
    return int(given)
