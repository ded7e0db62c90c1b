"""
Whatever a carrier does, nothing is lost and every message ends.
"""

from typing import Any

import attrs
import pytest

from smsgw.protocols.dialects import SPOKEN
from smsgw.simulator.control import Desk
from smsgw.simulator.rules import Rule
from tests.support.carried import ACCESS, Carried

PROTOCOLS = sorted(SPOKEN)
TEXTS = [f"您好，请于{n}日复诊" for n in range(1, 9)]
LONG = "检验报告：" + "血常规各项指标正常，请按时复查。😀" * 62
# A fault, and the seconds after which it ends.
FAULTS: list[tuple[dict[str, Any], float]] = [
    ({"deaf": True}, 20.0),
    ({"silent": True}, 20.0),
    ({"slow": 8.0}, 30.0),
    ({"busy": 6}, 0.0),
    ({"lose": 4}, 0.0),
    ({"double": 5}, 0.0),
    ({"refuse": "busy"}, 15.0),
    ({"swap": True}, 600.0),
    ({"stat": "UNDELIV"}, 600.0),
    ({"unsigned": True}, 600.0),
    ({"hold": True}, 30.0),
    ({"scatter": 1.0}, 600.0),
    ({"bytewise": True}, 5.0),
    ({"skew": 7200.0}, 600.0),
    ({"mute": True}, 20.0),
    ({"deaf": True, "mute": True}, 20.0),
    ({"window": 1}, 5.0),
    ({"speed": 3.0}, 600.0),
    ({"early": 5}, 0.0),
    ({"double_receipts": 5}, 0.0),
    ({"slow_receipts": 60.0}, 600.0),
    ({"scatter_receipts": 20.0}, 600.0),
    ({"elsewhere": True}, 600.0),
    ({"garble": 4}, 0.0),
    ({"stat": "EXPIRED"}, 600.0),
    ({"terminate": 3}, 0.0),
    ({"abort": 3}, 0.0),
    ({"cut": 3}, 0.0),
    ({"glue": 0.3}, 600.0),
]
DEEDS = ("abort", "cut", "garbage", "terminate")


def check(carried: Carried, ids: list[str], texts: list[str]) -> dict[str, str]:
    """
    All ended, all that was sent reached a phone, the counters balance.
    """
    states = carried.ended(ids)
    assert set(texts) <= {text.removeprefix("【示范医院】") for text in carried.texts()}
    counts = carried.world.counts()
    assert {"accepted": len(ids), "ended": len(ids)} == counts
    carried.stop()
    return states


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("fault", "seconds"), FAULTS, ids=["+".join(fault) for fault, _ in FAULTS]
)
def test_a_fault(protocol: str, fault: dict[str, Any], seconds: float) -> None:
    """
    It begins before the messages and ends after a while, or by itself.
    """
    carried = Carried(protocol)
    if "refuse" in fault:
        for connection in list(carried.carrier.connections):
            connection.abort()
    carried.carrier.faults.set(**fault)
    ids = carried.world.accept(*TEXTS)
    carried.turn(seconds)
    if seconds < 100:
        off = {name: type(value)() for name, value in fault.items()}
        carried.carrier.faults.set(**off)
        carried.carrier.wake()
    check(carried, ids, TEXTS)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed(protocol: str, deed: str) -> None:
    """
    Connections break, in the middle of all kinds of things, several times.
    """
    carried = Carried(protocol)
    desk = Desk(carried.carrier)
    ids: list[str] = []
    texts: list[str] = []
    for round_ in range(3):
        more = [f"{text}第{round_}轮" for text in TEXTS]
        ids += carried.world.accept(*more)
        texts += more
        carried.turn(0.1)
        status, _ = desk.serve("POST", ["faults"], {}, b'{"now": "%s"}' % deed.encode())
        assert 200 == status
        carried.turn(4.0)
    check(carried, ids, texts)


