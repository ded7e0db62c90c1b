"""
Carriers that connect to us.
"""

from typing import Any

import attrs
import pytest
from twisted.internet import reactor as the_reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import clientFromString
from twisted.internet.protocol import Factory
from twisted.trial.unittest import TestCase

from smsgw.channels import listener as listening
from smsgw.channels.channel import CarrierChannel
from smsgw.channels.contract import Contract
from smsgw.channels.listener import Listener, Listeners, judge
from smsgw.directory import Channel
from smsgw.errors import Refused
from smsgw.link import Link
from smsgw.protocols.dialects import dialect_of
from smsgw.protocols.neutral import InboundPart, ReceiptIn
from smsgw.protocols.session import Session
from smsgw.tasks import SystemClock
from tests.support.worlds import NOW, World

reactor: Any = the_reactor
PLACE = "tcp:0:interface=127.0.0.1"
CUCC = Channel(
    "cucc",
    "联通",
    "unicom",
    "sgip",
    "tcp:127.0.0.1:1",
    "hospital",
    "s3cret",
    version="1.2",
    access_number="10655",
    settings={"node": 3010092008, "listen": PLACE},
)


def contract(**settings: Any) -> Contract:
    """
    The channel's contract with further settings.
    """
    channel = attrs.evolve(CUCC, settings={**CUCC.settings, **settings})
    return Contract.of(channel)


def carrier(login: str = "hospital", secret: str = "s3cret", kind: int = 2) -> Any:
    """
    The carrier's own dialect, which binds to deliver.
    """
    settings = {"node": 10100, "login_type": kind}
    return dialect_of("sgip", login, secret, "1.2", "", settings)


@pytest.mark.parametrize(
    ("settings", "who", "address", "expected"),
    [
        ({}, carrier(), "10.0.0.1", ("cucc", "")),
        ({}, carrier(kind=1), "10.0.0.1", ("cucc", "")),
        ({}, carrier(kind=3), "10.0.0.1", ("", "format")),
        ({"listen_kinds": "2"}, carrier(kind=1), "10.0.0.1", ("", "format")),
        ({}, carrier(secret="wrong"), "10.0.0.1", ("", "secret")),
        ({}, carrier("other"), "10.0.0.1", ("", "account")),
        ({"listen_login": "other"}, carrier("other"), "10.0.0.1", ("cucc", "")),
        (
            {"listen_addresses": "10.1.0.0/16, 10.2.0.0/16"},
            carrier(),
            "10.3.0.1",
            ("", "address"),
        ),
        (
            {
                "listen_check": False,
                "listen_login": "",
                "listen_addresses": "10.0.0.0/8",
            },
            carrier("", ""),
            "10.3.0.1",
            ("cucc", ""),
        ),
    ],
)
def test_who_may_connect(
    settings: dict[str, Any], who: Any, address: str, expected: tuple[str, str]
) -> None:
    """
    Name, password, address and purpose, each as the contract has it.
    """
    made = contract(**settings)
    assert made.reception is not None
    contracts = {"cucc": (made, made.reception)}
    assert expected == judge(contracts, who.login(NOW), address)


def test_nobody_comes_in_without_a_check() -> None:
    """
    No password needs a list of addresses.
    """
    with pytest.raises(Refused):
        contract(listen_check=False)


def test_a_channel_that_connects_by_itself_only() -> None:
    """
    It has no reception.
    """
    assert Contract.of(attrs.evolve(CUCC, settings={"node": 1})).reception is None


@pytest.mark.real
class ListenerTests(TestCase):
    """
    Over real sockets.
    """

    async def setUp(self) -> None:
        """
        A channel, and a listener for it.
        """
        self.world = World()
        self.channel = CarrierChannel(
            contract(),
            lambda: clientFromString(reactor, "tcp:127.0.0.1:1"),
            reactor,
            SystemClock(reactor),
            self.world.shard.outbox,
            self.world.shard.settlement,
            lambda: 0.5,
        )
        self.listener = Listener(PLACE, reactor, {"cucc": self.channel})
        self.port = await self.listener.open()

    async def tearDown(self) -> None:
        """
        Both end.
        """
        await self.listener.close()
        await self.channel.stop()

    async def knock(self, who: Any) -> tuple[Link, "Deferred[bool]", "Deferred[str]"]:
        """
        A carrier's connection; whether it was let in, and why it ended.
        """
        session = Session(who.protocol, who.version, numbers=who.numbers, idle=0)
        link = Link(session, reactor, "carrier")
        entered: Deferred[bool] = Deferred()
        ended: Deferred[str] = Deferred()
        link.on_open = lambda: link.login(who.login(NOW))
        link.on_bound = lambda *_: entered.callback(True)
        link.on_refused = lambda *_: entered.callback(False)
        link.on_closed = lambda reason, *_: ended.callback(reason)
        endpoint = clientFromString(reactor, f"tcp:127.0.0.1:{self.port}")
        await endpoint.connect(Factory.forProtocol(lambda: link))
        return link, entered, ended

    async def test_what_it_delivers_is_kept_first(self) -> None:
        """
        A report and a reply are answered when they are durable, not before.
        """
        who = carrier()
        link, entered, ended = await self.knock(who)
        self.assertTrue(await entered)
        report = ReceiptIn("00" * 12, "delivered", "", "13800138000")
        reply = InboundPart("13800138000", "10655", "好".encode("utf-16-be"))
        answers = [
            link.ask(who.deliver_receipt(report, "")),
            link.ask(who.deliver_inbound(reply, "")),
        ]
        clock = SystemClock(reactor)
        while len(self.world.shard.outbox.inbound) < 1:
            await clock.sleep(0.01)
        self.assertFalse(any(answer.called for answer in answers))
        self.world.turn()
        for answer in answers:
            self.assertTrue(who.delivered(await answer))
        link.close()
        self.assertEqual("terminated", await ended)

    async def test_a_stranger(self) -> None:
        """
        He is answered in the protocol's own way, and the channel knows nothing of it.
        """
        _, entered, ended = await self.knock(carrier(secret="wrong"))
        self.assertFalse(await entered)
        self.assertEqual("login_refused", await ended)

    async def test_there_are_enough(self) -> None:
        """
        One more than that is closed without a word.
        """
        self.patch(listening, "MOST", 1)
        link, entered, ended = await self.knock(carrier())
        self.assertTrue(await entered)
        _, _, closed = await self.knock(carrier())
        self.assertTrue(await closed)
        link.close()
        self.assertEqual("terminated", await ended)

    async def test_the_door_closes(self) -> None:
        """
        A channel that is gone listens no more.
        """
        who = carrier()
        _, entered, ended = await self.knock(who)
        await entered
        await self.listener.close()
        self.assertEqual("peer_terminated", await ended)

    async def test_listeners_follow_the_channels(self) -> None:
        """
        One endpoint for all that share it, closed with the last; a place that is
        taken is told, not raised.
        """
        listeners = Listeners(reactor)
        await listeners.fit({"cucc": self.channel})
        await listeners.fit({"cucc": self.channel, "cucc2": self.channel})
        await listeners.fit({})
        taken = contract(listen=f"tcp:{self.port}:interface=127.0.0.1")
        await listeners.fit({"cucc": attrs.evolve(self.channel, contract=taken)})
        await listeners.stop()
