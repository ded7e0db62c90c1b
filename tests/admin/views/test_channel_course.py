"""
How a channel has been, as its page shows it.
"""

import attrs

from smsgw.storage.channel_history import History, note_history
from tests.support.console import House
from tests.support.record import NOW, now_or_never

LINE = History(NOW - 600, "cmcc", "n1", 2, 2, 96, 4, 10, 0, 99, 1, 0.05, 0.25)


def test_figures(house: House) -> None:
    """
    Rates, times and a table of the numbers, over the time that is asked for.
    """
    earlier = attrs.evolve(LINE, at=NOW - 3 * 86_400, taken=904, refused=0, failed=0)
    now_or_never(house.database.write(note_history, [LINE, earlier]))
    house.login()
    day = house.get("/monitor/cmcc").text
    for words in ("健康历史", "96.00 %", "99.00 %", "250 ms", "通道被拒"):
        assert words in day, words
    week = house.get("/monitor/cmcc?span=week&lang=en").text
    assert "99.60 %" in week
    assert "Health history" in week
    assert "Slowest" in week
    for span in ("hours", "month", "nonsense"):
        assert "96" in house.get(f"/monitor/cmcc?span={span}").text


def test_nothing_yet(house: House) -> None:
    """
    Words for it; the living part does not ask for it.
    """
    house.login()
    assert "还没有数字" in house.get("/monitor/cmcc").text
    living = house.get("/monitor/cmcc?part=lines").text
    assert "健康历史" not in living
    assert 'id="lines"' in living
