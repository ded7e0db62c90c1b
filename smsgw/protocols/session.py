"""
One connection's conversation, sans-I/O: bytes and times in, events and bytes out.

The session does not know its role: whoever calls C{login} is the client, whoever
answers C{LoginRequested} the server. Times are floats of one clock.
"""

from collections.abc import Callable
from typing import Any

import attrs

from smsgw.errors import Unavailable
from smsgw.protocols import events as told
from smsgw.protocols.events import Event
from smsgw.protocols.pending import Pending, Request
from smsgw.protocols.protocol import Protocol
from smsgw.protocols.rows import Pdu, WireError
from smsgw.protocols.states import RUNG, move

__all__ = ["Session"]


@attrs.define(eq=False)
class Session:
    """
    C{window} requests may be unanswered; keepalive, login and terminate do not
    count. C{tries} transmissions of a request in all, C{timeout} seconds each.

    C{misses} requests given up in a row, or C{tries} keepalives without a sign
    of life, end it, as do C{tolerance} bad bodies or unknown commands.
    """

    protocol: Protocol
    version: int
    window: int = 16
    idle: float = 30.0
    timeout: float = 60.0
    tries: int = 3
    login_timeout: float = 30.0
    leave_timeout: float = 5.0
    grace: float = 0.2
    misses: int = 3
    tolerance: int = 10
    downgrade: bool = True
    sequence: int = 0
    numbers: Callable[[], int] | None = None
    state: str = "new"
    unknown: int = 0
    violations: int = 0
    strays: int = 0
    _buffer: bytes = b""
    _out: list[bytes] = attrs.field(factory=list)
    _events: list[Event] = attrs.field(factory=list)
    _pending: Pending = attrs.field(factory=Pending)
    _own: int = -1
    _probe: int = -1
    probes: int = 0
    _alarm: float | None = None
    _heard: float = 0.0
    _now: float = 0.0

    @property
    def room(self) -> int:
        """
        How many requests may be asked now.
        """
        if self.state != "bound":
            return 0
        return max(0, self.window - len(self._pending))

    @property
    def deadline(self) -> float | None:
        """
        When C{tick} is needed next, None for never.
        """
        if self.state == "closed":
            return None
        times = (self._alarm, self._pending.due(), self._probe_due())
        return min((t for t in times if t is not None), default=None)

    # What the owner does.

    def open(self, now: float) -> None:
        """
        The transport is there; somebody has to log in soon.
        """
        self._heard = now
        self._alarm = now + self.login_timeout

    def login(self, pdu: Pdu, now: float) -> int:
        """
        Ask to come in with the session's version.
        """
        self._move("login")
        self._alarm = now + self.login_timeout
        self._own = self._next()
        self._put(pdu, self._own)
        return self._own

    def accept_login(
        self, sequence: int, pdu: Pdu, version: int, now: float
    ) -> list[Event]:
        """
        Let the peer in; C{version} is the layout from now on.
        """
        self._move("granted")
        self.version = version
        self._put(pdu, sequence)
        self._alarm = None
        self._heard = now
        return [told.Bound(version, pdu)]

    def refuse_login(
        self, sequence: int, pdu: Pdu, version: int, code: int = 0
    ) -> list[Event]:
        """
        Keep the peer out, answering in a layout it can read.
        """
        if self.state == "asked":
            self.version = version
            self._put(pdu, sequence)
            self._close("login_refused", code)
        return self._told()

    def ask(self, pdu: Pdu, now: float, token: Any = None) -> int:
        """
        Send a request; its C{Answered} or C{Expired} carries the token.
        """
        if self.state != "bound":
            raise Unavailable(f"the session is {self.state}")
        sequence = self._next()
        frame = self.protocol.encode(pdu, self.version, sequence)
        self._out.append(frame)
        request = Request(token, pdu.command, frame, now + self.timeout)
        self._pending.add(sequence, request)
        return sequence

    def answer(self, sequence: int, pdu: Pdu) -> None:
        """
        Answer a request of the peer; after the close it is lost.
        """
        if self.state not in ("left", "closed"):
            self._put(pdu, sequence)

    def terminate(self, now: float, drain: float = 0.0) -> list[Event]:
        """
        Leave politely: wait for answers up to C{drain} seconds, say so, close.
        """
        if self.state == "bound":
            self._now = now
            self._move("drain")
            self._alarm = now + drain
            if not drain or not len(self._pending):
                self._leave()
        elif self.state not in ("draining", "leaving", "left"):
            self._close("terminated")
        return self._told()

    def abort(self, reason: str) -> list[Event]:
        """
        The transport is gone, or has to go.
        """
        self._close(RUNG[self.state] if self.state in ("leaving", "left") else reason)
        return self._told()

    def data_to_send(self) -> bytes:
        """
        What to write now; empty when nothing.
        """
        data = b"".join(self._out)
        self._out.clear()
        return data

    # What comes from the peer.

    def receive_data(self, data: bytes, now: float) -> list[Event]:
        """
        Bytes as they came, in any pieces.
        """
        if self.state == "closed":
            return []
        buffer = self._buffer + data if self._buffer else data
        at, cut = 0, self.protocol.cut
        self._now = self._heard = now
        self.probes = 0
        try:
            while self.state != "closed" and (end := cut(buffer, at)):
                self._frame(buffer[at:end])
                at = end
        except WireError:  # of the length; bad bodies are answered
            self._close("framing")
        self._buffer = buffer[at:]
        return self._told()

    def _frame(self, frame: bytes) -> None:
        command, sequence = self.protocol.head(frame)
        cls = self.protocol.pdus.get(command)
        if cls is None:
            self.unknown += 1
            if not command & self.protocol.response:
                self._respond(command, self.protocol.bad_command, sequence, frame)
            if self.unknown >= self.tolerance:
                self._close("unknown_commands")
        elif command & self.protocol.response:
            self._response(cls, sequence, frame)
        else:
            self._request(cls, sequence, frame)

    def _response(self, cls: type[Pdu], sequence: int, frame: bytes) -> None:
        asked = cls.command & ~self.protocol.response
        found = self._pending.take(sequence, asked)
        if found is None:
            self._own_answer(cls, asked, sequence, frame)
            return
        request, late = found
        pdu, error = self._read(cls, frame)
        again = request.tries > 1
        answered = told.Answered(sequence, request.token, pdu, error, late, again)
        self._events.append(answered)
        self._censure()
        self._leave_if_drained()

    def _own_answer(
        self, cls: type[Pdu], asked: int, sequence: int, frame: bytes
    ) -> None:
        """
        The answer to a login, terminate or keepalive; else it belongs nowhere.
        """
        login = asked in self.protocol.logins or (not asked and self.state == "login")
        if sequence == self._own and login:
            if self.state == "login":
                self._granted(cls, frame)
        elif sequence == self._own and self.state == "leaving":
            self._close("terminated")
        elif sequence != self._probe:
            self.strays += 1

    def _granted(self, cls: type[Pdu], frame: bytes) -> None:
        pdu, _ = self._read(cls, frame)
        if pdu is None:
            self._close("unexpected")
            return
        grant = self.protocol.granted(self.version, pdu, len(frame))
        if grant.code:
            self._events.append(told.LoginRefused(grant.code, grant.version, pdu))
            self._close("login_refused", grant.code)
        elif grant.version < self.version and not self.downgrade:
            self._close("version")
        else:
            self._alarm, self.version = None, grant.version
            self._move("granted")
            self._events.append(told.Bound(grant.version, pdu))

    def _request(self, cls: type[Pdu], sequence: int, frame: bytes) -> None:
        if cls.command in self.protocol.logins:
            self._login_request(cls, sequence, frame)
        elif self.state in ("new", "login", "asked"):
            if code := self.protocol.not_bound:
                self._respond(cls.command, code, sequence, frame)
            self._close("unexpected")
        elif self.state == "left":
            return
        elif cls is self.protocol.keepalive:
            self._respond(cls.command, 0, sequence, frame)
        elif cls is self.protocol.terminate:
            self._respond(cls.command, 0, sequence, frame)
            self._move("terminated")
            self._alarm = self._now + self.grace
        else:
            pdu, _ = self._read(cls, frame)
            if pdu is not None:
                self._events.append(told.Received(sequence, pdu))
            else:
                self._respond(cls.command, self.protocol.bad_body, sequence, frame)
                self._censure()

    def _login_request(self, cls: type[Pdu], sequence: int, frame: bytes) -> None:
        code = self.protocol.second_login
        if self.state == "new":
            pdu, _ = self._read(cls, frame)
            if pdu is not None:
                self._move("asked")
                self._events.append(told.LoginRequested(sequence, pdu))
                return
            code = self.protocol.bad_body
        if self.state != "left":
            self._respond(cls.command, code, sequence, frame)
        self._close("unexpected")

    def _read(self, cls: type[Pdu], frame: bytes) -> tuple[Pdu | None, str]:
        """
        The PDU, or None and why not.
        """
        try:
            return self.protocol.read(cls, frame, self.version), ""
        except WireError as error:
            self.violations += 1
            return None, str(error)

    def _censure(self) -> None:
        if self.violations >= self.tolerance:
            self._close("violations")

    # What time does.

    def tick(self, now: float) -> list[Event]:
        """
        Do what is due: resend, give up, keep alive, close.
        """
        self._now = now
        if self._alarm is not None and now >= self._alarm:
            self._ring()
        if self.state != "closed":
            self._expire()
        probe_due = self._probe_due()
        if probe_due is not None and now >= probe_due:
            self._keep_alive()
        return self._told()

    def _ring(self) -> None:
        self._alarm = None
        if self.state == "draining":
            self._leave()
        else:
            self._close(RUNG[self.state])

    def _expire(self) -> None:
        for sequence, request in self._pending.overdue(self._now):
            if request.tries < self.tries and self.state == "bound":
                request.tries += 1
                request.due = self._now + self.timeout
                self._pending.add(sequence, request)
                self._out.append(request.frame)
            else:
                self._pending.give_up(sequence, request, self._now)
                self._events.append(told.Expired(sequence, request.token))
        self._pending.forget(self._now)
        if self._pending.missed >= self.misses:
            self._close("silent")
        self._leave_if_drained()

    def _probe_due(self) -> float | None:
        asks = self.state == "draining" and self.protocol.keepalive is not None
        if not self.idle or not (self.state == "bound" or asks):
            return None
        return self._heard + self.idle + self.timeout * self.probes

    def _keep_alive(self) -> None:
        if self.protocol.keepalive is None:  # who cannot ask leaves
            if self.state == "bound":
                self._move("drain")
            self._leave_if_drained()
        elif self.probes >= self.tries:
            self._close("silent")
        else:
            self.probes += 1
            self._probe = self._next()
            self._put(self.protocol.keepalive(), self._probe)

    def _leave_if_drained(self) -> None:
        if self.state == "draining" and not len(self._pending):
            self._leave()

    def _leave(self) -> None:
        self._move("terminate")
        if self.protocol.terminate is None:
            self._close("terminated")
            return
        self._own = self._next()
        self._put(self.protocol.terminate(), self._own)
        self._alarm = self._now + self.leave_timeout

    def _close(self, reason: str, code: int = 0) -> None:
        if self.state != "closed":
            self.state = "closed"
            self._events.append(told.Closing(reason, code, self._pending.clear()))

    def _told(self) -> list[Event]:
        events, self._events = self._events, []
        return events

    def _move(self, cause: str) -> None:
        self.state = move(self.state, cause)

    def _respond(self, command: int, code: int, sequence: int, frame: bytes) -> None:
        pdu = self.protocol.respond(command, code, frame)
        if pdu is not None:
            self._put(pdu, sequence)

    def _put(self, pdu: Pdu, sequence: int) -> None:
        self._out.append(self.protocol.encode(pdu, self.version, sequence))

    def _next(self) -> int:
        if self.numbers is not None:
            return self.numbers()
        last = self.protocol.last_sequence
        self.sequence = self._pending.unused(self.sequence, last)
        return self.sequence
