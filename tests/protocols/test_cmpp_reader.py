"""
How CMPP's packet reader shows what others do not; the rest is in test_reader.
"""

from smsgw.protocols.cmpp_reader import CmppReader

READER = CmppReader()


def test_ids_twice() -> None:
    """
    A message id stands in hex and in decimal; contents have a name of their own.
    """
    fields = {
        "command": "CMPP_DELIVER",
        "Msg_Id": "00000000000000ff",
        "Dest_Id": "10690000",
        "Src_terminal_Id": "13800138000",
        "Msg_Content_hex": "6869",
    }
    shown = READER.decode(READER.encode(fields, "2.0"), "2.0")
    assert ("00000000000000ff", "255") == (shown["Msg_Id"], shown["Msg_Id_decimal"])
    assert ("6869", "hi") == (shown["Msg_Content_hex"], shown["text"])


def test_ports() -> None:
    """
    A header's ports are shown.
    """
    fields = {
        "command": "CMPP_DELIVER",
        "Msg_Id": "00" * 8,
        "Dest_Id": "10690000",
        "Src_terminal_Id": "13800138000",
        "TP_udhi": 1,
        "Msg_Content_hex": "06050400500051" + "6869",
    }
    assert {"dst": 80, "src": 81} == (
        READER.decode(READER.encode(fields, ""), "")["ports"]
    )
