"""
Node ids, sequences and their times against vectors and examples.
"""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsgw.protocols.rows import WireError
from smsgw.protocols.sgip_rules import LAST_SEQUENCE
from smsgw.protocols.sgip_sequence import (
    Nodes,
    Sequences,
    corp_id_of,
    moment_of,
    node_id,
    pack_sequence,
    sequence_fields,
    sequence_hex,
    sequence_number,
    sp_node_id,
)
from tests.support.vectors import of_kind

AT = 1763775015.0  # 2025-11-22 09:30:15 in China
NEW_YEAR = 1767196800.0  # 2026-01-01 00:00:00 in China
NODE = 3075561117


@pytest.mark.parametrize("vector", of_kind("node_id", "sgip"), ids=lambda v: v["name"])
def test_node_ids(vector: dict[str, Any]) -> None:
    """
    An SP's node id is that of the vector, and tells its corp id.
    """
    told = vector["fields"]
    node = sp_node_id(told["area_code"], told["corp_id"])
    assert told["node_id"] == node == int(vector["hex"], 16)
    assert told["corp_id"] == corp_id_of(node)


def test_other_nodes() -> None:
    """
    A gateway's node id has no corp id.
    """
    assert 107551 == node_id(1, "0755", 1)
    assert 101001 == node_id(1, "010", 1)
    assert "" == corp_id_of(107551)
    assert "" == corp_id_of(0)


@pytest.mark.parametrize("vector", of_kind("pdu", "sgip"), ids=lambda v: v["name"])
def test_parts(vector: dict[str, Any]) -> None:
    """
    A sequence's parts and text are those of the vector.
    """
    told = vector["fields"]["Sequence"]
    sequence = sequence_number(told["hex"])
    parts = (told["node"], told["time"], told["counter"])
    assert parts == sequence_fields(sequence)
    assert told["hex"] == sequence_hex(sequence)


def test_pack() -> None:
    """
    The time is China's.
    """
    assert "b751569d42e1c7d700000001" == sequence_hex(pack_sequence(NODE, AT, 1))


@given(st.integers(0, LAST_SEQUENCE))
def test_hex_round_trip(sequence: int) -> None:
    """
    What we keep gives the sequence back.
    """
    assert 24 == len(sequence_hex(sequence))
    assert sequence == sequence_number(sequence_hex(sequence))


@pytest.mark.parametrize("written", ["x", "abc", "00" * 13, None, 7])
def test_no_sequence(written: Any) -> None:
    """
    What is no hex or too long is no sequence.
    """
    with pytest.raises(WireError):
        sequence_number(written)


@pytest.mark.parametrize(
    ("at", "now"),
    [
        (AT, AT + 30.0),
        (NEW_YEAR - 60.0, NEW_YEAR + 60.0),
        (NEW_YEAR + 60.0, NEW_YEAR - 60.0),
        (1709179200.0, 1709179260.0),  # 29 February 2024
    ],
)
def test_moment(at: float, now: float) -> None:
    """
    The year is the one that puts the time closest to now.
    """
    assert at == moment_of(pack_sequence(NODE, at, 9), now)


@given(st.integers(0, LAST_SEQUENCE))
def test_any_moment(sequence: int) -> None:
    """
    What is no time of day is 0.
    """
    assert moment_of(sequence, AT) >= 0.0


def test_no_moment() -> None:
    """
    A month 13 and a 29 February far from its year are no times.
    """
    assert 0.0 == moment_of(1301000000 << 32, AT)
    assert 0.0 == moment_of(229000000 << 32, AT + 366 * 86400)


def test_count() -> None:
    """
    The counter begins at 0 and goes on while the time does.
    """
    now = [AT]
    source = Sequences(NODE, lambda: now[0])
    told = [sequence_hex(source())]
    now[0] += 1.0
    told.append(sequence_hex(source()))
    assert ["b751569d42e1c7d700000000", "b751569d42e1c7d800000001"] == told


def test_wrap() -> None:
    """
    The counter wraps to where it began.
    """
    source = Sequences(NODE, lambda: AT, first=7, last=8)
    assert [7, 8, 7] == [sequence_fields(source())[2] for _ in range(3)]
    last = Sequences(NODE, lambda: AT, first=0xFFFFFFFF)
    assert 0xFFFFFFFF == sequence_fields(last())[2]


def test_contracts_share_a_node() -> None:
    """
    Who has the same node never has the same sequence.
    """
    nodes = Nodes(lambda: AT)
    made = [nodes.of(NODE)() for _ in range(3)] + [nodes.of(5)()]
    assert 4 == len(set(made))
    assert [0, 1, 2, 0] == [sequence_fields(sequence)[2] for sequence in made]
