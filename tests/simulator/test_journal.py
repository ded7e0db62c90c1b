"""
The journal has a line for each recipient.
"""

from pathlib import Path

from smsgw.protocols.neutral import OutSegment
from smsgw.simulator.journal import Journal, digest
from smsgw.text import TextPolicy, split

NUMBER, ACCESS = "13800138000", "10690000"


def segment(payload: bytes, udhi: bool = False) -> OutSegment:
    """
    What a submit asked for.
    """
    return OutSegment(NUMBER, ACCESS, payload, 8, udhi)


def test_a_line_names_number_part_and_content(tmp_path: Path) -> None:
    """
    Lines are on disk after a flush; the digest is of the payload without header.
    """
    path = tmp_path / "journal"
    journal = Journal.at(path)
    long = split("长" * 100, "", TextPolicy(), 7)[1]
    journal.accepted("0abc", NUMBER, segment("短".encode("utf-16-be")))
    journal.accepted("0abd", NUMBER, segment(long.payload, udhi=True))
    assert "" == path.read_text()
    journal.flush()
    rows = [line.split("\t") for line in path.read_text().splitlines()]
    journal.close()

    short = digest("短".encode("utf-16-be"))
    assert ["0abc", NUMBER, ACCESS, "1/1", "0", short] == rows[0]
    assert ["2/2", "7", digest(long.payload[6:])] == rows[1][3:]


def test_the_last_ones_are_kept() -> None:
    """
    Newest first, and counted by what was in them.
    """
    journal = Journal(2)
    for carrier_id, text in (("1", b"a"), ("2", b"b"), ("3", b"b")):
        journal.accepted(carrier_id, NUMBER, segment(text))

    assert ["3", "2"] == [entry.carrier_id for entry in journal.last(5)]
    assert {(NUMBER, digest(b"b"), 1): 2} == dict(journal.counts())
    journal.close()
