"""
C{smsgw balance}: accepted = waiting + in flight + final, from the stores.
"""

import argparse

from smsgw.cli.stores import add_config, in_reactor, with_queue

__all__ = ["configure", "run"]

_COLUMNS = ("accepted", "waiting", "leased", "open", "ended")


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_config(parser)


def run(arguments: argparse.Namespace) -> int:
    """
    Status 1 when a line does not balance.
    """
    counts = in_reactor(
        lambda reactor: with_queue(
            reactor, arguments.config, lambda queue: queue.counts()
        )
    )
    print(f"{'account':<20} {'day':<8} " + " ".join(f"{c:>10}" for c in _COLUMNS))
    wrong = 0
    for tally, by_what in sorted(counts.items()):
        account, _, day = tally.rpartition("|")
        numbers = [by_what.get(column, 0) for column in _COLUMNS]
        exact = numbers[0] == sum(numbers[1:])
        wrong += not exact
        print(
            f"{account:<20} {day:<8} " + " ".join(f"{n:>10}" for n in numbers),
            "" if exact else "DOES NOT BALANCE 不平",
        )
    words = "1 line does" if wrong == 1 else f"{wrong} lines do"
    print(f"{words} not balance 不平" if wrong else "balanced 平衡")
    return 1 if wrong else 0
