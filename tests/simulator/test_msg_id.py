"""
The carrier's ids follow section 7.
"""

from datetime import UTC, datetime, timedelta

from smsgw.simulator.msg_id import MsgIds, run_of, stamp

CHRISTMAS = datetime(2026, 12, 25, 5, 45, 59, tzinfo=UTC).timestamp()


def test_the_worked_example() -> None:
    """
    25 December 13:45:59 in China, gateway 1001, sequence 65535.
    """
    ids = MsgIds(1001)
    ids.take(CHRISTMAS - 1, 65535)

    assert 0xCCB6DEC003E9FFFF == ids.take(CHRISTMAS)


def test_a_run_wraps_without_carry() -> None:
    """
    Only the sequence part of a run wraps.
    """
    assert [0xABCDFFFF, 0xABCD0000] == run_of(0xABCDFFFF, 2)


def test_ids_do_not_repeat() -> None:
    """
    Not within a second of 200,000, nor when the clock steps back.
    """
    ids = MsgIds(1)
    made = [ids.take(CHRISTMAS) for _ in range(200_000)]
    made += [ids.take(CHRISTMAS - 5) for _ in range(1_000)]
    made += [ids.take(CHRISTMAS + 1)]

    assert len(made) == len(set(made))


def test_a_stamp_is_in_china() -> None:
    """
    YYMMDDHHMM, eight hours ahead.
    """
    late = datetime(2026, 12, 31, 20, 5, tzinfo=UTC)

    assert "2701010405" == stamp(late.timestamp())
    assert "2701010406" == stamp((late + timedelta(minutes=1)).timestamp())
