"""
Carrying out what checkers decided, within a second.
"""

from collections.abc import Callable

import attrs
from twisted.logger import Logger

from smsgw.errors import Unavailable
from smsgw.gateway.consent import Consent, Decision
from smsgw.gateway.shard import Shard
from smsgw.storage.database import Database
from smsgw.storage.reviews import decided_reviews, done_reviews

__all__ = ["Reviewing"]


@attrs.define(eq=False)
class Reviewing:
    """
    Looks for decisions; a kill between acting and noting makes it act again, on
    what is not there any more. C{mine}: whether an account belongs to the shard.
    """

    shard: Shard
    database: Database
    mine: Callable[[str], bool] = lambda _: True

    log = Logger()

    async def look(self) -> int:
        """
        Act on what was decided; how many messages moved.
        """
        shard, now = self.shard, self.shard.clock.now()
        try:
            found = await self.database.read(decided_reviews, now)
            decided = [one for one in found if self.mine(one.account)]
            if not decided:
                return 0
            consent = Consent(shard.queue, shard.dispatcher.counting)
            decisions = {
                one.id: Decision(one.state, one.checker, one.note) for one in decided
            }
            moved = await consent.act(
                decisions, shard.gateway.book, shard.exchange.epoch, now
            )
            await self.database.write(done_reviews, decided, now)
        except Unavailable as trouble:
            self.log.warn("decisions wait: {why}", why=trouble.detail)
            return 0
        shard.exchange.hungry = True
        shard.exchange_due.set()
        self.log.info("{moved} held messages decided", moved=moved)
        return moved
