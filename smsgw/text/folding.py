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

# Letters that look like another: Cyrillic, Greek and a few symbols.
_ALIKE = dict(
    zip(
        "аеорсухкмтвніјѕԁһԛѡгαβεικνορτυχωђƒ⓪〇",
        "aeopcyxkmtbhijsdhqwrabeiknoptuxwhf00",
        strict=True,
    )
)


@lru_cache(maxsize=1)
def _simplified() -> dict[str, str]:
    source = files("opencc") / "dictionary" / "TSCharacters.txt"
    rows = (line.split("\t") for line in source.read_text("utf-8").splitlines())
    return {row[0]: row[1].split()[0] for row in rows if len(row) == 2}


def _folded(letter: str) -> str:
    """
    One character as it is compared, '' for one that says nothing.
    """
    plain = unicodedata.normalize("NFKC", letter).casefold()
    return "".join(map(_single, plain))


def _single(letter: str) -> str:
    if unicodedata.category(letter)[0] in "ZCPSM":
        return _ALIKE.get(letter, "")
    digit = unicodedata.digit(letter, None)
    if digit is not None:
        return str(digit)
    return _ALIKE.get(letter) or _simplified().get(letter, letter)


class _Table(dict[int, str]):
    """
    What each character becomes, worked out when it is first met.
    """

    def __missing__(self, point: int) -> str:
        found = self[point] = _folded(chr(point))
        return found


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
        piece = _table[ord(letter)]
        pieces.append(piece)
        places += [place] * len(piece)
    return "".join(pieces), places
