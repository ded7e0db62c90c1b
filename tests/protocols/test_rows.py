"""
Rows: widths and presence by version.
"""

from attrs import NOTHING

from smsgw.protocols.cmpp import V20, V21, V30, Submit
from smsgw.protocols.rows import Row


def test_widths() -> None:
    """
    A version has the width of the newest entry not above it.
    """
    row = Row("text", {V20: 21, V30: 32}, "Number", NOTHING)
    assert [21, 21, 32] == [row.width_in(v) for v in (V20, V21, V30)]
    assert 6 == Row("text", 6, "Source_Addr", NOTHING).width_in(V30)


def test_presence() -> None:
    """
    Since and until include their version.
    """
    assert [True, True, False] == [
        Submit.rows["reserve"].present(v) for v in (V20, V21, V30)
    ]
    assert [False, False, True] == [
        Submit.rows["link_id"].present(v) for v in (V20, V21, V30)
    ]


def test_empty() -> None:
    """
    A row that a version lacks has its default or nothing.
    """
    assert 0 == Row("uint", 1, "A", NOTHING).empty()
    assert "" == Row("text", 1, "A", NOTHING).empty()
    assert b"" == Row("octets", 1, "A", NOTHING).empty()
    assert 3 == Row("uint", 1, "A", default=3).empty()
    assert "" == Row("cstring", 9, "A", NOTHING).empty()
    assert Row("optional", 9, "A", default="").empty() is None
    assert {} == Row("tlvs", 0, "A", NOTHING).empty()


def test_repr_shows_no_number() -> None:
    """
    A PDU's repr has neither phone nor text.
    """
    pdu = Submit(
        msg_src="900001",
        src_id="10690000",
        dest_terminal_id=("13800138000",),
        msg_content=b"secret",
    )
    assert "13800138000" not in repr(pdu)
    assert "secret" not in repr(pdu)