@pytest.mark.parametrize(
    ("protocol", "stat"),
    [
        ("cmpp", "MA:0051"),
        ("sgip", "IB:0011"),
        ("smgp", "UNDELIV/006"),
        ("smpp", "MA:0051"),
    ],
)
def test_the_network_fails_once(protocol: str, stat: str) -> None:
    """
    A receipt tells of a fault inside the network: it goes again, and arrives once.
    """
    carried = Carried(protocol, (Rule(stat=stat, first=1),))
    gateway = carried.world.shard.gateway
    channels = {
        name: attrs.evolve(one, protocol=protocol)
        for name, one in gateway.directory.channels.items()
    }
    gateway.directory = attrs.evolve(gateway.directory, channels=channels)
    ids = carried.world.accept(*TEXTS)
    ended = carried.ended(ids)
    again = [fact for fact in carried.world.facts() if fact.kind == "again"]

    assert {"delivered"} == set(ended.values())
    assert set(ids) == {fact.message for fact in again if fact.code}
    assert sorted(TEXTS) == sorted(
        text.removeprefix("【示范医院】") for text in carried.texts()
    )
    carried.stop()


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("rule", "state"),
    [
        (Rule(name="no receipt", receipts=0), "unknown"),
        (Rule(name="twice", receipts=2), "delivered"),
        (Rule(name="early", early=True), "delivered"),
        (Rule(name="late", receipt_delay=90.0), "delivered"),
        (Rule(name="no answer", respond=False, first=1), "delivered"),
        (Rule(stat="UNDELIV"), "undelivered"),
        (Rule(stat="EXPIRED"), "expired"),
        (Rule(word="content"), "undelivered"),
        (Rule(word="throttled", first=2), "delivered"),
        (Rule(share=0.3, stat="UNDELIV"), ""),
    ],
    ids=lambda value: value.outcome().name if isinstance(value, Rule) else None,
)
def test_an_outcome(protocol: str, rule: Rule, state: str) -> None:
    """
    Each outcome of a number ends the message as it has to.
    """
    carried = Carried(protocol, (rule,))
    ids = carried.world.accept(*TEXTS)
    if state == "unknown":
        carried.turn(5.0)
        assert {"submitted"} == {carried.world.state(one) for one in ids}
        carried.stop()
        assert {"unknown"} == set(carried.aged(ids).values())
        return
    ended = carried.ended(ids)
    if state:
        assert {state} == set(ended.values())
    carried.stop()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_long_message_with_one_part_refused(protocol: str) -> None:
    """
    It fails as a whole; its other parts were sent or not, and it ends.
    """
    carried = Carried(protocol, (Rule(word="content", first=1),))
    ids = carried.world.accept(LONG)
    assert {"undelivered"} == set(carried.ended(ids).values())
    carried.stop()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_long_message_through_a_storm(protocol: str) -> None:
    """
    A thousand characters in shuffled answers, in single octets, over connections
    that break: the phone shows them as they were written.
    """
    carried = Carried(protocol)
    carried.carrier.faults.set(scatter=1.0, bytewise=True)
    ids = carried.world.accept(LONG)
    carried.turn(0.5)
    carried.carrier.connections[0].abort()
    states = carried.ended(ids)
    assert {"delivered"} == set(states.values())
    assert f"【示范医院】{LONG}" in carried.texts()
    assert len(LONG) > 1000
    carried.stop()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_replies_come_back(protocol: str) -> None:
    """
    Short and long, also when the first connection breaks before the answer.
    """
    carried = Carried(protocol)
    carried.carrier.say("13800138000", ACCESS, "收到")
    carried.carrier.say("13800138001", ACCESS, "收到，" * 60)
    carried.turn(0.1)
    carried.carrier.connections[0].abort()
    carried.turn(20.0)
    replies = [fact.inbound for fact in carried.world.facts() if fact.inbound]
    texts = {one.text for one in replies if one}
    assert {"收到", "收到，" * 60} <= texts
    carried.stop()


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_answers_without_an_id(protocol: str) -> None:
    """
    No report can name the message: what can't be known is said, after three days.
    SGIP's ids are our own.
    """
    carried = Carried(protocol)
    carried.carrier.faults.set(no_id=True)
    ids = carried.world.accept(*TEXTS)
    carried.turn(5.0)
    carried.stop()
    expected = "delivered" if protocol == "sgip" else "unknown"
    assert {expected} == set(carried.aged(ids).values())
    assert len(TEXTS) == len(carried.texts())


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("name", ["any_result", "any_stat"])
def test_any_code_of_the_tables(protocol: str, name: str) -> None:
    """
    Half of all submits or receipts get some code; each message ends once.
    """
    carried = Carried(protocol)
    carried.carrier.faults.set(**{name: 0.5})
    ids = carried.world.accept(*[f"第{n}条" for n in range(40)])
    states: dict[str, str] = {}
    try:
        states = carried.ended(ids, 120.0)
    except AssertionError:  # a pending or unknown report: nobody says more
        states = carried.aged(ids)
    assert set(states.values()) <= {"delivered", "undelivered", "expired", "unknown"}
    assert {"accepted": len(ids), "ended": len(ids)} == carried.world.counts()
    carried.stop()
