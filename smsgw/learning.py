"""
Writing down what sending taught, and forgetting what is old.
"""

import attrs
from twisted.logger import Logger

from smsgw.errors import Unavailable
from smsgw.gateway.lessons import Lessons
from smsgw.ports import Clock
from smsgw.security.fields import Fields
from smsgw.storage.database import Database
from smsgw.storage.numbers import change_ported, forget_learned

__all__ = ["Learning"]

WHO = "gateway"
DAY, KEPT = 86_400.0, 30 * 86_400.0


@attrs.define(eq=False)
class Learning:
    """
    A lesson that cannot be written now is kept for the next look. Once a day what
    was learned more than thirty days ago is let go: sending teaches it anew.
    """

    lessons: Lessons
    database: Database
    fields: Fields
    clock: Clock
    _forget_at: float = attrs.field(default=0.0, init=False)

    log = Logger()

    async def look(self) -> int:
        """
        How many numbers were written down.
        """
        now, taken = self.clock.now(), self.lessons.take()
        try:
            if taken:
                await self.database.write(change_ported, self.fields, taken, WHO, now)
                self.log.info("{count} ported numbers learned", count=len(taken))
            if now >= self._forget_at:
                await self.database.write(forget_learned, now - KEPT, WHO, now)
                self._forget_at = now + DAY
        except Unavailable as trouble:
            self.lessons.learned[:0] = taken
            self.log.warn("lessons wait: {why}", why=trouble.detail)
            return 0
        return len(taken)
