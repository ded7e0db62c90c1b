"""
What waits for consent goes on its way, or ends.
"""

from collections.abc import Mapping

import attrs

from smsgw.gateway.counting import Counting
from smsgw.gateway.dispatch import dispatch_chunk
from smsgw.gateway.plan import tally_of
from smsgw.message import HELD, Chunk, Fact, decode_chunk, encode
from smsgw.ports import Dispatched, Queue
from smsgw.rules.book import Rulebook

__all__ = ["Consent", "Decision"]

REFUSED = 4104
MANY = 10_000


@attrs.frozen
class Decision:
    """
    C{state} approved, refused or expired; C{who} said so, and C{note} why.
    """

    state: str
    who: str = ""
    note: str = ""


@attrs.define(eq=False)
class Consent:
    """
    Acts on decisions about held chunks; acting twice changes nothing.
    """

    queue: Queue
    counting: Counting

    async def act(
        self, decisions: Mapping[str, Decision], book: Rulebook, epoch: int, now: float
    ) -> int:
        """
        Decisions by chunk id; how many messages moved. What is not in the queue any
        more was acted on before.
        """
        moved = 0
        for name, body in await self.queue.peek(HELD, MANY):
            decision = decisions.get(name)
            if decision is None:
                continue
            chunk = decode_chunk(body)
            done = self._done(chunk, decision, book, now)
            await self.queue.dispatch(epoch, [done], now)
            moved += len(chunk.ids)
        return moved

    def _done(
        self, chunk: Chunk, decision: Decision, book: Rulebook, now: float
    ) -> Dispatched:
        if decision.state == "approved":
            done = dispatch_chunk(chunk, book, self.counting, now)
            done.lane = HELD
            return done
        state = "expired" if decision.state == "expired" else "rejected"
        code = "" if state == "expired" else str(REFUSED)
        note = ": ".join(word for word in (decision.who, decision.note) if word)
        account, tally = chunk.account, tally_of(chunk.account, chunk.accepted_at)
        refund = sum(chunk.prices)
        facts = [
            Fact("rejected", one, now, state, code=code, note=note, account=account)
            for one in chunk.ids
        ]
        return Dispatched(chunk.id, HELD, [], encode(facts), len(facts), tally, refund)
