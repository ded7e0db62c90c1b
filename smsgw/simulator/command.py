"""
C{smsgw simulate}: a carrier in a process of its own.
"""

import argparse
import gc
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import attrs
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorCore, IReactorTime
from twisted.internet.task import react

from smsgw.config import ConfigError, Endpoint
from smsgw.simulator.scenario import Scenario, load_all
from smsgw.simulator.service import simulator

__all__ = ["Options", "add_arguments", "options", "run", "simulate"]

YOUNG = 50_000


@attrs.frozen
class Options:
    """
    What the command line may change of a scenario file.
    """

    scenario: Path
    listen: str = ""
    control: str = ""
    journal: Path | None = None
    seed: int | None = None

    def read(self) -> list[Scenario]:
        """
        The carriers with the changes; raises C{ConfigError}.
        """
        changes: dict[str, Any] = {}
        if self.listen:
            changes["listen"] = (Endpoint(self.listen),)
        if self.control:
            changes["control"] = (Endpoint(self.control),)
        if self.seed is not None:
            changes["seed"] = self.seed
        carriers = load_all(self.scenario)
        if len(carriers) > 1 and (self.listen or self.control):
            told = "--listen and --control are for a file with one carrier"
            raise ConfigError(self.scenario, [told])
        return [attrs.evolve(one, **changes) for one in carriers]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """
    The command's options.
    """
    say = parser.add_argument
    say("scenario", type=Path, help="场景文件 the scenario, a TOML file")
    say("--listen", default="", help="监听 endpoint of the carrier, tcp:7890")
    say("--control", default="", help="控制 endpoint of the HTTP control, tcp:7891")
    say("--journal", type=Path, help="台账 append a line for each accepted submit")
    say("--seed", type=int, help="随机种子 seed of chance")


def options(arguments: argparse.Namespace) -> Options:
    """
    The parsed command line.
    """
    return Options(
        arguments.scenario,
        arguments.listen,
        arguments.control,
        arguments.journal,
        arguments.seed,
    )


async def simulate(
    options: Options, reactor: IReactorTime, say: Callable[[str], object]
) -> None:
    """
    Be the carriers until the reactor stops; C{say} gets a line when each listens.
    """
    gc.set_threshold(YOUNG, 20, 100)  # else a third of the time is spent looking
    services = []
    for scenario in options.read():
        service = simulator(scenario, reactor, options.journal)
        ports, control = await service.open()
        services.append(service)
        say(
            f"模拟运营商已就绪 simulated carrier ready: "
            f"{scenario.protocol} {ports} http {control}\n"
        )
    stopping: Deferred[None] = Deferred()
    core = IReactorCore(reactor)
    core.addSystemEventTrigger("before", "shutdown", stopping.callback, None)
    try:
        await stopping
    finally:
        for service in services:
            await service.stopService()


def run(argv: Sequence[str]) -> None:
    """
    The whole command; ends the process.
    """
    parser = argparse.ArgumentParser(prog="smsgw simulate", description=__doc__)
    add_arguments(parser)
    chosen = options(parser.parse_args(argv))

    def say(line: str) -> None:
        sys.stdout.write(line)
        sys.stdout.flush()

    async def main(reactor: IReactorTime) -> None:
        try:
            await simulate(chosen, reactor, say)
        except ConfigError as error:
            raise SystemExit(str(error)) from error

    react(main)


if __name__ == "__main__":
    run(sys.argv[1:])
