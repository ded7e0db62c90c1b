"""
The fuzzing target itself, and a short run of it.
"""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.protocols.dialects import SPOKEN
from tests.fuzz.target import Target, seeds

PROTOCOLS = sorted(SPOKEN)
SHORT = 3


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_seeds(protocol: str) -> None:
    """
    Every vector in every version, cut in every way, harms nothing.
    """
    target = Target(protocol)
    for seed in seeds(protocol):
        for choice in range(0, 256, 17):
            target.try_one(bytes((choice,)) + seed[1:])


@given(st.data())
def test_seeds_with_faults(data: st.DataObject) -> None:
    """
    A few octets changed, a piece cut out or doubled.
    """
    protocol = data.draw(st.sampled_from(PROTOCOLS))
    octets = bytearray(data.draw(st.sampled_from(list(seeds(protocol)))))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(octets) - 1))
        match data.draw(st.integers(0, 2)):
            case 0:
                octets[at] = data.draw(st.integers(0, 255))
            case 1:
                del octets[at : at + data.draw(st.integers(0, 40))]
            case _:
                octets[at:at] = octets[at : at + data.draw(st.integers(0, 40))]
        octets = octets or bytearray(1)
    Target(protocol).try_one(bytes(octets))


@pytest.mark.real
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_short_run(protocol: str, tmp_path: Path) -> None:
    """
    The command of the long runs, for a few seconds.
    """
    done = subprocess.run(
        [
            sys.executable,
            *("-m", "tests.fuzz", protocol),
            *("--seconds", str(SHORT), "--corpus", str(tmp_path)),
        ],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert 0 == done.returncode, done.stderr[-2000:]
    assert "DONE" in done.stderr
