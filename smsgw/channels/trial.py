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
from twisted.internet.error import (
    ConnectError,
    ConnectingCancelledError,
    DNSLookupError,
    TimeoutError,
)
from twisted.internet.interfaces import IStreamClientEndpoint
from twisted.internet.protocol import Factory, Protocol

from smsgw.channels.contract import Contract
from smsgw.channels.contracts import contract_of
from smsgw.directory import Channel
from smsgw.errors import Refused
from smsgw.link import Link
from smsgw.ports import Clock
from smsgw.rules.encyclopaedia import chapters

__all__ = ["Trial", "try_channel"]

CONNECT, LOGIN = 5.0, 10.0
Words = tuple[str, str]
_LOGINS = ("connect", "login", "bind")
_PORTS = {"http": 80, "https": 443}
_FINE = ("登录成功", "logged in")
_REACHED = (
    "地址可以连通；账号要等发出第一条才知道",
    "the address can be reached; the login shows with the first message",
)
_SETTINGS = ("参数有误", "a setting is wrong")
_UNKNOWN = ("找不到这个地址", "there is no such address")
_CLOSED = ("对方拒绝连接", "the other side takes no connection")
_SILENT = ("对方没有回应", "nothing comes back")
_HUNG_UP = ("登录后对方断开，没有答复", "it hung up instead of answering the login")
_REFUSED = ("登录被拒绝", "the login was refused")
_SPELLING = (
    "检查地址的拼写和本机的域名解析",
    "check how it is spelled, and this machine's name servers",
)
_PORT = (
    "核对端口；请运营商确认接口机已开通",
    "check the port; ask the carrier whether its gateway is open",
)
_ROUTE = (
    "检查专线、防火墙和白名单：多数运营商只放行登记过的地址",
    "check line, firewall and allow list: most carriers let known addresses in only",
)
_WRONG = (
    "核对协议和版本，以及运营商登记的本机出口地址",
    "check protocol and version, and the address the carrier knows us by",
)
_PASSWORD = (
    "向运营商核对登录名和密码；时钟偏差和连接数用满也会被拒",
    "check login and secret with the carrier; a wrong clock or too many connections"
    " are refused, too",
)
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
    except DNSLookupError:
        return Trial("connect", _UNKNOWN, _SPELLING)
    except (TimeoutError, TooLong, ConnectingCancelledError):
        return Trial("connect", _SILENT, _ROUTE)
    except (ConnectError, OSError) as error:
        return Trial("connect", _CLOSED, _PORT, detail=(str(error), str(error)))
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
        found = chapters(self.contract.channel.protocol)
        rows = next((found[name] for name in _LOGINS if name in found), {})
        entry = rows.get(str(code))
        detail = (entry.zh, entry.en) if entry is not None else _NOTHING
        self._tell(Trial("login", _REFUSED, _PASSWORD, code=code, detail=detail))

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
