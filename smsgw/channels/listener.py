"""
Where carriers connect to us: SGIP's second direction, deliveries and reports.

Channels whose C{listen} setting names the same endpoint share it; the login says
which one a carrier's connection belongs to.
"""

from collections.abc import Callable, Mapping
from typing import Any

import attrs
from twisted.internet.endpoints import serverFromString
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IAddress, IListeningPort
from twisted.internet.protocol import Factory
from twisted.logger import Logger

from smsgw.addresses import welcome
from smsgw.channels.channel import CarrierChannel
from smsgw.channels.contract import Contract, Reception
from smsgw.link import Link
from smsgw.protocols.dialects import Host
from smsgw.protocols.rows import Pdu
from smsgw.protocols.session import Session

__all__ = ["Listener", "Listeners", "judge"]


MOST = 200  # connections at one endpoint; strangers leave after 30 s


def judge(
    contracts: Mapping[str, tuple[Contract, Reception]], pdu: Pdu, address: str
) -> tuple[str, str]:
    """
    The channel that a carrier's login belongs to, or '' and why not.

    Without a password only a known address lets in.
    """
    why = "account"
    for name, (contract, reception) in contracts.items():
        host = contract.host
        asked = host.read_login(pdu)
        if asked.login != reception.login:
            continue
        if not welcome(address, reception.addresses):
            why = "address"
        elif asked.kind and asked.kind not in reception.kinds:
            why = "format"
        elif reception.check and not host.proves(pdu, contract.channel.secret):
            why = "secret"
        else:
            return name, ""
    return "", why


@attrs.define(eq=False)
class Listener:
    """
    One endpoint and the channels that share it.
    """

    place: str
    reactor: Any
    channels: dict[str, CarrierChannel] = attrs.field(factory=dict)
    _port: IListeningPort | None = attrs.field(default=None, init=False)
    _links: list[Link] = attrs.field(factory=list, init=False)

    log = Logger()

    async def open(self) -> int:
        """
        Listen; the port's number.
        """
        endpoint = serverFromString(self.reactor, self.place)
        self._port = port = await endpoint.listen(_Carriers(self._link))
        return int(getattr(port.getHost(), "port", 0))

    async def close(self) -> None:
        """
        Listen no more; carriers' connections end.
        """
        port, self._port = self._port, None
        for link in list(self._links):
            link.close(drain=0.0)
        if port is not None and (closing := port.stopListening()) is not None:
            await closing

    def _link(self, address: str) -> Link | None:
        """
        For who knocks; None, which closes it, when there are enough.
        """
        if len(self._links) >= MOST:
            return None
        first = next(iter(self.channels.values())).contract
        link = Link(_session(first), self.reactor, f"carrier from {address}")
        self._links.append(link)

        def on_login(sequence: int, pdu: Pdu) -> None:
            self._login(link, address, sequence, pdu)

        def on_closed(_reason: str, _code: int, _tokens: list[Any]) -> None:
            self._links.remove(link)

        link.on_login, link.on_closed = on_login, on_closed
        return link

    def _login(self, link: Link, address: str, sequence: int, pdu: Pdu) -> None:
        contracts = {
            name: (one.contract, one.contract.reception)
            for name, one in self.channels.items()
            if one.contract.reception is not None
        }
        name, word = judge(contracts, pdu, address)
        contract = self.channels[name].contract if name else _any(self.channels)
        highest = contract.dialect.version
        answer, layout, code = contract.host.admit(
            pdu, word, contract.channel.secret, highest
        )
        if not name:
            self.log.warn(
                "{place}: a carrier from {address} was refused: {word}",
                place=self.place,
                address=address,
                word=word,
            )
            link.refuse_login(sequence, answer, layout, code)
            return
        link.name = f"{name} from {address}"
        link.accept_login(sequence, answer, layout)
        ended = self.channels[name].receive(link)

        def on_closed(_reason: str, _code: int, _tokens: list[Any]) -> None:
            self._links.remove(link)
            ended()

        link.on_closed = on_closed


def _any(channels: Mapping[str, CarrierChannel]) -> Contract:
    return next(iter(channels.values())).contract


def _session(contract: Contract) -> Session:
    dialect: Host = contract.host
    return Session(
        dialect.protocol, contract.dialect.version, idle=0.0, timeout=contract.timeout
    )


class _Carriers(Factory):
    """
    A link for each carrier that knocks.
    """

    noisy = False

    def __init__(self, make: Callable[[str], Link | None]) -> None:
        self._make = make

    def buildProtocol(self, addr: IAddress | None) -> Link | None:
        return self._make(getattr(addr, "host", ""))


@attrs.define(eq=False)
class Listeners:
    """
    All endpoints at which carriers may connect.
    """

    reactor: Any
    _open: dict[str, Listener] = attrs.field(factory=dict, init=False)

    log = Logger()

    async def fit(self, channels: Mapping[str, CarrierChannel]) -> None:
        """
        Listen for these channels, and for no others.
        """
        wanted: dict[str, dict[str, CarrierChannel]] = {}
        for name, channel in channels.items():
            reception = channel.contract.reception
            if reception is not None:
                wanted.setdefault(reception.place, {})[name] = channel
        for place in [place for place in self._open if place not in wanted]:
            await self._open.pop(place).close()
        for place, those in wanted.items():
            listener = self._open.get(place)
            if listener is not None:
                listener.channels = those
                continue
            listener = Listener(place, self.reactor, those)
            try:
                await listener.open()
            except CannotListenError as error:
                self.log.error("{place}: {why}", place=place, why=str(error))
                continue
            self._open[place] = listener

    async def stop(self) -> None:
        """
        Close all of them.
        """
        while self._open:
            await self._open.popitem()[1].close()
