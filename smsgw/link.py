"""
A Twisted Protocol around one session: transport, one timer, promises.

It moves bytes and time and knows no PDU. The hot path is L{Link.ask_many} with
tokens and C{on_answered}: no Deferred, timer or write per message.
"""

from collections.abc import Callable, Iterable
from typing import Any, cast

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime, ITCPTransport
from twisted.internet.protocol import Protocol, connectionDone
from twisted.logger import Logger
from twisted.python.failure import Failure

from smsgw.errors import Unavailable
from smsgw.protocols.events import (
    Answered,
    Bound,
    Closing,
    Event,
    Expired,
    LoginRefused,
    LoginRequested,
    Received,
)
from smsgw.protocols.rows import Pdu, WireError
from smsgw.protocols.session import Session

__all__ = ["Link"]

HURRY = 5.0  # seconds a closed session's last octets may take


def _ignore(*_: Any) -> None:
    """
    The callback nobody set.
    """


class Link(Protocol):
    """
    One connection. The owner sets the callbacks it wants:

    C{on_open()}, C{on_login(sequence, pdu)}, C{on_bound(version, pdu)},
    C{on_refused(code, version)}, C{on_received(sequence, pdu)},
    C{on_answered(answered)}, C{on_expired(token)},
    C{on_closed(reason, code, tokens)} (once, when the transport is gone;
    C{tokens} of requests whose fate is unknown). C{tap(outgoing, octets)} hears
    all that is said while it is set.
    """

    log = Logger()

    def __init__(self, session: Session, clock: IReactorTime, name: str = "") -> None:
        self.session = session
        self.name = name
        self.closed = False
        self.on_open: Callable[[], None] = _ignore
        self.on_login: Callable[[int, Pdu], None] = _ignore
        self.on_bound: Callable[[int, Pdu], None] = _ignore
        self.on_refused: Callable[[int, int], None] = _ignore
        self.on_received: Callable[[int, Pdu], None] = _ignore
        self.on_answered: Callable[[Answered], None] = _ignore
        self.on_expired: Callable[[Any], None] = _ignore
        self.on_closed: Callable[[str, int, list[Any]], None] = _ignore
        self.tap: Callable[[bool, bytes], None] | None = None
        self._clock = clock
        self._timer: IDelayedCall | None = None
        self._turning = False
        self._timer_at = 0.0
        self._ending = Closing("lost")

    @property
    def room(self) -> int:
        """
        How many requests may be asked now.
        """
        return self.session.room

    # What the owner does.

    def login(self, pdu: Pdu) -> None:
        """
        Ask to come in; C{on_bound} or C{on_refused} tells.
        """
        self.session.login(pdu, self._clock.seconds())
        self._turn([])

    def accept_login(self, sequence: int, pdu: Pdu, version: int) -> None:
        """
        Let the peer in.
        """
        now = self._clock.seconds()
        self._turn(self.session.accept_login(sequence, pdu, version, now))

    def refuse_login(
        self, sequence: int, pdu: Pdu, version: int, code: int = 0
    ) -> None:
        """
        Keep the peer out.
        """
        self._turn(self.session.refuse_login(sequence, pdu, version, code))

    def ask(self, pdu: Pdu) -> "Deferred[Pdu]":
        """
        A request; fails with C{Unavailable} when no answer is to be had.
        """
        promise: Deferred[Pdu] = Deferred()
        self.session.ask(pdu, self._clock.seconds(), promise)
        self._turn([])
        return promise

    def ask_many(self, requests: Iterable[tuple[Pdu, Any]]) -> list[tuple[Any, str]]:
        """
        Requests with tokens, one write for all; answers go to C{on_answered}.

        Returns the tokens of those that do not fit the wire, with the reason.
        """
        now, ask = self._clock.seconds(), self.session.ask
        unfit = []
        for pdu, token in requests:
            try:
                ask(pdu, now, token)
            except WireError as error:
                unfit.append((token, str(error)))
        self._turn([])
        return unfit

    def answer(self, sequence: int, pdu: Pdu) -> None:
        """
        Answer a request of the peer.
        """
        self.session.answer(sequence, pdu)
        self._turn([])

    def answer_many(self, answers: Iterable[tuple[int, Pdu]]) -> None:
        """
        Answer several with one write.
        """
        for sequence, pdu in answers:
            self.session.answer(sequence, pdu)
        self._turn([])

    def close(self, drain: float = 5.0) -> None:
        """
        Leave politely, waiting for answers up to C{drain} seconds.
        """
        self._turn(self.session.terminate(self._clock.seconds(), drain))

    def abort(self) -> None:
        """
        Drop the connection without a word.
        """
        self._turn(self.session.abort("aborted"))

    # What Twisted calls.

    def connectionMade(self) -> None:
        """
        The transport is there.
        """
        self.session.open(self._clock.seconds())
        self.log.info("{link} connected", link=self.name)
        self.on_open()
        self._turn([])

    def dataReceived(self, data: bytes) -> None:
        """
        One frame loop, one write.
        """
        if self.tap is not None:
            self.tap(False, data)
        self._turn(self.session.receive_data(data, self._clock.seconds()))

    def connectionLost(self, reason: Failure = connectionDone) -> None:
        """
        The transport is gone, politely or not.
        """
        for event in self.session.abort("lost"):
            self._tell(event)
        self._stop_timer()
        ending = self._ending
        self.log.info(
            "{link} closed: {reason} {code}",
            link=self.name,
            reason=ending.reason,
            code=ending.code,
        )
        self.closed = True
        tokens = []
        for token in ending.tokens:
            if isinstance(token, Deferred):
                token.errback(Unavailable(ending.reason))
            else:
                tokens.append(token)
        self.on_closed(ending.reason, ending.code, tokens)

    # The turn.

    def _turn(self, events: list[Event]) -> None:
        """
        Tell the events, then write once and set the timer once.

        What callbacks ask and answer meanwhile joins the outer turn's write.
        """
        if self._turning:
            for event in events:
                self._tell(event)
            return
        self._turning = True
        try:
            for event in events:
                self._tell(event)
        finally:
            self._turning = False
            self._write()
            self._set_timer()

    def _tell(self, event: Event) -> None:
        match event:
            case Answered():
                self._answered(event)
            case Received():
                self.on_received(event.sequence, event.pdu)
            case Expired():
                self._expired(event.token)
            case Bound():
                self.log.info("{link} bound", link=self.name, version=event.version)
                self.on_bound(event.version, event.pdu)
            case LoginRequested():
                self.on_login(event.sequence, event.pdu)
            case LoginRefused():
                self.on_refused(event.code, event.version)
            case Closing():
                self._ending = event

    def _answered(self, event: Answered) -> None:
        promise = event.token
        if not isinstance(promise, Deferred):
            self.on_answered(event)
        elif event.late:
            return
        elif event.pdu is None:
            promise.errback(WireError(event.error))
        else:
            promise.callback(event.pdu)

    def _expired(self, token: Any) -> None:
        if isinstance(token, Deferred):
            token.errback(Unavailable("no answer"))
        else:
            self.on_expired(token)

    def _write(self) -> None:
        transport = self.transport
        if transport is None or self.closed:
            return
        data = self.session.data_to_send()
        if data:
            if self.tap is not None:
                self.tap(True, data)
            transport.write(data)
        if self.session.state == "closed":
            transport.loseConnection()

    # The timer.

    def _set_timer(self) -> None:
        """
        Have the timer run at the deadline; one that is too early is harmless.
        """
        if self.closed:
            return
        due = self.session.deadline
        if due is None:
            self._stop_timer()
            if self.session.state == "closed":
                self._timer = self._clock.callLater(HURRY, self._give_up)
        elif self._timer is None or due < self._timer_at:
            self._stop_timer()
            self._timer_at = due
            delay = max(0.0, due - self._clock.seconds())
            self._timer = self._clock.callLater(delay, self._ring)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        self._timer = None
        self._turn(self.session.tick(self._clock.seconds()))

    def _give_up(self) -> None:
        """
        The peer does not take our last octets; drop them.
        """
        self._timer = None
        transport = self.transport
        if transport is not None:
            cast(ITCPTransport, transport).abortConnection()
