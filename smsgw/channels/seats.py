"""
A login's place at a carrier: what is known of it, across the links it has had.
"""

from collections.abc import Callable
from typing import Any

import attrs
import msgspec
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.python.failure import Failure
from zope.interface import implementer

from smsgw.channels.connection import Connection
from smsgw.channels.troubles import Trouble, of_connecting
from smsgw.link import Link
from smsgw.ports import Clock

__all__ = ["CarrierLink", "Line", "Seat", "Watched", "ends_of", "received"]

_STATES = {
    "new": "login",
    "login": "login",
    "asked": "login",
    "bound": "bound",
    "draining": "draining",
    "leaving": "draining",
    "left": "draining",
}


class Line(msgspec.Struct, frozen=True):
    """
    A connection as people see it. C{number} counts from 1, 0 for one that the carrier
    opened; C{state} is C{connecting}, C{login}, C{bound}, C{draining} or C{waiting}
    (for its next try at C{retry_at}); times are epoch seconds, 0 for never. C{beat}:
    seconds that its last heartbeat took; C{trouble} is a key of
    L{smsgw.channels.troubles.REASONS}, C{code} the carrier's.
    """

    channel: str
    number: int
    state: str
    since: float
    login: str = ""
    peer: str = ""
    window: int = 0
    used: int = 0
    sent: int = 0
    answered: int = 0
    beat: float = 0.0
    beat_at: float = 0.0
    retry_at: float = 0.0
    trouble: str = ""
    trouble_at: float = 0.0
    code: int = 0
    node: str = ""


class CarrierLink(Link):
    """
    A link whose end can be waited for, and whose heartbeats are timed.
    """

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.gone: Deferred[None] = Deferred()
        self.beat = self.beat_at = 0.0
        self._asked_at = 0.0

    def dataReceived(self, data: bytes) -> None:
        """
        The first octets after a heartbeat answer it.
        """
        if self._asked_at:
            now = self._clock.seconds()
            self.beat, self.beat_at, self._asked_at = now - self._asked_at, now, 0.0
        super().dataReceived(data)

    @property
    def quiet(self) -> float:
        """
        Seconds since the last heartbeat was answered.
        """
        return self._clock.seconds() - self.beat_at

    def _ring(self) -> None:
        before = self.session.probes
        super()._ring()
        if self.session.probes > before and not self._asked_at:
            self._asked_at = self._clock.seconds()


@attrs.define(eq=False)
class Seat:
    """
    What happened to login C{number} (from 0) of a channel.
    """

    number: int
    clock: Clock
    since: float = 0.0
    retry_at: float = 0.0
    link: CarrierLink | None = None
    connection: Connection | None = None
    trouble: Trouble | None = None

    def __attrs_post_init__(self) -> None:
        self.since = self.clock.now()

    def dialled(self) -> None:
        """
        It tries to connect.
        """
        self.retry_at, self.since = 0.0, self.clock.now()

    def failed(self, failure: Failure) -> Failure:
        """
        It could not connect.
        """
        kind = of_connecting(failure.value)
        self.trouble = Trouble(kind, self.clock.now())
        return failure

    def linked(self, link: CarrierLink) -> None:
        """
        It is connected, and not logged in yet.
        """
        self.link, self.since = link, self.clock.now()

    def bound(self, connection: Connection) -> None:
        """
        It is logged in.
        """
        self.connection, self.since = connection, self.clock.now()

    def refused(self, code: int) -> None:
        """
        The carrier does not let it in.
        """
        self.trouble = Trouble("login_refused", self.clock.now(), code)

    def ended(self, reason: str, code: int) -> None:
        """
        Its link is gone.
        """
        self.link = self.connection = None
        self.since = now = self.clock.now()
        self.trouble = Trouble.of(reason, code, now) or self.trouble

    def paced(self, delay: Callable[[int], float]) -> Callable[[int], float]:
        """
        The same policy of how long to wait after so many tries, heard of here.
        """

        def wait(tries: int) -> float:
            seconds = delay(tries)
            self.since = self.clock.now()
            self.retry_at = self.since + seconds
            return seconds

        return wait

    def told(self, channel: str, login: str) -> Line:
        """
        How it is now.
        """
        trouble, state = self.trouble, "waiting" if self.retry_at else "connecting"
        line = Line(
            channel,
            self.number + 1,
            state,
            self.since,
            login,
            retry_at=self.retry_at,
            trouble=trouble.kind if trouble else "",
            trouble_at=trouble.at if trouble else 0.0,
            code=trouble.code if trouble else 0,
        )
        link = self.link
        if link is None:
            return line
        return _linked(line, link, self.connection, self.clock)


def received(connection: Connection, since: float, clock: Clock) -> Line:
    """
    A connection that the carrier opened to us.
    """
    link: Any = connection.line
    line = Line(connection.channel, 0, "bound", since)
    return _linked(line, link, connection, clock)


def _linked(
    line: Line, link: Link, connection: Connection | None, clock: Clock
) -> Line:
    session, transport = link.session, link.transport
    known = {
        "state": _STATES.get(session.state, "connecting"),
        "peer": ends_of(transport)[1] if transport is not None else "",
        "window": session.window,
    }
    if connection is not None:
        open_now = connection.sent - connection.replied - connection.given_up
        bound = session.state == "bound"
        used = session.window - session.room if bound else max(0, open_now)
        known |= {
            "used": used, "sent": connection.sent, "answered": connection.replied
        }  # fmt: skip
    if isinstance(link, CarrierLink) and link.beat_at:
        known |= {"beat": link.beat, "beat_at": clock.now() - link.quiet}
    return msgspec.structs.replace(line, **known)


def ends_of(transport: Any) -> tuple[tuple[str, int, str, int], str]:
    """
    Our address and port, the peer's; and the peer's as people write it.
    """
    here, there = transport.getHost(), transport.getPeer()
    host, port = getattr(there, "host", ""), getattr(there, "port", 0)
    ours = getattr(here, "host", ""), getattr(here, "port", 0)
    return (*ours, host, port), f"{host}:{port}" if host else ""


@implementer(IStreamClientEndpoint)
@attrs.define(eq=False)
class Watched:
    """
    An endpoint whose tries a seat hears of.
    """

    endpoint: IStreamClientEndpoint
    seat: Seat

    def connect(self, factory: Any) -> "Deferred[Any]":
        """
        As the endpoint does.
        """
        self.seat.dialled()
        tried: Deferred[Any] = self.endpoint.connect(factory)
        fail: Callable[[Failure], Failure] = self.seat.failed
        return tried.addErrback(fail)
