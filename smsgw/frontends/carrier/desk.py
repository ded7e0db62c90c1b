"""
Who may come in, and how much at once: the door's rules for one protocol.
"""

from collections.abc import Callable
from typing import Any

import attrs
from twisted.internet.interfaces import IReactorTime

from smsgw.addresses import welcome
from smsgw.directory import Account, Directory, Peer
from smsgw.errors import Refused, Unavailable
from smsgw.frontends.carrier.guest import Guest
from smsgw.frontends.carrier.intake import Intake, word_of
from smsgw.frontends.carrier.replays import Replays
from smsgw.frontends.http.rates import Rates
from smsgw.metrics import Metrics
from smsgw.ports import Clock
from smsgw.protocols.dialects import SPOKEN, Host, Nodes, dialect_of, numbers_of
from smsgw.protocols.neutral import Login, OutSegment
from smsgw.protocols.rows import Pdu
from smsgw.protocols.session import Session

__all__ = ["Desk"]

STRANGERS = 200
COUNTERS = 0xFFFF
TIMEOUT = 60.0
DELIVERING = 2  # SGIP's LoginType


@attrs.define(eq=False)
class Desk:
    """
    The server's side of one protocol. C{gateway_code} is the number that ids of
    messages carry; nodes need different ones.
    """

    protocol: str
    directory: Callable[[], Directory]
    intake: Intake
    clock: Clock
    metrics: Metrics
    gateway_code: int = 1
    guests: list[Guest] = attrs.field(factory=list, init=False)
    _rates: Rates = attrs.field(factory=Rates, init=False)
    _replays: Replays = attrs.field(factory=Replays, init=False)
    _nodes: Nodes = attrs.field(init=False)
    _second: int = attrs.field(default=0, init=False)
    _counter: int = attrs.field(default=0, init=False)

    @_nodes.default
    def _own_nodes(self) -> Nodes:
        return Nodes(self.clock.now)

    # Connections.

    def guest(self, timers: IReactorTime, address: str) -> Guest:
        """
        A fresh connection, unknown as yet.
        """
        host = self._host(None, 0, "")
        session = Session(
            host.protocol,
            max(host.protocol.versions),
            timeout=TIMEOUT,
            numbers=numbers_of(host, self._nodes, self.gateway_code),
        )
        return Guest(session, timers, self, host, address)

    def _host(self, peer: Peer | None, layout: int, secret: str) -> Host:
        """
        A dialect in a layout; the newest for who is not known yet.
        """
        versions = SPOKEN[self.protocol].versions
        named = {octet: name for name, octet in versions.items()}
        name = named.get(layout, max(versions, key=versions.__getitem__))
        login = peer.id if peer else ""
        settings = peer.settings if peer else {}
        made: Any = dialect_of(self.protocol, login, secret, name, "", settings)
        return made  # type: ignore[no-any-return]

    def enter(self, guest: Guest) -> bool:
        """
        Whether there is room for one more that has not logged in.
        """
        self.guests.append(guest)
        strangers = sum(1 for one in self.guests if not one.login_name)
        return strangers <= STRANGERS

    def leave(self, guest: Guest) -> None:
        """
        A connection is gone.
        """
        if guest in self.guests:
            self.guests.remove(guest)

    def of(self, login: str) -> list[Guest]:
        """
        A system's connections that take deliveries.
        """
        peer = self.directory().peers.get(login)
        outward = bool(peer and peer.deliver_to)
        return [
            one
            for one in self.guests
            if one.login_name == login
            and one.outward == outward
            and one.session.state == "bound"
        ]

    def outward(self, peer: Peer, timers: IReactorTime) -> Guest:
        """
        A connection that we make, to deliver over it.
        """
        settings = {"login_type": DELIVERING, "node": self.gateway_code}
        name = max(SPOKEN[self.protocol].versions)
        dialect: Any = dialect_of(
            self.protocol,
            str(peer.settings.get("deliver_login", peer.id)),
            peer.secrets[0] if peer.secrets else "",
            name,
            "",
            settings,
        )
        session = Session(
            dialect.protocol,
            dialect.version,
            window=peer.window,
            idle=0.0,
            timeout=TIMEOUT,
            numbers=numbers_of(dialect, self._nodes, self.gateway_code),
        )
        guest = Guest(session, timers, self, dialect, f"us to {peer.id}")

        def on_bound(_version: int, _pdu: Pdu) -> None:
            guest.login_name, guest.outward = peer.id, True

        guest.on_open = lambda: guest.login(dialect.login(self.clock.now()))
        guest.on_bound = on_bound
        return guest

    # Logins.

    def knock(self, guest: Guest, pdu: Pdu) -> tuple[Pdu, int, int]:
        """
        The answer to a login, its layout, and its code (0: come in).
        """
        host, asked = guest.host, guest.host.read_login(pdu)
        peer = self.directory().peers.get(asked.login)
        word, secret = self._judge(guest, peer, asked, pdu)
        highest = max(host.protocol.versions)
        if not word and peer is not None and peer.version != "any":
            highest = SPOKEN[self.protocol].versions[peer.version]
        answer, layout, code = host.admit(pdu, word, secret, highest)
        if word or peer is None:
            self.metrics.count("smsgw_logins_total", 1, self.protocol, word)
            return answer, layout, code
        self.metrics.count("smsgw_logins_total", 1, self.protocol, "ok")
        guest.login_name, guest.kind = peer.id, asked.kind
        guest.name = f"{self.protocol} {peer.id}"
        guest.session.window = peer.window
        guest.host = self._host(peer, layout, secret)
        return answer, layout, 0

    def _judge(
        self, guest: Guest, peer: Peer | None, asked: Login, pdu: Pdu
    ) -> tuple[str, str]:
        """
        Why a login is refused ('': it is not), and the secret it proved.
        """
        account = self._account(peer)
        if peer is None or account is None or peer.protocol != self.protocol:
            return "account", ""
        if not welcome(guest.address, peer.addresses):
            return "address", ""
        proved = [one for one in peer.secrets if guest.host.proves(pdu, one)]
        stale = self._replays.stale(peer.id, asked.proof, self.clock.now())
        if not proved or stale:
            return "secret", ""
        if not asked.version or not self._speaks(peer, asked.version):
            return "version", ""
        if self._entered(peer.id) >= peer.connections:
            return "connections", ""
        return "", proved[0]

    def _entered(self, login: str) -> int:
        return sum(one.login_name == login and not one.outward for one in self.guests)

    def _speaks(self, peer: Peer, version: int) -> bool:
        """
        A system held to one version may ask for a higher one: it gets its own.
        """
        if peer.version == "any":
            return True
        wanted = SPOKEN[self.protocol].versions.get(peer.version)
        return wanted is not None and wanted <= version

    def _account(self, peer: Peer | None) -> Account | None:
        if peer is None or not peer.active:
            return None
        account = self.directory().accounts.get(peer.account)
        return account if account is not None and account.active else None

    # Submits.

    def new_id(self, host: Host, sequence: int) -> str:
        """
        The id of a submit; never twice, also when the clock steps back.
        """
        second = int(self.clock.now())
        if second > self._second:
            self._second, self._counter = second, 0
        elif self._counter >= COUNTERS:
            self._second, self._counter = self._second + 1, 0
        self._counter += 1
        at = float(self._second)
        return host.new_id(at, self.gateway_code, self._counter, sequence)

    async def submit(
        self, guest: Guest, segments: list[OutSegment], carrier_id: str
    ) -> str:
        """
        Take a submit; '' once it is durable, else the word that refuses it.
        """
        now = self.clock.now()
        peer = self.directory().peers.get(guest.login_name)
        account = self._account(peer)
        if peer is None or account is None:
            return "service"
        word = self._limits(guest, peer, segments, now)
        if not word:
            try:
                await self.intake.take(peer, account, segments, carrier_id, now)
            except Refused as refused:
                word = word_of(refused)
            except Unavailable:
                word = "busy"
        if word:
            self.metrics.count("smsgw_refused_total", len(segments), word)
        else:
            self.metrics.count("smsgw_accepted_total", len(segments), account.id)
        return word

    def _limits(
        self, guest: Guest, peer: Peer, segments: list[OutSegment], now: float
    ) -> str:
        first = segments[0]
        if guest.unanswered > peer.window:
            return "throttled"
        if first.src and not first.src.startswith(peer.access):
            return "source"
        if peer.services and first.service not in peer.services:
            return "service"
        if self._rates.take(peer, len(segments), now):
            return "throttled"
        return ""
