"""
The carrier over links in memory: submits, receipts, replies, phones, limits.
"""

import pytest

from smsgw.protocols.cmpp import V20, V30, Cancel, Deliver, Query, Report
from smsgw.simulator.rules import Rule
from smsgw.simulator.scenario import Latency, Scenario
from smsgw.text import Joiner, TextPolicy, parse_udh, split
from tests.support.simulated import ACCESS, LOGIN, Simulated, account, submit

NUMBER = "13800138000"
LONG = "您的检查报告已出，请到自助机打印。😀" * 30


def simulated(*rules: Rule, **latency: float) -> Simulated:
    """
    A carrier with these rules, fast and without chance.
    """
    return Simulated(Scenario((account(),), rules, Latency(**latency)))


def reports(received: list[Deliver], version: int = V30) -> list[Report]:
    """
    The reports among deliveries.
    """
    return [
        Report.codecs[version].decode(one.msg_content)
        for one in received
        if one.registered_delivery
    ]


@pytest.mark.parametrize(("version", "size"), [(V20, 60), (V30, 71)])
def test_a_submit_is_answered_and_reported(version: int, size: int) -> None:
    """
    The response has an id, the receipt is about it, in the version's layout.
    """
    carrier = simulated(response=0.1, receipt=1.0)
    client = carrier.connect(version=version)
    client.submit(submit(NUMBER))
    assert [] == client.answered

    carrier.advance(0.2)
    assert [0] == client.results
    assert [] == client.received

    carrier.advance(1.0)
    (delivery,) = client.received
    (report,) = reports(client.received, version)
    assert size == len(delivery.msg_content)
    assert client.answered[0].pdu.msg_id == report.msg_id
    assert ("DELIVRD", NUMBER) == (report.stat, report.dest_terminal_id)
    assert (ACCESS, NUMBER) == (delivery.dest_id, delivery.src_terminal_id)
    totals = carrier.carrier.totals()["accounts"][LOGIN]
    assert (1, 1) == (totals["accepted"], totals["report_taken"])


@pytest.mark.parametrize(
    ("rule", "results", "stats"),
    [
        (Rule(suffix="8000", stat="UNDELIV"), [0], ["UNDELIV"]),
        (Rule(suffix="8000", result=13), [13], []),
        (Rule(suffix="8000", receipts=0), [0], []),
        (Rule(suffix="8000", receipts=2), [0], ["DELIVRD", "DELIVRD"]),
        (Rule(suffix="8000", respond=False), [], ["DELIVRD"]),
        (Rule(content="您好", stat="MK:0001"), [0], ["MK:0001"]),
        (Rule(suffix="9999", result=13), [0], ["DELIVRD"]),
    ],
)
def test_rules_decide(rule: Rule, results: list[int], stats: list[str]) -> None:
    """
    What a rule says is what the client sees.
    """
    carrier = simulated(rule)
    client = carrier.connect()
    client.submit(submit(NUMBER))
    carrier.advance(1.0)

    assert results == client.results
    assert stats == [report.stat for report in reports(client.received)]


def test_a_receipt_can_overtake_its_response() -> None:
    """
    An early receipt comes before the response.
    """
    carrier = simulated(Rule(suffix="0", early=True), response=0.0)
    client = carrier.connect()
    client.submit(submit(NUMBER))
    assert (1, 0) == (len(client.received), len(client.answered))

    carrier.advance(0.2)
    assert [0] == client.results


def test_receipts_come_on_any_connection_or_wait() -> None:
    """
    Receipts of a connection that is gone come on the next one.
    """
    carrier = simulated(response=0.0, receipt=1.0)
    first = carrier.connect()
    first.submit(submit(NUMBER))
    first.link.abort()
    first.flush()
    carrier.advance(2.0)
    assert 1 == carrier.carrier.totals()["accounts"][LOGIN]["waiting"]

    second = carrier.connect()
    carrier.advance(0.1)
    assert [NUMBER] == [report.dest_terminal_id for report in reports(second.received)]


def test_unanswered_deliveries_fill_the_window_and_come_again() -> None:
    """
    No more than W deliveries are unanswered; each is sent again after T.
    """
    scenario = Scenario((account(),), latency=Latency(0, 0, 0.1), deliver_window=2)
    carrier = Simulated(scenario)
    client = carrier.connect()
    client.answers = False
    client.submit(*(submit(f"1380013800{n}") for n in range(3)))
    carrier.advance(0.5)
    assert 2 == len(client.received)

    client.answers = True
    carrier.advance(60.5)
    assert 3 == len({one.msg_id for one in client.received})
    assert 5 == len(client.received)
    assert 0 == carrier.carrier.totals()["accounts"][LOGIN]["waiting"]


def test_the_speed_limit_answers_8() -> None:
    """
    More than C{speed} in a second get Result 8, and time heals.
    """
    carrier = Simulated(Scenario((account(speed=2.0),), latency=Latency(0)))
    client = carrier.connect()
    client.submit(*(submit(NUMBER) for _ in range(3)))
    assert [0, 0, 8] == client.results

    carrier.advance(1.0)
    client.submit(submit(NUMBER))
    assert 0 == client.results[-1]


