"""
C{smsgw simulate}: a carrier in a process of its own.
"""

import argparse
import sys

from twisted.internet.defer import Deferred
from twisted.internet.task import react

from smsgw.simulator.command import add_arguments, options, simulate

__all__ = ["configure", "run"]


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """
    Runs until it is stopped.
    """
    chosen = options(arguments)
    chosen.read()

    def say(line: str) -> None:
        sys.stdout.write(line)
        sys.stdout.flush()

    try:
        react(
            lambda reactor: Deferred.fromCoroutine(simulate(chosen, reactor, say)), ()
        )
    except SystemExit as end:
        return int(end.code or 0)
    return 0
