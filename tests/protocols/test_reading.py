"""
What all packet readers share.
"""

from typing import Any

import pytest

from smsgw.protocols.reader import READERS
from smsgw.protocols.reading import hexed, message_of, text_of
from smsgw.protocols.rows import WireError


@pytest.mark.parametrize("text", ["x", "abc", None, 7])
def test_no_hex(text: Any) -> None:
    """
    What is no hex raises WireError.
    """
    with pytest.raises(WireError):
        hexed(text)


def test_text() -> None:
    """
    A known coding gives a text or None, an unknown one nothing.
    """
    assert {"text": "中"} == text_of("中".encode("gb18030"), 15)
    assert {"text": None} == text_of(b"\xff", 0)
    assert {} == text_of(b"\xff", 4)


def test_message() -> None:
    """
    A header is shown beside the text; one that only claims to be is none.
    """
    said = "中".encode("utf-16-be")
    header = {"hex": "050003070201", "ref": 7, "total": 2, "seq": 1}
    content = bytes.fromhex("050003070201") + said
    assert {"udh": header, "text": "中"} == message_of(content, 8, True)
    assert {"udh": {"hex": ""}, "text": "中"} == message_of(said, 8, True)
    assert {"text": "中"} == message_of(said, 8, False)


@pytest.mark.parametrize("reader", READERS.values(), ids=list(READERS))
def test_every_reader(reader: Any) -> None:
    """
    A reader has a usual version, and refuses what it does not know.
    """
    assert reader.usual in reader.versions
    assert set(reader.versions.values()) <= set(reader.protocol.versions)
    for line in ("", "00", "zz"):
        with pytest.raises(WireError):
            reader.decode(line, "")
    for fields in ({}, {"command": []}, {reader.head[1]: -1}):
        with pytest.raises(WireError):
            reader.encode(fields, "")
    with pytest.raises(WireError):
        reader.decode("00", "0.1")
