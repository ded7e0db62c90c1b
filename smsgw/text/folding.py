"""
Folding: what a reader takes for the same letter becomes the same letter.

Full-width to half-width, traditional to simplified characters, capital to small,
digits and look-alikes of other scripts to ours; what stands between letters and says
nothing is left out. The table of traditional characters is OpenCC's.
"""

import unicodedata
from functools import lru_cache
from importlib.resources import files

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
    What each character becomes, worked out when it is first met: a number where it
    is one character, which translates faster.
    """

    def __missing__(self, point: int) -> int | str:
        found = _folded(chr(point))
        self[point] = ord(found) if len(found) == 1 else found
        return self[point]


_table = _Table()


def fold(text: str) -> str:
    """
    The text as it is compared.
    """
    return text.translate(_table)


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
