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
from smsgw.simulator.scenario import Scene, load
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

    def read(self) -> Scene:
        """
        The scenario with the changes; raises C{ConfigError}.
        """
        scene = load(self.scenario)
        if self.control:
            scene = attrs.evolve(scene, control=(Endpoint(self.control),))
        if self.listen and len(scene.carriers) > 1:
            raise ConfigError(self.scenario, ["--listen is for one carrier only"])
        changes: dict[str, Any] = {}
        if self.listen:
            changes["listen"] = (Endpoint(self.listen),)
        if self.seed is not None:
            changes["seed"] = self.seed
        carriers = tuple(attrs.evolve(one, **changes) for one in scene.carriers)
        return attrs.evolve(scene, carriers=carriers)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """
    The command's options.
    """
    say = parser.add_argument
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "scenario", type=Path, nargs="?", help="场景文件 the scenario, a TOML file"
    )
    where.add_argument("--scenario", type=Path, dest="file", help="同上 the same")
    say("--listen", default="", help="监听 endpoint of the carrier, tcp:7890")
    say("--control", default="", help="控制 endpoint of the HTTP control, tcp:7891")
    say("--journal", type=Path, help="台账 append a line for each accepted submit")
    say("--seed", type=int, help="随机种子 seed of chance")


def options(arguments: argparse.Namespace) -> Options:
    """
    The parsed command line.
    """
    return Options(
        arguments.scenario or arguments.file,
        arguments.listen,
        arguments.control,
        arguments.journal,
        arguments.seed,
    )


async def simulate(
    options: Options, reactor: IReactorTime, say: Callable[[str], object]
) -> None:
    """
    Be a carrier until the reactor stops; C{say} gets one line when it listens.
    """
    gc.set_threshold(YOUNG, 20, 100)  # else a third of the time is spent looking
    service = simulator(options.read(), reactor, options.journal)
    ports, control = await service.open()
    places = " ".join(f"{name} {numbers}" for name, numbers in ports.items())
    say(f"模拟运营商已就绪 simulated carrier ready: {places} http {control}\n")
    stopping: Deferred[None] = Deferred()
    core = IReactorCore(reactor)
    core.addSystemEventTrigger("before", "shutdown", stopping.callback, None)
    try:
        await stopping
    finally:
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
