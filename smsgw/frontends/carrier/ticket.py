"""
What a system's message carries through the house so that its receipts find back.
"""

import msgspec

__all__ = ["Stub", "Ticket", "read_stub", "read_ticket"]

_MARK = "peer:"
_encode = msgspec.json.Encoder().encode


class Ticket(msgspec.Struct, array_like=True, frozen=True):
    """
    C{login} sent C{ids} (one for each part it split the text into) from C{src},
    and wants receipts if C{registered}. It travels as callback data.
    """

    login: str
    ids: list[str]
    src: str
    registered: bool

    def written(self) -> str:
        """
        As callback data.
        """
        return _MARK + _encode(self).decode()


class Stub(msgspec.Struct, array_like=True, frozen=True):
    """
    What is kept with a part whose message is not whole yet.
    """

    carrier_id: str
    login: str
    src: str
    to: str
    registered: bool

    def written(self) -> bytes:
        """
        As a piece's note.
        """
        return _encode(self)


_decode = msgspec.json.Decoder(Ticket).decode
_stub = msgspec.json.Decoder(Stub).decode


def read_stub(note: bytes) -> Stub:
    """
    The stub in a piece's note.
    """
    return _stub(note)


def read_ticket(callback_data: object) -> Ticket | None:
    """
    The ticket in an event's callback data, None in another's.
    """
    if not isinstance(callback_data, str) or not callback_data.startswith(_MARK):
        return None
    try:
        return _decode(callback_data.removeprefix(_MARK))
    except msgspec.MsgspecError:
        return None
