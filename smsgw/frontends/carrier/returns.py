"""
Receipts and replies on their way to the systems that log in to us.

One lane per system walks its account's events by a mark of its own; the mark
moves when the system has answered, so that a restart goes on where it stopped.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

import attrs
from twisted.internet.defer import Deferred
from twisted.logger import Logger

from smsgw.directory import Directory, Peer, Webhook
from smsgw.errors import Refused, Unavailable, Violation
from smsgw.frontends.backoff import GIVE_UP, delay_after
from smsgw.frontends.carrier.desk import Desk
from smsgw.frontends.carrier.guest import Guest
from smsgw.frontends.carrier.ticket import read_ticket
from smsgw.frontends.marks import Marks
from smsgw.metrics import Metrics
from smsgw.ports import Clock
from smsgw.protocols.neutral import InboundPart, ReceiptIn
from smsgw.protocols.rows import Pdu
from smsgw.tasks import Task, Tasks
from smsgw.text import TextPolicy, split
from smsgw.views import EventView

__all__ = ["Returns", "deliveries"]

LOT = 500
POLL = 0.2
RETRY = 5.0
CHINA = timedelta(hours=8)
_POLICY = TextPolicy(max_parts=255)
_STATES = {
    "message.delivered": "delivered",
    "message.late": "delivered",
    "message.failed": "undelivered",
    "message.expired": "expired",
    "message.unknown": "unknown",
    "message.canceled": "canceled",
}
Delivery = ReceiptIn | InboundPart


def deliveries(peer: Peer, event: EventView) -> list[Delivery]:
    """
    What a system is to be told about an event; nothing for another's.
    """
    if event.type == "inbound.received":
        return list(_inbound(peer, event)) if peer.inbound else []
    ticket = read_ticket(event.body.get("callback_data"))
    state = _STATES.get(event.type)
    if ticket is None or ticket.login != peer.id or state is None:
        return []
    if not (peer.receipts and ticket.registered):
        return []
    return [_receipt(one, state, ticket.src, event) for one in ticket.ids]


def _receipt(carrier_id: str, state: str, src: str, event: EventView) -> ReceiptIn:
    done = datetime.fromtimestamp(event.occurred_at, UTC) + CHINA
    minute = f"{done:%y%m%d%H%M}"
    return ReceiptIn(
        carrier_id=carrier_id,
        state=state,
        code=_text(event.body, "code").strip("-"),
        number=_text(event.body, "to"),
        submit_time=minute,
        done_time=minute,
        access_number=src,
    )


def _inbound(peer: Peer, event: EventView) -> Iterable[InboundPart]:
    """
    A reply, split again if it was long.
    """
    text = _text(event.body, "text")
    access = _text(event.body, "access_number")
    if not text or not access.startswith(peer.access):
        return
    try:
        parts = split(text, "", _POLICY, event.seq & 0xFF)
    except Refused:
        return
    for part in parts:
        yield InboundPart(
            number=_text(event.body, "from"),
            access_number=access,
            payload=part.payload,
            coding=int(part.coding),
            udhi=part.udhi,
        )


def _text(body: dict[str, object], name: str) -> str:
    value = body.get(name)
    return value if isinstance(value, str) else ""


@attrs.define(eq=False)
class Lane:
    """
    One system's way back.
    """

    peer: Peer
    desk: Desk
    marks: Marks
    clock: Clock
    chance: Callable[[], float]
    metrics: Metrics

    log = Logger()

    async def run(self) -> None:
        """
        Deliver for ever.
        """
        mark = Webhook(f"peer:{self.peer.id}", self.peer.account, "")
        while True:
            try:
                due = await self.marks.due(mark, self.clock.now(), LOT)
                if due is None:
                    await self.clock.sleep(POLL)
                    continue
                await self.deliver(due.events)
                last = due.events[-1].seq
                await self.marks.delivered(mark.id, last, self.clock.now())
            except Unavailable as error:
                await self.clock.sleep(max(POLL, error.retry_after))

    async def deliver(self, events: Sequence[EventView]) -> None:
        """
        Deliver until all is taken, or it is too late for what is left.
        """
        wanted = (one for event in events for one in deliveries(self.peer, event))
        waiting: deque[Delivery] = deque(wanted)
        begun, failures = self.clock.now(), 0
        while waiting:
            flying = self._send(waiting)
            if not flying:
                await self.clock.sleep(POLL)
                continue
            refused = [one for one, answer in flying if not await self._taken(*answer)]
            self._count(len(flying) - len(refused), "delivered")
            if not refused:
                failures = 0
                continue
            waiting.extendleft(reversed(refused))
            failures += 1
            self._count(len(refused), "failed")
            if self.clock.now() - begun > GIVE_UP:
                self.log.warn(
                    "{peer}: {count} deliveries given up",
                    peer=self.peer.id,
                    count=len(waiting),
                )
                self._count(len(waiting), "given up")
                return
            await self.clock.sleep(min(RETRY, delay_after(failures, self.chance())))

    def _send(
        self, waiting: deque[Delivery]
    ) -> list[tuple[Delivery, tuple[Guest, "Deferred[Pdu]"]]]:
        """
        As much as the windows of the system's connections take.
        """
        flying = []
        for guest in self.desk.of(self.peer.id):
            for _ in range(min(guest.room, len(waiting))):
                one = waiting.popleft()
                answer = guest.ask(self._pdu(guest, one))
                flying.append((one, (guest, answer)))
        return flying

    def _pdu(self, guest: Guest, one: Delivery) -> Pdu:
        delivery_id = self.desk.new_id(guest.host, 0)
        if isinstance(one, ReceiptIn):
            return guest.host.deliver_receipt(one, delivery_id)
        return guest.host.deliver_inbound(one, delivery_id)

    async def _taken(self, guest: Guest, answer: "Deferred[Pdu]") -> bool:
        try:
            return guest.host.delivered(await answer)
        except (Unavailable, Violation):
            return False

    def _count(self, count: int, outcome: str) -> None:
        if count:
            self.metrics.count("smsgw_callbacks_total", count, outcome)


@attrs.define(eq=False)
class Returns:
    """
    Keeps one lane per active system of the directory.
    """

    desks: dict[str, Desk]
    marks: Marks
    clock: Clock
    chance: Callable[[], float]
    metrics: Metrics
    _tasks: Tasks = attrs.field(factory=Tasks, init=False)
    _lanes: dict[str, tuple[Peer, Task]] = attrs.field(factory=dict, init=False)

    def follow(self, directory: Directory) -> None:
        """
        Begin, end and replace lanes as a newer directory says.
        """
        wanted = {
            peer.id: peer
            for peer in directory.peers.values()
            if peer.active and peer.protocol in self.desks
        }
        for login, (peer, task) in list(self._lanes.items()):
            if wanted.get(login) != peer:
                task.cancel()
                del self._lanes[login]
        for login, peer in wanted.items():
            if login not in self._lanes:
                lane = Lane(
                    peer,
                    self.desks[peer.protocol],
                    self.marks,
                    self.clock,
                    self.chance,
                    self.metrics,
                )
                task = self._tasks.spawn(f"returns to {login}", lane.run())
                self._lanes[login] = (peer, task)

    def lanes(self) -> set[str]:
        """
        Systems that are served at this moment.
        """
        return {login for login, (_, task) in self._lanes.items() if not task.finished}

    async def stop(self) -> None:
        """
        End every lane; what was not answered is delivered at the next start.
        """
        self._lanes.clear()
        await self._tasks.stop()
