"""
Firing schedules: each time once, on however many nodes, whatever is killed meanwhile.
"""

from collections.abc import Iterator

import attrs
from twisted.logger import Logger

from smsgw.directory import Schedule
from smsgw.errors import Refused, Unavailable
from smsgw.gateway.gateway import Gateway
from smsgw.message import Item, Submission
from smsgw.ports import Clock
from smsgw.rules.calendar import next_after, slices
from smsgw.storage.database import Database
from smsgw.storage.schedules import State, note_schedule, schedule_states_of

__all__ = ["LATE", "Scheduling"]

LATE = 3600.0


@attrs.define(eq=False)
class Scheduling:
    """
    Looks at all schedules every second. A firing is a submission whose idempotency
    key names schedule and time: fired and not noted, it is not fired again.

    What fell due while nobody looked is fired late if that is less than an hour ago
    (only the latest time), else counted as missed.
    """

    gateway: Gateway
    database: Database
    clock: Clock
    trouble: str = ""
    _next: dict[tuple[str, str, float], float] = attrs.field(factory=dict, init=False)

    log = Logger()

    async def look(self) -> int:
        """
        Fire what is due; how many schedules did.
        """
        schedules = self.gateway.directory.schedules
        if not schedules:
            return 0
        fired = 0
        try:
            states = await self.database.read(schedule_states_of)
            for schedule in schedules.values():
                fired += await self._look(schedule, states.get(schedule.id))
        except Unavailable as trouble:
            if trouble.detail != self.trouble:
                self.log.warn("schedules wait: {why}", why=trouble.detail)
            self.trouble = trouble.detail
            return fired
        self.trouble = ""
        return fired

    async def _look(self, schedule: Schedule, state: State | None) -> bool:
        now = self.clock.now()
        if state is None:
            await self._note(schedule, State(max(now, schedule.starts_at)))
            return False
        due = self._due(schedule, state, now)
        if not due:
            return False
        if state.paused or not schedule.active or 0 < schedule.ends_at < due:
            await self._note(schedule, attrs.evolve(state, last=due))
            return False
        if due < now - LATE:
            missed = state.missed + 1
            self.log.warn("schedule {name} missed its time", name=schedule.id)
            await self._note(
                schedule, attrs.evolve(state, last=due, missed=missed, note="missed")
            )
            return False
        note = await self._fire(schedule, due)
        await self._note(schedule, attrs.evolve(state, last=due, note=note))
        return not note

    def _due(self, schedule: Schedule, state: State, now: float) -> float:
        """
        The latest time that has come since it was looked at, 0 for none.
        """
        found, at = 0.0, max(state.last, schedule.starts_at - 1)
        while 0 < (following := self._following(schedule, at)) <= now:
            found = at = following
        return found

    def _following(self, schedule: Schedule, at: float) -> float:
        key = (schedule.id, schedule.cron, at)
        known = self._next.get(key)
        if known is None:
            if len(self._next) > 10_000:
                self._next.clear()
            known = self._next[key] = next_after(schedule.cron, at)
        return known

    async def _note(self, schedule: Schedule, state: State) -> None:
        now = self.clock.now()
        await self.database.write(note_schedule, schedule.id, state, now)

    async def _fire(self, schedule: Schedule, due: float) -> str:
        """
        Submit all of it; '' or why it was refused.
        """
        account = self.gateway.directory.accounts.get(schedule.account)
        if account is None:
            return f"no account {schedule.account}"
        now = self.clock.now()
        try:
            for submission in _submissions(schedule, due, now):
                await self.gateway.accept(account, submission, now)
        except Refused as refused:
            self.log.warn(
                "schedule {name} refused: {code}", name=schedule.id, code=refused.code
            )
            return f"refused {refused.code} {refused.field}".strip()
        self.log.info("schedule {name} fired", name=schedule.id)
        return ""


def _submissions(schedule: Schedule, due: float, now: float) -> Iterator[Submission]:
    """
    Its parts; those of a period begin with the time at which it was due.
    """
    for number, (first, end, later) in enumerate(
        slices(len(schedule.to), schedule.spread)
    ):
        at = due + later
        yield Submission(
            [Item(one) for one in schedule.to[first:end]],
            schedule.text,
            schedule.category,
            schedule.signature,
            send_at=at if at > now else 0.0,
            idempotency_key=f"schedule|{schedule.id}|{due:.0f}|{number}",
            body_hash=b"schedule",
            maker=f"schedule:{schedule.id}",
            template=schedule.template,
            vars=schedule.vars,
        )
