"""
Folding: what a reader takes for the same letter becomes the same letter.

Full-width to half-width, traditional to simplified characters, capital to small,
digits and look-alikes of other scripts to ours; what stands between letters and says
nothing is left out. The table of traditional characters is OpenCC's.
"""

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

import attrs

__all__ = ["fold", "fold_places"]

# Letters that look like another: Cyrillic, Greek, small capitals and some symbols.
_ALIKE = dict(
    zip(
        "аеорсухкмтвніјѕԁһԛѡгαβεικνορτυχωђƒ⓪〇ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢꜱıɑɡøłđь",
        "aeopcyxkmtbhijsdhqwrabeiknoptuxwhf00abcdeghijklmnoprtuvwyzsiagoldb",
        strict=True,
    )
)
# Greek letters that look like one when small and like another when not.
_CASED = dict(zip("νΝηΗυΥμΜΖ", "vnnhuyumz", strict=True))
# Boxed letters, which Unicode does not relate to plain ones: the first of each row.
_BOXED = (0x1F150, 0x1F170, 0x1F1E6)
# Letters by Unicode, but nothing to see.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0")
# Where the usual marks are, and the usual letters: first and past.
_MARKS = ((0, 0x100), (0x2000, 0x2070), (0x3000, 0x3040), (0xFF00, 0xFFF0))
_HAN = (0x4E00, 0xA000)
# A long text, and one that pays for one replacement.
_LONG, _WORTH = 1000, 40


@lru_cache(maxsize=1)
def _simplified() -> dict[str, str]:
    source = files("opencc") / "dictionary" / "TSCharacters.txt"
    rows = (line.split("\t") for line in source.read_text("utf-8").splitlines())
    return {row[0]: row[1].split()[0] for row in rows if len(row) == 2}


def _folded(letter: str) -> str:
    """
    One character as it is compared, '' for one that says nothing.
    """
    for first in _BOXED:
        if first <= ord(letter) < first + 26:
            return chr(ord("a") + ord(letter) - first)
    plain = _CASED.get(letter) or unicodedata.normalize("NFKC", letter).casefold()
    return "".join(map(_single, plain))


def _single(letter: str) -> str:
    if letter in _BLANK:
        return ""
    if unicodedata.category(letter)[0] in "ZCPSM":
        return _ALIKE.get(letter, "")
    digit = unicodedata.digit(letter, None)
    if digit is not None:
        return str(digit)
    base = unicodedata.normalize("NFD", letter)[0]  # without its accents
    if base.isascii() or base in _ALIKE:
        return _ALIKE.get(base, base)
    return _simplified().get(letter, letter)


class _Table(dict[int, int | str]):
    """
    What each character becomes, worked out when it is first met, and what becomes
    nothing else; a number where it is one character, which translates faster.
    """

    def __missing__(self, point: int) -> int | str:
        found = "".join(map(_folded, _folded(chr(point))))
        self[point] = ord(found) if len(found) == 1 else found
        return self[point]


_table = _Table()


@attrs.frozen
class _Usual:
    """
    C{seen} finds the runs between the usual marks that say nothing, C{others} the
    characters besides those that are known to stay what they are.
    """

    seen: Callable[[str], list[str]]
    others: Callable[[str], list[str]]


@lru_cache(maxsize=1)
def _usual() -> _Usual:
    marks = (chr(one) for first, past in _MARKS for one in range(first, past))
    blank = re.escape("".join(mark for mark in marks if _table[ord(mark)] == ""))
    odd = "".join(chr(one) for one in range(*_HAN) if _table[one] != one)
    return _Usual(
        re.compile(f"[^{blank}]+").findall,
        re.compile(f"[^0-9a-z\u4e00-\u9fff]|[{odd}]").findall,
    )


def fold(text: str) -> str:
    """
    The text as it is compared. Most of a usual text stays: where it is long, as many
    together are, it is quicker to take out the marks, and to replace what few others
    are left, than to look at each letter.
    """
    if len(text) < _LONG:
        return text.translate(_table)
    usual = _usual()
    seen = "".join(usual.seen(text))
    others = set(usual.others(seen))
    if len(others) * _WORTH > len(seen):
        return seen.translate(_table)
    for other in others:
        found = _table[ord(other)]
        seen = seen.replace(other, chr(found) if isinstance(found, int) else found)
    return seen


def fold_places(text: str) -> tuple[str, list[int]]:
    """
    The folded text, and for each of its characters the place in the text that it
    came from.
    """
    pieces, places = [], list[int]()
    for place, letter in enumerate(text):
        found = _table[ord(letter)]
        piece = chr(found) if isinstance(found, int) else found
        pieces.append(piece)
        places += [place] * len(piece)
    return "".join(pieces), places
