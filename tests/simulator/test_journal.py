"""
The journal has a line for each recipient.
"""

from pathlib import Path

import attrs

from smsgw.simulator.journal import Journal, digest
from smsgw.simulator.manner import Asked
from smsgw.text import TextPolicy, split
from tests.support.simulated import ACCESS, submit

NUMBER = "13800138000"
SHORT = "短".encode("utf-16-be")


def test_a_line_names_number_part_and_content(tmp_path: Path) -> None:
    """
    Lines are on disk at once; the digest is of the payload without header.
    """
    path = tmp_path / "journal"
    journal = Journal.at(path)
    long = split("长" * 100, "", TextPolicy(), 7)[1]
    short_one = Asked(submit(NUMBER), [NUMBER], ACCESS, SHORT, 8, 0, True)
    journal.accepted("0abc", NUMBER, short_one)
    part = attrs.evolve(short_one, content=long.payload, udhi=1)
    journal.accepted("0abd", NUMBER, part)
    rows = [line.split("\t") for line in path.read_text().splitlines()]
    journal.close()

    short = digest(SHORT)
    assert ["0abc", NUMBER, ACCESS, "1/1", "0", short] == rows[0]
    assert ["2/2", "7", digest(long.payload[6:])] == rows[1][3:]
