"""
What goes to scripts is a plain array of plain things.
"""

import msgspec

from smsgw.ports import Settle, Up, Want


def test_an_exchange_is_an_array() -> None:
    """An exchange is encoded by position, as the scripts read it."""
    up = Up(1, 2, settles=[Settle("end", "id", "his|20261123")], wants=[])
    up.wants.append(Want("cm1", 16, 16, ["g:code"]))
    plain = msgspec.msgpack.decode(msgspec.msgpack.encode(up))

    assert [1, 2] == plain[:2]
    assert ["end", "id", "his|20261123"] == plain[2][0][:3]
    assert up == msgspec.msgpack.decode(msgspec.msgpack.encode(up), type=Up)
