"""
Replies: read by time, and as conversations with a number.
"""

import attrs

from smsgw.errors import Refused
from smsgw.frontends.http.call import Answer, Call, answer
from smsgw.frontends.http.messages import check_nonce, limit_of
from smsgw.frontends.http.nonces import Nonces
from smsgw.frontends.http.times import read_time, write_time
from smsgw.numbering import normalise
from smsgw.ports import Inbox
from smsgw.views import ReplyView, Turn

__all__ = ["Replies"]

MOST_TURNS = 500


@attrs.define(eq=False)
class Replies:
    """
    The handlers of /v1/inbound and /v1/conversations.
    """

    inbox: Inbox
    nonces: Nonces

    async def read(self, call: Call) -> Answer:
        """
        Oldest first, after C{cursor}; with C{number} only that one's.
        """
        check_nonce(call, self.nonces)
        given = call.arguments("number", "from", "cursor", "limit")
        number = given.get("number", "")
        cursor = given.get("cursor", "0")
        if not (cursor.isascii() and cursor.isdigit() and len(cursor) < 16):
            raise Refused(2002, "", "cursor")
        found = await self.inbox.replies(
            call.account.id,
            normalise(number) if number else "",
            read_time(given.get("from", ""), "from"),
            int(cursor),
            limit_of(given),
        )
        last = str(round(found[-1].at * 1000)) if found else cursor
        return answer({"items": [*map(_reply_out, found)], "cursor": last})

    async def conversation(self, call: Call, number: str) -> Answer:
        """
        What was said to and by a number of late, oldest first.
        """
        check_nonce(call, self.nonces)
        limit = limit_of(call.arguments("limit"), MOST_TURNS)
        wanted = normalise(number)
        turns = await self.inbox.conversation(call.account.id, wanted, limit)
        return answer({"number": wanted, "turns": [*map(_turn_out, turns)]})


def _reply_out(reply: ReplyView) -> dict[str, object]:
    return {
        "id": reply.id,
        "from": reply.number,
        "access_number": reply.access_number,
        "text": reply.text,
        "received_at": write_time(reply.at),
        "message_id": reply.message_id,
        "matched_by": reply.matched_by,
        "action": reply.action,
        "note": reply.note,
    }


def _turn_out(turn: Turn) -> dict[str, object]:
    told: dict[str, object] = {
        "side": turn.side,
        "id": turn.id,
        "at": write_time(turn.at),
        "text": turn.text,
    }
    if turn.side == "out":
        told["state"] = turn.state
    else:
        told["message_id"] = turn.answers
    return told
