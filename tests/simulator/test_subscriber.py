"""
An account's deliveries find their way.
"""

from smsgw.protocols.cmpp import Deliver, DeliverResp
from smsgw.simulator.delivery import Delivery
from smsgw.simulator.scenario import Scenario
from smsgw.simulator.subscriber import Subscriber
from tests.support.simulated import ACCESS, LOGIN, Simulated, account

NUMBER = "13800138000"


def some(count: int) -> list[Delivery]:
    """
    Messages from a phone.
    """
    return [
        Delivery(
            Deliver(
                msg_id=n, dest_id=ACCESS, src_terminal_id=NUMBER, msg_content=b"TD"
            ),
            False,
        )
        for n in range(count)
    ]


def subscriber(carrier: Simulated) -> Subscriber:
    """
    The account's side.
    """
    return carrier.carrier.subscribers[LOGIN]


def test_connections_share_evenly() -> None:
    """
    Each gets about as many.
    """
    carrier = Simulated()
    clients = [carrier.connect(), carrier.connect()]
    subscriber(carrier).offer(some(10))
    subscriber(carrier).pump()
    carrier.advance(0.1)

    assert [4, 6] == sorted(len(client.received) for client in clients)


def test_unanswered_ones_go_to_another_connection() -> None:
    """
    In their order, when theirs is gone.
    """
    carrier = Simulated()
    first = carrier.connect()
    first.answers = False
    subscriber(carrier).offer(some(3))
    subscriber(carrier).pump()
    first.flush()
    second = carrier.connect()
    first.link.abort()
    first.flush()
    carrier.advance(0.1)

    assert [0, 1, 2] == [one.msg_id for one in second.received]
    assert 3 == subscriber(carrier).counts["deliver_again"]


def test_too_many_drop_the_oldest() -> None:
    """
    Without a connection a queue is bounded.
    """
    carrier = Simulated(Scenario((account(),), waiting=2))
    subscriber(carrier).offer(some(5))
    client = carrier.connect()
    carrier.advance(0.1)

    assert [3, 4] == [one.msg_id for one in client.received]
    assert 3 == subscriber(carrier).counts["deliver_dropped"]


def test_answers_are_counted_by_kind() -> None:
    """
    Taken, refused, and answered with another's id.
    """
    carrier = Simulated()
    client = carrier.connect()
    answers = iter([DeliverResp(msg_id=0), DeliverResp(msg_id=1, result=9)])
    client.link.on_received = lambda sequence, pdu: client.link.answer(
        sequence, next(answers, DeliverResp(msg_id=99))
    )
    subscriber(carrier).offer(some(3))
    subscriber(carrier).pump()
    carrier.advance(0.1)

    counts = subscriber(carrier).counts
    assert (1, 1, 1) == (
        counts["mo_taken"],
        counts["mo_refused"],
        counts["mo_misanswered"],
    )


def test_given_up_after_n() -> None:
    """
    N transmissions without an answer end a delivery.
    """
    carrier = Simulated(Scenario((account(),), timeout=1.0, tries=2))
    client = carrier.connect()
    client.answers = False
    subscriber(carrier).offer(some(1))
    subscriber(carrier).pump()
    carrier.advance(3.0)

    assert 2 == len(client.received)
    assert 1 == subscriber(carrier).counts["deliver_expired"]
