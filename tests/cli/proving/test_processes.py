"""
Tests for L{smsgw.cli.proving.processes}.
"""

import os
import subprocess
import sys

from smsgw.cli.proving.processes import Cost


def test_a_process_has_a_cost() -> None:
    """
    CPU per message and megabytes, by name.
    """
    cost = Cost.over({"me": os.getpid()})
    spent = os.times().user
    while os.times().user - spent < 0.05:
        pass
    assert 40 <= cost.per_message(1000)["me"] < 10_000
    assert 5 <= cost.memory()["me"]


def test_a_process_that_is_gone_costs_nothing() -> None:
    """
    Nor has it memory.
    """
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    cost = Cost({"gone": child.pid}, {"gone": 5.0})
    assert ({"gone": 0.0}, {"gone": 0}) == (cost.per_message(1), cost.memory())


def test_others_are_whoever_else_is_busy() -> None:
    """
    What we did ourselves is not counted.
    """
    cost = Cost.over({"me": os.getpid()})
    assert 0 <= cost.others() <= (os.cpu_count() or 1) + 1
