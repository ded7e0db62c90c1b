"""
Feed one protocol's parser with octets that atheris makes up.

It ends with status 0 when the time is over without a finding. What it found to be
worth keeping is in C{var/fuzz/PROTOCOL}, where the next run goes on.
"""

import argparse
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["smsgw"]):
    from smsgw.protocols.dialects import SPOKEN
    from tests.fuzz.target import Target, seeds

DEPTH = 4096


def main() -> None:
    """
    The corpus begins with the vectors.
    """
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("protocol", choices=sorted(SPOKEN))
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--corpus", type=Path, default=Path("var/fuzz"))
    arguments = parser.parse_args()
    corpus = arguments.corpus / arguments.protocol
    corpus.mkdir(parents=True, exist_ok=True)
    for number, octets in enumerate(seeds(arguments.protocol)):
        (corpus / f"vector-{number}").write_bytes(octets)
    target = Target(arguments.protocol)
    options = [
        f"-max_total_time={arguments.seconds}",
        f"-max_len={DEPTH}",
        f"-artifact_prefix={corpus}/",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], target.try_one)
    atheris.Fuzz()


main()
