"""
Answering replies that are keywords: each once, whatever is killed meanwhile.
"""

import attrs
from twisted.logger import Logger

from smsgw.directory import Template
from smsgw.errors import Refused, Unavailable
from smsgw.gateway.gateway import Entrance
from smsgw.message import Item, Submission
from smsgw.ports import Clock
from smsgw.security.fields import Fields
from smsgw.storage.answers import Owed, answered, owed_answers
from smsgw.storage.database import Database
from smsgw.storage.line import millis_of

__all__ = ["Answering"]

LATE = 3600.0
WHO = "gateway"


@attrs.define(eq=False)
class Answering:
    """
    Sends what is owed as submissions of the account that was answered, with an
    idempotency key made of the reply: sent and not noted, it is not sent again.

    What is owed for more than an hour is not sent any more.
    """

    gateway: Entrance
    database: Database
    fields: Fields
    clock: Clock
    trouble: str = ""

    log = Logger()

    async def look(self) -> int:
        """
        Answer what is owed; how many were.
        """
        try:
            owed = await self.database.read(owed_answers, self.fields)
            if not owed:
                return 0
            for one in owed:
                await self._answer(one)
            at = millis_of(self.clock.now())
            await self.database.write(answered, [one.reply for one in owed], WHO, at)
        except Unavailable as trouble:
            if trouble.detail != self.trouble:
                self.log.warn("answers wait: {why}", why=trouble.detail)
            self.trouble = trouble.detail
            return 0
        self.trouble = ""
        return len(owed)

    async def _answer(self, owed: Owed) -> None:
        directory = self.gateway.directory
        account = directory.accounts.get(owed.account)
        template = directory.templates.get(owed.template)
        now = self.clock.now()
        if account is None or template is None or now > owed.at + LATE:
            self.log.warn("no answer to reply {reply}", reply=owed.reply)
            return
        try:
            await self.gateway.accept(account, _submission(owed, template), now)
        except Refused as refused:
            self.log.warn(
                "answer to reply {reply} refused: {code}",
                reply=owed.reply,
                code=refused.code,
            )


def _submission(owed: Owed, template: Template) -> Submission:
    """
    As urgent as a code that somebody asked for: it is what the reply asked for.
    """
    return Submission(
        [Item(owed.number)],
        template.text,
        template.category or "otp",
        extension=template.extension,
        idempotency_key=f"answer|{owed.reply}",
        body_hash=owed.template.encode(),
    )
