"""
Callbacks: pushes accounts' events to their registered addresses.

One lane per webhook, in order; a 2xx is written down as an acknowledgement and
moves the webhook's mark, so that a restart goes on where the receiver is.
"""

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Protocol

import attrs
import msgspec
from twisted.logger import Logger

from smsgw.directory import Directory, Webhook
from smsgw.errors import Unavailable
from smsgw.frontends.backoff import GIVE_UP, delay_after, spent, wait_asked
from smsgw.frontends.http.answers import event_out
from smsgw.frontends.marks import Due, Marks, Unread
from smsgw.metrics import Metrics
from smsgw.outgoing import Response
from smsgw.ports import Clock, Reader
from smsgw.security.signing import sign_webhook
from smsgw.tasks import Task, Tasks
from smsgw.views import EventView

__all__ = ["Asks", "Lane", "Notifier"]

LOT = 100
POLL = 1.0
GONE = 410
_encode = msgspec.json.Encoder().encode


class Asks(Protocol):
    """
    What this needs of L{smsgw.outgoing.Outgoing}, which gives up in 15 seconds.
    """

    async def ask(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes = b""
    ) -> Response: ...


class Told(msgspec.Struct):
    """
    What a receiver may say: events that it wants again.
    """

    failed: list[str] = msgspec.field(default_factory=list)


@attrs.define(eq=False)
class Lane:
    """
    One webhook's way: what is next waits for what is now.
    """

    hook: Webhook
    _reader: Reader
    _outgoing: Asks
    _clock: Clock
    _chance: Callable[[], float]
    _metrics: Metrics
    _marks: Marks

    log = Logger()

    async def run(self) -> None:
        """
        Push for ever, or until the receiver says that it has gone.
        """
        while True:
            try:
                due = await self._marks.due(self.hook, self._clock.now(), LOT)
            except Unavailable as error:
                await self._clock.sleep(max(POLL, error.retry_after))
                continue
            waiting = len(due.events) if due is not None else 0
            self._metrics.level("smsgw_callbacks_pending", waiting, self.hook.id)
            if due is None:
                await self._clock.sleep(POLL)
                continue
            if not await self._deliver(due):
                return
            await self._keep(partial(self._mark, due.events[-1].seq))

    async def _mark(self, seq: int) -> None:
        await self._marks.delivered(self.hook.id, seq, self._clock.now())

    async def _deliver(self, due: Due) -> bool:
        """
        Push until all are taken or it is too late; C{False} when gone.
        """
        left, failures = due.events, due.failures
        begun = self._clock.now() - spent(failures)
        while left:
            response = await self._push(left)
            status = response.status if response else 0
            if status == GONE:
                self._note("gone", len(left), status)
                return False
            if response and 200 <= status < 300:
                left = await self._settle(left, response)
                if not left:
                    return True
            failures += 1
            self._metrics.count("smsgw_callbacks_total", len(left), "failed")
            if self._clock.now() - begun > GIVE_UP:
                self._note("given up", len(left), status)
                return True
            await self._wait(failures, response)
        return True

    async def _wait(self, failures: int, response: Response | None) -> None:
        """
        Until the next try; a restart meanwhile waits no less.
        """
        now = self._clock.now()
        asked = response.headers.get("retry-after", "") if response else ""
        delay = delay_after(failures, self._chance(), wait_asked(asked, now))
        note = f"status {response.status}" if response else "no answer"
        with suppress(Unavailable):
            await self._marks.failed(self.hook.id, failures, now + delay, note, now)
        await self._clock.sleep(delay)

    async def _keep(self, write: Callable[[], Awaitable[object]]) -> None:
        """
        Write down what was taken, however long the record is away.
        """
        while True:
            try:
                await write()
                return
            except Unavailable as error:
                await self._clock.sleep(max(POLL, error.retry_after))

    async def _push(self, events: Sequence[EventView]) -> Response | None:
        body = _encode({"events": [event_out(event) for event in events]})
        names = "\n".join(event.event_id for event in events).encode()
        webhook_id = hashlib.blake2b(
            names, digest_size=12, person=self.hook.id.encode()[:16]
        ).hexdigest()
        at = int(self._clock.now())
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "smsgw",
            "webhook-id": webhook_id,
            "webhook-timestamp": str(at),
            "webhook-signature": sign_webhook(self.hook.secrets, webhook_id, at, body),
        }
        try:
            return await self._outgoing.ask("POST", self.hook.url, headers, body)
        except Unavailable:
            return None

    async def _settle(
        self, events: Sequence[EventView], response: Response
    ) -> Sequence[EventView]:
        """
        Write down what was taken; what the receiver wants again.
        """
        wanted = _failed(response.body)
        taken = [one.event_id for one in events if one.event_id not in wanted]
        self._metrics.count("smsgw_callbacks_total", len(taken), "delivered")
        if taken:
            await self._keep(
                lambda: self._reader.acknowledge(
                    self.hook.account,
                    f"webhook:{self.hook.id}",
                    taken,
                    self._clock.now(),
                )
            )
        return [one for one in events if one.event_id in wanted]

    def _note(self, outcome: str, count: int, status: int) -> None:
        self._metrics.count("smsgw_callbacks_total", count, outcome)
        self.log.warn(
            "webhook {webhook}: {outcome} with {count} events, last status {status}",
            webhook=self.hook.id,
            outcome=outcome,
            count=count,
            status=status,
        )


def _failed(body: bytes) -> frozenset[str]:
    try:
        return frozenset(msgspec.json.decode(body, type=Told).failed)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return frozenset()


@attrs.define(eq=False)
class Notifier:
    """
    Keeps one lane per active webhook of the directory.

    Without C{marks} an account may have one webhook, see L{Unread}.
    """

    _reader: Reader
    _outgoing: Asks
    _clock: Clock
    _chance: Callable[[], float]
    _metrics: Metrics
    _marks: Marks = attrs.field(
        default=attrs.Factory(lambda self: Unread(self._reader), takes_self=True)
    )
    _tasks: Tasks = attrs.field(factory=Tasks, init=False)
    _lanes: dict[str, tuple[Webhook, Task]] = attrs.field(factory=dict, init=False)

    def follow(self, directory: Directory) -> None:
        """
        Begin, end and replace lanes as a newer directory says.

        A lane that ended (410) begins again only when its webhook is changed.
        """
        wanted = {hook.id: hook for hook in directory.webhooks.values() if hook.active}
        for hook_id, (hook, task) in list(self._lanes.items()):
            if wanted.get(hook_id) != hook:
                task.cancel()
                del self._lanes[hook_id]
        for hook_id, hook in wanted.items():
            if hook_id not in self._lanes:
                lane = Lane(
                    hook,
                    self._reader,
                    self._outgoing,
                    self._clock,
                    self._chance,
                    self._metrics,
                    self._marks,
                )
                task = self._tasks.spawn(f"webhook {hook_id}", lane.run())
                self._lanes[hook_id] = (hook, task)

    def lanes(self) -> list[str]:
        """
        Webhooks that are served at this moment.
        """
        return sorted(
            hook_id for hook_id, (_, task) in self._lanes.items() if not task.finished
        )

    async def stop(self) -> None:
        """
        End every lane; what was not acknowledged is pushed at the next start.
        """
        self._lanes.clear()
        await self._tasks.stop()
