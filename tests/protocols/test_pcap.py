"""
Records that Wireshark takes.
"""

import struct

from smsgw.protocols.pcap import FILE_HEADER, MOST, Conversation


def test_a_conversation() -> None:
    """
    Both directions, each with its own sequence numbers, and the time.
    """
    talk = Conversation("10.0.0.1", 40000, "10.0.0.2", 7890)
    first = talk.packet(True, b"hello", 1_790_000_000.25)
    second = talk.packet(False, b"yes", 1_790_000_001.0)
    third = talk.packet(True, b"!", 1_790_000_001.5)
    assert (1_790_000_000, 250_000, 45, 45) == struct.unpack("<IIII", first[:16])
    assert b"hello" == first[-5:]
    assert bytes((10, 0, 0, 1, 10, 0, 0, 2)) == first[28:36]
    assert bytes((10, 0, 0, 2, 10, 0, 0, 1)) == second[28:36]
    ports_and_numbers = [struct.unpack(">HHII", one[36:48]) for one in (second, third)]
    assert [(7890, 40000, 1, 6), (40000, 7890, 6, 4)] == ports_and_numbers


def test_the_file_begins_so() -> None:
    """
    Magic, version 2.4, raw IP.
    """
    assert (0xA1B2C3D4, 2, 4) == struct.unpack("<IHH", FILE_HEADER[:8])
    assert 101 == struct.unpack("<I", FILE_HEADER[20:])[0]


def test_much_at_once() -> None:
    """
    More than an IP packet holds makes several.
    """
    talk = Conversation("host", 1, "::1", 2)
    made = talk.packet(True, bytes(MOST + 10), 0.0)
    assert 2 * (16 + 40) + MOST + 10 == len(made)
