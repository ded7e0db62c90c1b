"""
Firing schedules: each time once, on however many nodes, whatever is killed meanwhile.
"""

from collections.abc import Iterator

import attrs
from twisted.logger import Logger

from smsgw.directory import Schedule
from smsgw.errors import Refused, Unavailable
from smsgw.gateway.gateway import Entrance
from smsgw.message import Item, Submission
from smsgw.ports import Clock
from smsgw.rules.calendar import next_after, slices
from smsgw.storage.database import Database
from smsgw.storage.schedules import (
    State,
    note_asked,
    note_schedule,
    schedule_states_of,
)

__all__ = ["LATE", "Scheduling"]

LATE = 3600.0


@attrs.define(eq=False)
class Scheduling:
    """
    Looks at all schedules every second. A firing is a submission whose idempotency
    key names schedule and time: fired and not noted, it is not fired again.

    What fell due while nobody looked is fired late if that is less than an hour ago
    (only the latest time), else counted as missed. A changed expression counts from
    when it is first looked at.
    """

    gateway: Entrance
    database: Database
    clock: Clock
    trouble: str = ""
    _next: dict[str, tuple[str, float, float]] = attrs.field(factory=dict, init=False)

    log = Logger()

    async def look(self) -> int:
        """
        Fire what is due; how many schedules did.
        """
        schedules = self.gateway.directory.schedules
        if not schedules:
            return 0
        fired, troubles = 0, []
        try:
            states = await self.database.read(schedule_states_of)
        except Unavailable as trouble:
            self._troubled(trouble.detail)
            return 0
        for schedule in schedules.values():
            try:
                fired += await self._look(schedule, states.get(schedule.id))
            except Unavailable as trouble:
                troubles.append(trouble.detail)
        self._troubled(troubles[0] if troubles else "")
        return fired

    def _troubled(self, why: str) -> None:
        if why and why != self.trouble:
            self.log.warn("schedules wait: {why}", why=why)
        self.trouble = why

    async def _look(self, schedule: Schedule, state: State | None) -> bool:
        now = self.clock.now()
        if state is None:
            await self._note(schedule, State(now))
            return False
        asked = bool(state.asked) and await self._look_asked(schedule, state)
        if state.cron and state.cron != schedule.cron:
            await self._note(schedule, attrs.evolve(state, last=max(state.last, now)))
            return asked
        first = self._following(schedule, state)
        if not 0 < first <= now:
            return asked
        if state.paused or not schedule.active or 0 < schedule.ends_at < first:
            await self._note(schedule, attrs.evolve(state, last=now))
            return asked
        if first < now - LATE:
            state = await self._miss(schedule, state, now - LATE)
            first = self._following(schedule, state)
            if not 0 < first <= now:
                return asked
        return await self._fire_at(schedule, state, _latest(schedule, first, now))

    def _following(self, schedule: Schedule, state: State) -> float:
        """
        The first time since it was looked at, 0 for none; reckoned once.
        """
        at = max(state.last, schedule.starts_at - 1)
        *known, following = self._next.get(schedule.id, ("", 0.0, 0.0))
        if known != [schedule.cron, at]:
            following = next_after(schedule.cron, at)
            self._next[schedule.id] = (schedule.cron, at, following)
        return following

    async def _note(self, schedule: Schedule, state: State) -> None:
        noted = attrs.evolve(state, cron=schedule.cron)
        await self.database.write(note_schedule, schedule.id, noted, self.clock.now())

    async def _miss(self, schedule: Schedule, state: State, upto: float) -> State:
        """
        Give up what was due before a time, however often that was.
        """
        self.log.warn("schedule {name} missed its time", name=schedule.id)
        missed = attrs.evolve(state, last=upto, missed=state.missed + 1, note="missed")
        await self._note(schedule, missed)
        return missed

    async def _fire_at(self, schedule: Schedule, state: State, due: float) -> bool:
        note = await self._fire(schedule, due, f"{due:.0f}")
        fired = state.fired if note else self.clock.now()
        await self._note(
            schedule, attrs.evolve(state, last=due, note=note, fired=fired)
        )
        return not note

    async def _look_asked(self, schedule: Schedule, state: State) -> bool:
        """
        Fire because somebody asked to, not too long ago; paused or not.
        """
        now, note = self.clock.now(), "missed what was asked"
        if state.asked >= now - LATE:
            note = await self._fire(schedule, state.asked, f"asked {state.asked:.3f}")
        fired = state.fired if note else now
        done = attrs.evolve(state, note=note, fired=fired)
        await self.database.write(note_asked, schedule.id, done, now)
        return not note

    async def _fire(self, schedule: Schedule, due: float, which: str) -> str:
        """
        Submit all of it; '' or why it was refused.
        """
        account = self.gateway.directory.accounts.get(schedule.account)
        if account is None:
            return f"no account {schedule.account}"
        now, new = self.clock.now(), False
        try:
            for submission in _submissions(schedule, due, which, now):
                answer = await self.gateway.accept(account, submission, now)
                new = new or not answer.replayed
        except Refused as refused:
            self.log.warn(
                "schedule {name} refused: {code}", name=schedule.id, code=refused.code
            )
            return f"refused {refused.code} {refused.field}".strip()
        if new:
            self.log.info("schedule {name} fired", name=schedule.id)
        return ""


def _latest(schedule: Schedule, first: float, now: float) -> float:
    """
    The last of its times that have come.
    """
    until = min(now, schedule.ends_at or now)
    while 0 < (following := next_after(schedule.cron, first)) <= until:
        first = following
    return first


def _submissions(
    schedule: Schedule, due: float, which: str, now: float
) -> Iterator[Submission]:
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
            idempotency_key=f"schedule|{schedule.id}|{which}|{number}",
            body_hash=b"schedule",
            maker=f"schedule:{schedule.id}",
            template=schedule.template,
            vars=schedule.vars,
        )