def test_more_than_the_window_is_refused() -> None:
    """
    A client that ignores W gets Result 8.
    """
    carrier = Simulated(Scenario((account(window=2),), latency=Latency(0.1)))
    client = carrier.connect()
    client.submit(*(submit(NUMBER) for _ in range(3)))
    carrier.advance(0.2)

    assert [0, 0, 8] == client.results
    assert 1 == carrier.carrier.totals()["accounts"][LOGIN]["over_window"]


def test_a_long_message_is_whole_on_the_phone() -> None:
    """
    Parts in reverse order are joined; the phone shows one text.
    """
    carrier = simulated(response=0.0)
    client = carrier.connect()
    segments = split(LONG, "示范医院", TextPolicy(), 7)
    client.submit(
        *(
            submit(
                NUMBER,
                pk_total=one.parts,
                pk_number=one.part,
                tp_udhi=1,
                msg_fmt=int(one.coding),
                msg_content=one.payload,
            )
            for one in reversed(segments)
        )
    )
    carrier.advance(1.0)

    (text,) = carrier.carrier.phones.texts(NUMBER)
    assert "【示范医院】" + LONG == text.text
    assert len(segments) == text.parts == len(client.received)


def test_bulk_submits_get_a_run_of_ids() -> None:
    """
    One response, one receipt for each number, ids in a run.
    """
    carrier = simulated(response=0.0)
    client = carrier.connect()
    numbers = ("13800138001", "8613800138002", "+8613800138003")
    client.submit(submit("", dest_terminal_id=numbers))
    carrier.advance(1.0)

    first = client.answered[0].pdu.msg_id
    assert [first, first + 1, first + 2] == [
        report.msg_id for report in reports(client.received)
    ]


def test_phones_answer_by_rule() -> None:
    """
    A text that asks for a reply gets it, addressed to its sender.
    """
    carrier = simulated(Rule(content="回复", reply="1 确认", reply_delay=2.0))
    client = carrier.connect()
    client.submit(submit(NUMBER, "就诊请回复1", src_id=ACCESS + "01"))
    carrier.advance(3.0)

    (reply,) = [one for one in client.received if not one.registered_delivery]
    assert (NUMBER, ACCESS + "01") == (reply.src_terminal_id, reply.dest_id)
    assert "1 确认" == reply.msg_content.decode("utf-16-be")


@pytest.mark.parametrize("udhi", [1, 0x40])
def test_a_long_reply_comes_in_parts(udhi: int) -> None:
    """
    The parts of an MO join to what the phone wrote.
    """
    carrier = simulated()
    client = carrier.connect()
    count = carrier.carrier.say(NUMBER, ACCESS + "01", LONG, udhi=udhi)
    carrier.advance(0.1)

    joiner, whole = Joiner(), None
    for one in client.received:
        assert udhi == one.tp_udhi
        data = parse_udh(one.msg_content)
        assert data is not None
        whole = joiner.add("", data.part, data.parts, data.body, one.msg_fmt, 0.0)
    assert whole is not None
    assert (count, LONG) == (len(client.received), whole.text)


def test_an_unknown_access_number_owns_no_reply() -> None:
    """
    Nobody gets a message to a number that no account has.
    """
    assert 0 == simulated().carrier.say(NUMBER, "12345", "hello")


def test_query_and_cancel_are_answered() -> None:
    """
    Counters of the day; a cancel is too late.
    """
    carrier = simulated(response=0.0)
    client = carrier.connect()
    client.submit(submit(NUMBER))
    client.link.ask_many([(Query(time="20260923"), 1), (Cancel(msg_id=1), 2)])
    client.flush()

    _, day, cancel = (event.pdu for event in client.answered)
    assert (1, 1) == (day.mt_tlmsg, cancel.success_id)


@pytest.mark.parametrize(
    ("fault", "results", "received"),
    [
        ({"silent": True}, [], 1),
        ({"lose": 1}, [], 1),
        ({"busy": 1}, [8], 0),
        ({"slow": 5.0}, [], 1),
        ({"deaf": True}, [], 0),
        ({"hold": True}, [0], 0),
    ],
)
def test_faults_strike(
    fault: dict[str, float], results: list[int], received: int
) -> None:
    """
    A switch does what it says.
    """
    carrier = simulated()
    client = carrier.connect()
    carrier.carrier.faults.set(**fault)
    client.submit(submit(NUMBER))
    carrier.advance(1.0)

    assert results == client.results
    assert received == len(client.received)


def test_faults_change_reports() -> None:
    """
    No id in the response, another layout and Stat in the report.
    """
    carrier = simulated()
    client = carrier.connect()
    carrier.carrier.faults.set(no_id=True, swap=True, stat="AF:4", double=1)
    client.submit(submit(NUMBER))
    carrier.advance(1.0)

    assert 0 == client.answered[0].pdu.msg_id
    assert 60 == len(client.received[0].msg_content)
    assert "AF:4" == reports(client.received, V20)[0].stat
    assert 1 == client.link.session.strays
