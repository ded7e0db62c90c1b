"""
The journal has a line for each recipient.
"""

from pathlib import Path

from smsgw.simulator.journal import Journal, digest
from smsgw.text import TextPolicy, split
from tests.support.simulated import ACCESS, submit

NUMBER = "13800138000"


def test_a_line_names_number_part_and_content(tmp_path: Path) -> None:
    """
    Lines are on disk at once; the digest is of the payload without header.
    """
    path = tmp_path / "journal"
    journal = Journal.at(path)
    long = split("长" * 100, "", TextPolicy(), 7)[1]
    journal.accepted(0xABC, NUMBER, submit(NUMBER, "短"))
    journal.accepted(0xABD, NUMBER, submit(NUMBER, msg_content=long.payload, tp_udhi=1))
    rows = [line.split("\t") for line in path.read_text().splitlines()]
    journal.close()

    short = digest("短".encode("utf-16-be"))
    assert ["0000000000000abc", NUMBER, ACCESS, "1/1", "0", short] == rows[0]
    assert ["2/2", "7", digest(long.payload[6:])] == rows[1][3:]
