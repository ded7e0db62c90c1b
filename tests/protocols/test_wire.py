"""
Tables to classes: the decorator.
"""

import pytest

from smsgw.protocols.rows import (
    Pdu,
    WireError,
    cstring,
    in_header,
    octets,
    optional,
    text,
    tlvs,
    uint,
)
from smsgw.protocols.wire import pdu


@pdu(7, "SAMPLE", (1, 2), header=0)
class Sample(Pdu):
    """
    One row of each kind that CMPP lacks.
    """

    number: int = uint(12, "Number", default=0)
    key: bytes = octets(2, "Key")
    name: str = text({1: 3, 2: 5}, "Name", default="")
    options: dict[int, bytes] = tlvs({}, default={})


@pdu(0, "form", (1,), header=4)
class Form(Pdu):
    """
    Rows that PDUs have in common.
    """

    result: int = in_header(0, "Result", default=0)
    name: str | None = optional(9, "Name", default=None)


@pdu(8, "answer", (1,), header=4)
class Answer(Form):
    """
    A PDU with rows of its own after those of its form.
    """

    more: str = cstring(9, "More", default="")


def test_form() -> None:
    """
    A base's rows come first; the header's is read and not written.
    """
    assert ["result", "name", "more"] == list(Answer.rows)
    answer = Answer(result=7, name="a", more="b")
    codec = Answer.codecs[1]
    assert b"a\0b\0" == codec.encode(answer)
    assert answer == codec.decode(b"\0\0\0\7a\0b\0")
    assert Answer(result=7) == codec.decode(b"\0\0\0\7")


def test_class() -> None:
    """
    A PDU has its command, title, rows and a codec per version.
    """
    assert (7, "SAMPLE") == (Sample.command, Sample.title)
    assert ["number", "key", "name", "options"] == list(Sample.rows)
    assert [1, 2] == list(Sample.codecs)


def test_wide_integers_and_tlvs() -> None:
    """
    Integers of odd widths and trailing TLVs go both ways.
    """
    sample = Sample(number=2**95, key=b"ab", options={5: b"x", 9: b""})
    frame = Sample.codecs[1].encode(sample)
    assert "800000000000000000000000616200000000050001780009" + "0000" == frame.hex()
    assert sample == Sample.codecs[1].decode(frame)


def test_tlv_that_overruns() -> None:
    """
    A TLV's length is checked.
    """
    frame = Sample.codecs[1].encode(Sample(key=b"ab")) + b"\0\5\0\2x"
    with pytest.raises(WireError):
        Sample.codecs[1].decode(frame)


def test_required() -> None:
    """
    A row without a default must be given.
    """
    with pytest.raises(TypeError):
        Sample()  # type: ignore[call-arg]
