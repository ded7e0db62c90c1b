"""
The carrier's own connections to an SGIP client.
"""

from typing import Any

import attrs

from smsgw.link import Link
from smsgw.protocols.neutral import OutSegment
from smsgw.protocols.session import Session
from smsgw.simulator.reverse import Reverse, reverses
from smsgw.simulator.scenario import Latency, Scenario
from tests.support.simulated import ACCESS, LOGIN, Guest, Simulated, account

NUMBER = "13800138000"
PLACE = "tcp:127.0.0.1:8801"


@attrs.define(eq=False)
class Listening:
    """
    A guest with a listener that judges logins by a word.
    """

    simulated: Simulated
    guest: Guest
    word: str = ""
    logins: list[Any] = attrs.field(factory=list)
    links: list[Link] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.simulated.network.places[PLACE] = self.answer

    def answer(self) -> Link:
        """
        Somebody connects.
        """
        dialect: Any = self.guest.dialect
        link = Link(
            Session(dialect.protocol, dialect.version, idle=0.0),
            self.simulated.clock,
            "listener",
        )

        def on_login(sequence: int, pdu: Any) -> None:
            self.logins.append(pdu)
            answer, layout, code = dialect.admit(pdu, self.word, "", dialect.version)
            if code:
                link.refuse_login(sequence, answer, layout, code)
            else:
                link.accept_login(sequence, answer, layout)

        link.on_login = on_login
        link.on_received = lambda sequence, pdu: self.guest.take(link, sequence, pdu)
        self.links.append(link)
        return link


def listening(word: str = "", **contract: Any) -> tuple[Listening, list[Reverse]]:
    """
    A carrier that delivers by connections of its own.
    """
    contract = {"report_mode": "reverse", "reverse": (PLACE,)} | contract
    scenario = Scenario(
        (account(**contract),), (), Latency(0.0, 0.0, 0.1), protocol="sgip"
    )
    simulated = Simulated(scenario)
    made = Listening(simulated, simulated.enter(), word)
    own = reverses(simulated.carrier, simulated.network.dial, simulated.clock)
    for one in own:
        one.start()
    simulated.advance(0.1)
    return made, own


def test_deliveries_come_on_the_carriers_connection() -> None:
    """
    Receipts and messages of phones, none on the client's own.
    """
    made, _ = listening(reverse_login="smg", reverse_type=2)
    made.guest.submit(NUMBER)
    made.simulated.carrier.say(NUMBER, ACCESS, "TD")
    made.guest.link.on_received = lambda *_: made.guest.closed.append("wrong way")
    made.simulated.advance(0.5)

    assert ["delivered"] == made.guest.states
    assert [b"TD"] == [one.payload for one in made.guest.inbound]
    assert [] == made.guest.closed
    (login,) = made.logins
    assert (2, "smg") == (login.login_type, login.login_name)
    totals = made.simulated.carrier.totals()["accounts"][LOGIN]
    assert (1, 1, 1) == (
        totals["reverse_logins"],
        totals["report_taken"],
        totals["mo_taken"],
    )


def test_it_comes_back() -> None:
    """
    What was not answered goes out again on the next connection.
    """
    made, _ = listening()
    made.guest.answers = False
    made.guest.submit(NUMBER)
    made.simulated.advance(0.5)
    made.links[0].abort()
    made.guest.answers = True
    made.simulated.advance(3.0)

    assert 2 == len(made.links)
    assert ["delivered", "delivered"] == made.guest.states


def test_a_refusal_makes_it_wait_longer() -> None:
    """
    Tries become rarer; a listener that is not there is tried too.
    """
    made, _ = listening("secret")
    made.simulated.advance(30.0)
    assert 4 <= len(made.logins) <= 7

    del made.simulated.network.places[PLACE]
    made.simulated.advance(30.0)
    made.simulated.network.places[PLACE] = made.answer
    made.word = ""
    made.simulated.advance(30.0)
    assert "bound" == made.links[-1].session.state


def test_a_submit_at_the_listeners_side_is_refused() -> None:
    """
    The carrier takes submits on the client's connections only.
    """
    made, _ = listening()
    answers: list[Any] = []
    made.links[0].on_answered = answers.append
    made.links[0].ask_many(
        [(made.guest.dialect.submit(OutSegment(NUMBER, ACCESS, b"a")), 1)]
    )
    made.simulated.advance(0.1)

    assert 7 == answers[0].pdu.result


def test_it_leaves() -> None:
    """
    After a stop nobody connects any more.
    """
    made, own = listening()
    for one in own:
        one.stop()
    made.simulated.advance(5.0)

    assert 1 == len(made.links)
    assert "closed" == made.links[0].session.state


def test_faults_are_for_these_connections_too() -> None:
    """
    A carrier that reads nothing delivers again.
    """
    made, _ = listening()
    made.simulated.carrier.faults.set(deaf=True)
    made.simulated.carrier.say(NUMBER, ACCESS, "TD")
    made.simulated.advance(1.0)

    assert 1 == len(made.guest.inbound)
    counts = made.simulated.carrier.subscribers[LOGIN].counts
    assert 0 == counts["mo_taken"]
