"""
Pages on a patient's phone, behind a link instead of a login: one message, the last
ones of the same sender, opting out, acknowledging a critical value.
"""

from collections.abc import Mapping
from typing import Any

import attrs

from smsgw.admin.desk import Desk
from smsgw.admin.frame import Frame
from smsgw.admin.knocks import Knocks
from smsgw.admin.request import Asked
from smsgw.rules.blocked import BY_PAGE, Block
from smsgw.rules.classify import lane_of
from smsgw.security.links import Link, read_link
from smsgw.storage.acknowledgements import acknowledge, acknowledged
from smsgw.storage.blocklist import block_numbers, blocks_of
from smsgw.storage.finding import Wanted
from smsgw.views import MessageView

__all__ = ["Phone"]

LAST, DAYS = 10, 90
CRITICAL, CODE = "critical", "code"
Drawn = tuple[int, str]


@attrs.define(eq=False)
class Phone:
    """
    Answers links. What is no link of ours, and a link to what is not there, look
    the same; a link says nothing about any other.
    """

    desk: Desk
    frame: Frame
    knocks: Knocks = attrs.field(factory=Knocks)

    async def answer(self, asked: Asked, token: str, posted: bool) -> Drawn:
        """
        A status and a page.
        """
        now = self.desk.clock.now()
        if not self.knocks.take(asked.address, now):
            return self._draw(asked, 429, "phone/none.html", {"why": "often"})
        link = read_link(self.desk.fields, token, now)
        if link is None or link.over:
            why = "over" if link else "none"
            return self._draw(asked, 410 if link else 404, "phone/none.html", why=why)
        one = await self._message(link)
        if one is None:
            return self._draw(asked, 404, "phone/none.html", why="none")
        told = await self._do(asked, one, now) if posted else ""
        return await self._show(asked, link, one, token, told)

    async def _message(self, link: Link) -> MessageView | None:
        owner = await self.desk.reader.owner(link.message)
        return await self.desk.reader.message(owner, link.message) if owner else None

    async def _do(self, asked: Asked, one: MessageView, now: float) -> str:
        """
        What a button asks for: C{stop} is asked back once, by the word C{sure}.
        """
        wish = asked.form.get("do", "")
        if wish == "seen" and one.category == CRITICAL:
            write = self.desk.write
            await write(acknowledge, one.id, one.account, asked.address, now)
            return "seen"
        if wish == "stop" and one.to:
            if asked.form.get("sure") != "yes":
                return "sure"
            block = Block(one.to, f"account:{one.account}", source=BY_PAGE)
            reason = "phone page"
            fields = self.desk.fields
            await self.desk.write(block_numbers, fields, [block], reason, BY_PAGE, now)
            return "stopped"
        return ""

    async def _show(
        self, asked: Asked, link: Link, one: MessageView, token: str, told: str
    ) -> Drawn:
        account = self.desk.directory.accounts.get(one.account)
        values = {
            "one": one,
            "token": token,
            "told": told,
            "until": link.until,
            "sender": account.name if account else one.account,
            "critical": one.category == CRITICAL,
            "seen": await self.desk.read(acknowledged, one.id),
            "stopped": await self._stopped(one),
            "last": await self._last(one),
        }
        return self._draw(asked, 200, "phone/message.html", values)

    async def _stopped(self, one: MessageView) -> bool:
        if not one.to:
            return False
        known = await self.desk.read(blocks_of, self.desk.fields, one.to)
        scopes = {"all", f"account:{one.account}"}
        return any(it.block.active and it.block.scope in scopes for it in known)

    async def _last(self, one: MessageView) -> list[MessageView]:
        """
        Others of this account to the same number; never codes, which log people in.
        """
        if not one.to:
            return []
        wanted = Wanted(
            self.desk.fields.index("phone", one.to),
            account=one.account,
            since=self.desk.clock.now() - DAYS * 86_400,
        )
        found, _ = await self.desk.reader.find(wanted, None, "", 3 * LAST)
        others = [
            it for it in found if it.id != one.id and lane_of(it.category) != CODE
        ]
        return others[:LAST]

    def _draw(
        self,
        asked: Asked,
        status: int,
        template: str,
        values: Mapping[str, Any] | None = None,
        **more: Any,
    ) -> Drawn:
        told = {**(values or {}), **more}
        return status, self.frame.outside(template, asked.language, told)
