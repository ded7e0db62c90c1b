"""
Callbacks: pushes accounts' events to their registered addresses.

One lane per webhook, in order; a 2xx is written down as an acknowledgement, so
that a restart goes on where the receiver is.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import attrs
import msgspec
from twisted.logger import Logger

from smsgw.directory import Directory, Webhook
from smsgw.errors import Unavailable
from smsgw.frontends.backoff import GIVE_UP, delay_after, wait_asked
from smsgw.frontends.http.answers import event_out
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
    _cursor: int = attrs.field(default=0, init=False)

    log = Logger()

    async def run(self) -> None:
        """
        Push for ever, or until the receiver says that it has gone.
        """
        while True:
            try:
                events = await self._reader.events(
                    self.hook.account, self.hook.types, self._cursor, LOT, unread=True
                )
            except Unavailable as error:
                await self._clock.sleep(max(POLL, error.retry_after))
                continue
            if not events:
                await self._clock.sleep(POLL)
                continue
            if not await self._deliver(events):
                return
            self._cursor = events[-1].seq

    async def _deliver(self, events: Sequence[EventView]) -> bool:
        """
        Push until all are taken or it is too late; C{False} when gone.
        """
        left, failures, begun = events, 0, self._clock.now()
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
            asked = response.headers.get("retry-after", "") if response else ""
            wanted = wait_asked(asked, self._clock.now())
            await self._clock.sleep(delay_after(failures, self._chance(), wanted))
        return True

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
        while taken:
            try:
                await self._reader.acknowledge(
                    self.hook.account,
                    f"webhook:{self.hook.id}",
                    taken,
                    self._clock.now(),
                )
                break
            except Unavailable as error:
                await self._clock.sleep(max(POLL, error.retry_after))
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
    """

    _reader: Reader
    _outgoing: Asks
    _clock: Clock
    _chance: Callable[[], float]
    _metrics: Metrics
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
