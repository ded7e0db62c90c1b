"""
How channels were, on both servers.
"""

import attrs
import pytest

from smsgw.storage.channel_history import History, course_of, note_history
from smsgw.storage.database import Database
from tests.support.record import now_or_never

BEGIN = 1_790_000_100.0
LINE = History(BEGIN, "cm", "n1", 1, 2, 10, 1, 2, 3, 4, 1, 0.1, 0.3)


def test_a_course(database: Database) -> None:
    """
    Nodes and lines of a step are added up; other channels are others.
    """
    lines = [
        LINE,
        attrs.evolve(LINE, node="n2", links=0, slow=0.9, median=0.2),
        attrs.evolve(LINE, at=BEGIN + 600, taken=0, refused=0, other=0, median=0.0),
        attrs.evolve(LINE, channel="other"),
        LINE,
    ]
    now_or_never(database.write(note_history, lines))
    first, second = now_or_never(
        database.read(course_of, "cm", BEGIN, BEGIN + 900, 300.0)
    )
    assert (BEGIN, BEGIN + 600) == (first.at, second.at)
    assert (0, 2, 30, 3, 6, 9, 12, 3) == (
        first.links, first.wanted, first.taken, first.refused, first.other,
        first.lost, first.delivered, first.failed,
    )  # fmt: skip
    assert (0.8, 0.9) == (first.rate, first.slow)
    assert 0.4 / 3 == pytest.approx(first.median)
    assert 0.0 == second.median
    [whole] = now_or_never(database.read(course_of, "cm", BEGIN, BEGIN + 900, 3600.0))
    assert 30 == whole.taken
    assert [] == now_or_never(database.read(course_of, "no", BEGIN, BEGIN + 9, 300.0))


def test_it_goes_after_five_weeks(database: Database) -> None:
    """
    With the next that is written.
    """
    now_or_never(database.write(note_history, [LINE]))
    later = BEGIN + 36 * 86_400
    now_or_never(database.write(note_history, [attrs.evolve(LINE, at=later)]))
    found = now_or_never(database.read(course_of, "cm", BEGIN, later + 1, 1e9))
    assert [10] == [one.taken for one in found]
    none = attrs.evolve(found[0], delivered=0, failed=0)
    assert none.rate is None
