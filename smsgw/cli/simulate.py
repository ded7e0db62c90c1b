"""
C{smsgw simulate}: a carrier in a process of its own.
"""

import argparse
import sys

from twisted.internet.error import CannotListenError

from smsgw.cli.stores import in_reactor
from smsgw.errors import Unavailable
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
        in_reactor(lambda reactor: simulate(chosen, reactor, say))
    except CannotListenError as error:
        raise Unavailable(str(error)) from error
    return 0
