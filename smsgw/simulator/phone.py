"""
The phones: each joins the parts it gets and keeps its last texts.
"""

from codecs import utf_16_be_decode
from itertools import islice

import attrs

from smsgw.text import Joiner, UserData, decode_text, parse_udh

__all__ = ["Phones", "Text", "read"]

UCS2 = 8


@attrs.frozen
class Text:
    """
    A message as its reader sees it; C{sender} is the number on the display.
    """

    at: float
    number: str
    sender: str
    text: str
    parts: int


Kept = tuple[float, str, bytes | str, int, int]


@attrs.define(eq=False)
class Phones:
    """
    The last C{per_number} texts of the last C{most} numbers that got any.

    Short messages stay octets until somebody looks.
    """

    most: int = 100_000
    per_number: int = 20
    messages: int = 0
    segments: int = 0
    doubles: int = 0
    _kept: dict[str, tuple[Kept, ...]] = attrs.field(factory=dict, init=False)
    _joiner: Joiner = attrs.field(factory=Joiner, init=False)

    def receive(
        self,
        number: str,
        sender: str,
        content: bytes,
        coding: int,
        udhi: int,
        now: float,
    ) -> bytes | str | None:
        """
        One segment; the message if it is whole now (octets if it is short).
        """
        self.segments += 1
        data = parse_udh(content) if udhi & 0x41 else None
        if data is None or data.parts == 1:
            body = content if data is None else data.body
            self._keep(number, (now, sender, body, coding, 1))
            return body
        return self._join(number, sender, data, coding, now)

    def _join(
        self, number: str, sender: str, data: UserData, coding: int, now: float
    ) -> str | None:
        key = number, sender, data.reference, data.parts
        joined = self._joiner.add(key, data.part, data.parts, data.body, coding, now)
        self._joiner.expired(now)
        if joined is None:
            return None
        if joined.kind == "double":
            self.doubles += 1
            return None
        self._keep(number, (joined.first_at, sender, joined.text, coding, data.parts))
        return joined.text

    def _keep(self, number: str, kept: Kept) -> None:
        self.messages += 1
        kept_of = self._kept
        texts = kept_of.pop(number, None)
        if texts is not None:
            excess = max(0, len(texts) - self.per_number + 1)
            kept_of[number] = (*texts[excess:], kept)
            return
        if len(kept_of) >= self.most:
            del kept_of[next(iter(kept_of))]
        kept_of[number] = (kept,)

    def texts(self, number: str) -> list[Text]:
        """
        What a phone shows, oldest first.
        """
        return [_shown(number, kept) for kept in self._kept.get(number, ())]

    def last(self, limit: int) -> list[Text]:
        """
        The newest texts of all phones, newest first.
        """
        numbers = islice(reversed(self._kept), limit)
        shown = [text for number in numbers for text in self.texts(number)]
        return sorted(shown, key=lambda text: -text.at)[:limit]


def _shown(number: str, kept: Kept) -> Text:
    at, sender, body, coding, parts = kept
    return Text(at, number, sender, read(body, coding), parts)


def read(whole: bytes | str, coding: int) -> str:
    """
    A message as text; the usual coding takes the short way.
    """
    if isinstance(whole, str):
        return whole
    if coding == UCS2:
        return utf_16_be_decode(whole, "replace")[0]
    return decode_text(whole, coding)
