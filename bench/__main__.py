"""
C{python -m bench [SCENARIO ...]}: JSON lines and a drawn page in var/bench/.
"""

import argparse
import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs

from bench.page import draw
from bench.scenarios import SCENARIOS, words_of
from smsgw.cli.proving.machine import Machine, versions

__all__ = ["main"]

_MORE = """\
sizes, from the environment (usual value):
  SMSGW_LANE_SECONDS (20)         SMSGW_BACKLOG_MESSAGES (1000000)
  SMSGW_BURST_SECONDS (60)        SMSGW_BURST_RATE (80000)
  SMSGW_BURST_DRAIN (3600)        SMSGW_SOAK_MINUTES (30)
  SMSGW_SOAK_RATE (6000)          SMSGW_HISTORY_MESSAGES (10000000)
  SMSGW_PEAK_RATE (4000)          SMSGW_PEAK_SESSIONS (2500)
  SMSGW_PEAK_SECONDS (60)         SMSGW_PEAK_THINK (60)
  SMSGW_SCALING_MESSAGES (6000)   SMSGW_SCALING_LARGEST (1000000)
  SMSGW_POSTGRES_MESSAGES (60000)
"""


def main(argv: list[str]) -> int:
    """
    Run the scenarios, in order.
    """
    parser = _parser()
    arguments = parser.parse_args(argv)
    if unknown := set(arguments.scenario) - set(SCENARIOS):
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    if arguments.list:
        for name, scenario in SCENARIOS.items():
            print(f"{name:24} {words_of(scenario)}")
        return 0
    folder: Path = arguments.out
    folder.mkdir(parents=True, exist_ok=True)
    results = folder / "results.jsonl"
    usual = [name for name in SCENARIOS if name != "soak"]
    for name in [] if arguments.draw else arguments.scenario or usual:
        print(f"{name} ...", file=sys.stderr, flush=True)
        text = json.dumps(_measured(name, folder), ensure_ascii=False)
        print(text, flush=True)
        with results.open("a", encoding="utf-8") as file:
            file.write(text + "\n")
    page = folder / "index.html"
    lines = results.read_text("utf-8").splitlines() if results.exists() else []
    page.write_text(draw([json.loads(line) for line in lines]), "utf-8")
    print(f"drawn in {page}", file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Scenarios against real processes, one JSON line each.",
        epilog=_MORE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    words = "from --list; without one all but soak, which takes half an hour"
    parser.add_argument("scenario", nargs="*", help=words)
    parser.add_argument("--list", action="store_true", help="their names, and end")
    parser.add_argument("--draw", action="store_true", help="only draw the page anew")
    parser.add_argument("--out", type=Path, default=Path("var/bench"))
    return parser


def _measured(name: str, folder: Path) -> dict[str, Any]:
    """
    A scenario's figures, and where and when they were taken.
    """
    machine = attrs.asdict(Machine.look(folder))
    at = datetime.now(UTC).isoformat(timespec="seconds")
    found = SCENARIOS[name]()
    line = {"scenario": name, "at": at, "revision": _revision(), **found}
    mine = f"SMSGW_{name.upper()}_"
    if reduced := {key: it for key, it in os.environ.items() if key.startswith(mine)}:
        line["reduced"] = reduced
    return {**line, "machine": machine, "versions": versions()}


def _revision() -> str:
    words = ["git", "describe", "--always", "--dirty", "--abbrev=8"]
    done = subprocess.run(words, check=False, capture_output=True, text=True)
    return done.stdout.strip() or "-"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
