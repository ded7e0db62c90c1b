"""
Batches: how far they are; paused, going on, canceled.
"""

import attrs

from smsgw.errors import Refused
from smsgw.frontends.http.call import Answer, Call, answer
from smsgw.frontends.http.messages import check_nonce
from smsgw.frontends.http.nonces import Nonces
from smsgw.frontends.http.schema import read_empty
from smsgw.views import Batches

__all__ = ["BatchControl"]

_STATES = {"pause": "paused", "resume": "running", "cancel": "canceled"}


@attrs.define(eq=False)
class BatchControl:
    """
    The handlers of /v1/batches.
    """

    batches: Batches
    nonces: Nonces

    async def progress(self, call: Call, batch: str) -> Answer:
        """
        Messages by their newest recorded state.
        """
        check_nonce(call, self.nonces)
        call.arguments()
        return await self._told(call, batch)

    async def steer(self, call: Call, batch: str, what: str) -> Answer:
        """
        From now on what no channel has taken waits, goes on, or ends as canceled.
        """
        check_nonce(call, self.nonces)
        read_empty(call.knock.body)
        state = _STATES.get(what)
        if state is None:
            raise Refused(7404, "", "path")
        who = f"api:{call.caller.credential.app_id}"
        await self.batches.steer(call.account.id, batch, state, who, call.now)
        return await self._told(call, batch)

    async def _told(self, call: Call, batch: str) -> Answer:
        found = await self.batches.progress(call.account.id, batch)
        if found is None:
            raise Refused(7404, batch[:64], "id")
        return answer(
            {
                "batch_id": found.batch,
                "state": found.state,
                "messages": sum(found.states.values()),
                "segments": found.segments,
                "states": found.states,
            }
        )
