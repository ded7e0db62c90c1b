"""
The simulator on real sockets.
"""

import json
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

import pytest
import treq
from twisted.internet import reactor
from twisted.internet.defer import Deferred
from twisted.internet.endpoints import clientFromString, connectProtocol
from twisted.trial.unittest import TestCase

from smsgw.config import Endpoint
from smsgw.link import Link
from smsgw.protocols.cmpp import V30, Connect, DeliverResp, SubmitResp
from smsgw.protocols.cmpp_rules import CMPP
from smsgw.protocols.session import Session
from smsgw.simulator.admission import authenticator
from smsgw.simulator.scenario import Latency, Scenario
from smsgw.simulator.service import simulator
from tests.support.simulated import LOGIN, SECRET, account, submit

ANY = (Endpoint("tcp:0:interface=127.0.0.1"),)
NUMBER = "13800138000"


@pytest.mark.real
class ServiceTests(TestCase):
    """
    One carrier, one client, one HTTP request, on loopback.
    """

    async def test_a_message_goes_all_the_way(self) -> None:
        """
        Login, submit, receipt, the phone's text over HTTP, the journal, the end.
        """
        folder = Path(mkdtemp())
        self.addCleanup(rmtree, folder)
        journal = folder / "journal"
        scenario = Scenario(
            (account(),), latency=Latency(0.0, 0.0, 0.01), listen=ANY, control=ANY
        )
        service = simulator(scenario, reactor, journal)
        ports, (control,) = await service.open()
        (port,) = ports["cmpp"]
        link = Link(Session(CMPP, V30), reactor, "client")
        bound: Deferred[int] = Deferred()
        received: Deferred[Any] = Deferred()
        closed: Deferred[str] = Deferred()
        link.on_bound = lambda version, _: bound.callback(version)
        link.on_received = lambda sequence, pdu: (
            link.answer(sequence, DeliverResp(msg_id=pdu.msg_id)),
            received.callback(pdu),
        )
        link.on_closed = lambda reason, *_: closed.callback(reason)
        place = clientFromString(reactor, f"tcp:127.0.0.1:{port}")
        await connectProtocol(place, link)
        digest = authenticator(LOGIN, SECRET, 1)
        link.login(
            Connect(
                source_addr=LOGIN,
                authenticator_source=digest,
                version=V30,
                timestamp=1,
            )
        )
        assert V30 == await bound

        answer = await link.ask(submit(NUMBER))
        assert isinstance(answer, SubmitResp)
        assert 1 == (await received).registered_delivery
        assert f"{answer.msg_id:016x}" == journal.read_text()[:16]
        texts = await seen(control)
        assert ["您好"] == [text["text"] for text in texts]

        link.close()
        assert "terminated" == await closed
        await service.stopService()


async def seen(control: int) -> list[dict[str, Any]]:
    """
    The phone's texts as HTTP shows them.
    """
    response = await treq.get(
        f"http://127.0.0.1:{control}/phones/{NUMBER}", persistent=False
    )
    texts: list[dict[str, Any]] = json.loads(await response.content())
    return texts
