"""
A trace as Wireshark reads it: the pcap file format, TCP made around the octets.

Sequence numbers are right, so that Wireshark joins segments; checksums are 0, as
with offloading.
"""

import struct
from ipaddress import IPv4Address

import attrs

__all__ = ["FILE_HEADER", "Conversation"]

RAW_IP = 101
FILE_HEADER = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, RAW_IP)
_RECORD = struct.Struct("<IIII")
_IP = struct.Struct(">BBHHHBBH4s4s")
_TCP = struct.Struct(">HHIIBBHHH")
PUSH_ACK = 0x18
MOST = 65_000


@attrs.define(eq=False)
class Conversation:
    """
    One connection: ours is (C{here}, C{port}), the peer's (C{there}, C{peer_port}).
    """

    here: str
    port: int
    there: str
    peer_port: int
    _sent: int = attrs.field(default=1, init=False)
    _heard: int = attrs.field(default=1, init=False)

    def packet(self, outgoing: bool, data: bytes, at: float) -> bytes:
        """
        Records of some octets at a time (epoch seconds).
        """
        pieces = [data[n : n + MOST] for n in range(0, len(data), MOST)]
        return b"".join(self._record(outgoing, piece, at) for piece in pieces)

    def _record(self, outgoing: bool, data: bytes, at: float) -> bytes:
        ends = (self._address(self.here), self.port, self._sent)
        others = (self._address(self.there), self.peer_port, self._heard)
        source, target = (ends, others) if outgoing else (others, ends)
        size = _IP.size + _TCP.size + len(data)
        ip = _IP.pack(0x45, 0, size, 0, 0x4000, 64, 6, 0, source[0], target[0])
        tcp = _TCP.pack(
            source[1],
            target[1],
            source[2] & 0xFFFFFFFF,
            target[2] & 0xFFFFFFFF,
            _TCP.size // 4 << 4,
            PUSH_ACK,
            0xFFFF,
            0,
            0,
        )
        if outgoing:
            self._sent += len(data)
        else:
            self._heard += len(data)
        seconds, fraction = divmod(at, 1.0)
        return _RECORD.pack(int(seconds), int(fraction * 1e6), size, size) + (
            ip + tcp + data
        )

    @staticmethod
    def _address(written: str) -> bytes:
        """
        Four octets; what is no IPv4 address (a name, IPv6) is 127.0.0.1.
        """
        try:
            return IPv4Address(written).packed
        except ValueError:
            return IPv4Address("127.0.0.1").packed
