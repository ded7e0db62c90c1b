"""
Tests for L{smsgw.cli.proving.visitors}.
"""

import itertools

import pytest

from smsgw.cli.proving import visitors
from smsgw.cli.proving.venue import Venue, opened
from smsgw.cli.proving.visitors import Visitors, admit, logged_in


def test_everybody_turns_a_page_each_minute() -> None:
    """
    One in ten watches; the others come in turn, evenly.
    """
    made = Visitors(1, [f"t{n}" for n in range(100)], seconds=30.0)
    due = list(made._due(1000.0))
    assert (10, 90) == (len(made.watchers), len(made.readers))
    assert 45 == len({ticket for _, ticket, _ in due})
    assert 1000.0 == due[0][0]
    gaps = [b[0] - a[0] for a, b in itertools.pairwise(due)]
    assert pytest.approx([30 / 45] * 44) == gaps


@pytest.mark.real
def test_the_console_shows_them_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Whoever has a session gets pages and sees the flow live.
    """
    monkeypatch.setattr(visitors, "EACH", 2.0)
    with opened(Venue(), carrier=False, before=admit) as stage:
        tickets = logged_in(stage, 20)
        made = Visitors(stage.ports["admin"], tickets, 3.0)
        made.start()
        made.join(30)
        stranger = Visitors(stage.ports["admin"], ["nobody"], 3.0)
        stranger.start()
        stranger.join(30)
    assert ([], 27) == (made.faults, len(made.latencies))
    assert 0 < made.pages_p95_ms
    assert made.seen >= 2
    assert stranger.faults
