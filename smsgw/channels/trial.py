"""
A channel tried before it is trusted: one connection, one login, and away again.

Nothing is sent, and the gateway's own channels are left alone; a carrier that allows
no more connections than those have may refuse this one.
"""

from typing import Any
from urllib.parse import urlsplit

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.defer import TimeoutError as TooLong
from twisted.internet.endpoints import HostnameEndpoint, clientFromString
from twisted.internet.error import ConnectError, ConnectingCancelledError
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.protocol import Factory, Protocol

from smsgw.channels.contract import Contract
from smsgw.channels.contracts import contract_of
from smsgw.channels.troubles import REASONS, Words, login_words, of_connecting
from smsgw.directory import Channel
from smsgw.errors import Refused
from smsgw.link import Link
from smsgw.ports import Clock

__all__ = ["Trial", "try_channel"]

CONNECT, LOGIN = 5.0, 10.0
_PORTS = {"http": 80, "https": 443}
_FINE = ("登录成功", "logged in")
_REACHED = (
    "地址可以连通；账号要等发出第一条才知道",
    "the address can be reached; the login shows with the first message",
)
_SETTINGS = ("参数有误", "a setting is wrong")
_HUNG_UP = ("登录后对方断开，没有答复", "it hung up instead of answering the login")
_SPELLING, _WRONG = REASONS["unknown"][1], REASONS["login_timeout"][1]
_SILENT = REASONS["silent"][0]
_NOTHING = ("", "")


@attrs.frozen
class Trial:
    """
    How it went: C{step} is where it ended, C{settings}, C{connect} or C{login}, ''
    when all is well. C{seconds} for all of it; C{code} is the carrier's to the login;
    C{detail} may add to C{words}, which are Chinese and English, as is C{advice}.
    """

    step: str
    words: Words
    advice: Words = _NOTHING
    seconds: float = 0.0
    code: int = 0
    detail: Words = _NOTHING

    @property
    def good(self) -> bool:
        """
        Whether the carrier lets us in.
        """
        return not self.step


async def try_channel(channel: Channel, reactor: Any, clock: Clock) -> Trial:
    """
    Connect to the carrier as this channel, log in, and leave. Takes 15 s at most.
    """
    began = clock.monotonic()
    trial = await _tried(channel, reactor, clock)
    return attrs.evolve(trial, seconds=clock.monotonic() - began)


async def _tried(channel: Channel, reactor: Any, clock: Clock) -> Trial:
    try:
        contract = contract_of(channel)
        endpoint = _endpoint(channel, contract, reactor)
    except Refused as refusal:
        told = f"{refusal.field} {refusal.detail}"
        return Trial("settings", _SETTINGS, detail=(told, told))
    except ValueError as error:
        return Trial("settings", _SETTINGS, _SPELLING, detail=(str(error), str(error)))
    entrance = None
    protocol: Protocol = Protocol()
    if isinstance(contract, Contract):
        entrance = _Entrance(contract, reactor, clock)
        protocol = entrance.link
    try:
        connecting: Any = endpoint.connect(Factory.forProtocol(lambda: protocol))
        await connecting.addTimeout(CONNECT, reactor)
    except (ConnectError, TooLong, ConnectingCancelledError, OSError) as error:
        kind = of_connecting(error)
        detail = (str(error), str(error)) if kind == "closed" else _NOTHING
        return Trial("connect", *REASONS[kind], detail=detail)
    if entrance is None:
        transport: Any = protocol.transport
        transport.loseConnection()
        return Trial("", _REACHED)
    return await entrance.outcome()


def _endpoint(
    channel: Channel, contract: object, reactor: Any
) -> IStreamClientEndpoint:
    """
    A carrier's is written as Twisted writes them, a vendor's is a URL.
    """
    if isinstance(contract, Contract):
        found: IStreamClientEndpoint = clientFromString(reactor, channel.endpoint)
        return found
    url = urlsplit(channel.endpoint)
    port = url.port or _PORTS.get(url.scheme, 0)
    if not url.hostname or not port:
        raise ValueError(channel.endpoint)
    return HostnameEndpoint(reactor, url.hostname.encode("idna"), port)


class _Entrance:
    """
    One login, and what comes of it.
    """

    def __init__(self, contract: Contract, reactor: Any, clock: Clock) -> None:
        self.contract, self.reactor = contract, reactor
        name = f"{contract.channel.id}#trial"
        self.link = link = Link(contract.session(), reactor, name)
        self._told: Deferred[Trial] = Deferred()
        self._gone: Deferred[None] = Deferred()
        link.on_open = lambda: link.login(contract.dialect.login(clock.now()))
        link.on_bound = self._bound
        link.on_refused = self._refused
        link.on_closed = self._closed

    def _tell(self, trial: Trial) -> None:
        if not self._told.called:
            self._told.callback(trial)

    def _bound(self, version: int, _pdu: Any) -> None:
        shown = f"{self.contract.channel.protocol.upper()} {version:#x}"
        self._tell(Trial("", _FINE, detail=(shown, shown)))

    def _refused(self, code: int, _version: int) -> None:
        detail = login_words(self.contract.channel.protocol, code)
        self._tell(Trial("login", *REASONS["login_refused"], code=code, detail=detail))

    def _closed(self, reason: str, _code: int, _tokens: list[Any]) -> None:
        self._tell(Trial("login", _HUNG_UP, _WRONG, detail=(reason, reason)))
        self._gone.callback(None)

    async def outcome(self) -> Trial:
        """
        When it is known, or nothing came of it in time; the connection is gone then.
        """
        told: Any = self._told
        try:
            trial: Trial = await told.addTimeout(LOGIN, self.reactor)
        except TooLong:
            trial = Trial("login", _SILENT, _WRONG)
        if trial.good:
            self.link.close()
        else:
            self.link.abort()
        await self._gone
        return trial
