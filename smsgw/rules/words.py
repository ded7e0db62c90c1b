"""
Sensitive words: found however they are disguised, and not where they are meant well.

Texts and words are folded first (L{smsgw.text.folding}). A word inside an allowed
term, such as the name of a drug or a department, does not count; a word in Latin
letters counts only alone. Letters that a full stop or a comma parts are two clauses
and no word, unless every letter of a longer word is parted, or one of them is the
whole clause: nobody writes clauses of one letter.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate, pairwise

import attrs
from ahocorasick_rs import AhoCorasick

from smsgw.text.folding import fold, fold_places

__all__ = ["LEVELS", "Hit", "Screened", "Word", "WordFilter", "medical_terms"]

# From the mildest to the strictest.
LEVELS = ("mark", "replace", "review", "refuse")
_CLAUSE = frozenset("，。；！？、：,;!?\n\r")


@attrs.frozen
class Word:
    """
    A word and what is done where it stands: C{refuse}, C{review}, C{replace} (by
    C{replacement}, else by stars) or C{mark}. C{scope}: '' for all, else the account
    or department it is for.
    """

    text: str
    level: str = "refuse"
    replacement: str = ""
    scope: str = ""


@attrs.frozen
class Hit:
    """
    A word and where it stands in the text as it was written.
    """

    word: Word
    start: int
    end: int


@attrs.frozen
class Screened:
    """
    What was found: C{level} is the strictest, '' for nothing; C{text} has the
    replacements.
    """

    text: str
    hits: tuple[Hit, ...] = ()
    level: str = ""


@lru_cache(maxsize=1)
def medical_terms() -> tuple[str, ...]:
    """
    The terms of hospitals in which ordinary sensitive words are meant well.
    """
    source = files("smsgw.rules") / "medical.txt"
    lines = source.read_text("utf-8").splitlines()
    return tuple(
        term for line in lines if not line.startswith("#") for term in line.split()
    )


@attrs.frozen(eq=False)
class WordFilter:
    """
    All words, compiled; several may be folded alike.
    """

    _words: Mapping[str, tuple[Word, ...]]
    _patterns: tuple[str, ...]
    _find: AhoCorasick | None
    _allowed: AhoCorasick | None

    @classmethod
    def of(
        cls, words: Iterable[Word], allowed: Iterable[str] | None = None
    ) -> "WordFilter":
        """
        Compile the words; C{allowed} terms are the medical ones unless given. What
        is nothing when folded is passed over.
        """
        by_text: dict[str, list[Word]] = {}
        for word in words:
            if folded := fold(word.text):
                by_text.setdefault(folded, []).append(word)
        patterns = tuple(by_text)
        terms = {fold(one) for one in (medical_terms() if allowed is None else allowed)}
        terms.discard("")
        return cls(
            {text: tuple(some) for text, some in by_text.items()},
            patterns,
            AhoCorasick(patterns) if patterns else None,
            AhoCorasick(sorted(terms)) if terms and patterns else None,
        )

    def __bool__(self) -> bool:
        return self._find is not None

    def words(self) -> Iterator[Word]:
        """
        Every word.
        """
        for some in self._words.values():
            yield from some

    def strikes(self, text: str) -> bool:
        """
        Whether there is anything to look at closely: the usual text has nothing.
        Many texts joined to one, which is quicker, strike if any of them does.
        """
        find = self._find
        return find is not None and bool(find.find_matches_as_indexes(fold(text)))

    def scan(self, text: str, scopes: Collection[str] = ()) -> Screened:
        """
        What stands in a text that belongs to these accounts and departments.
        """
        if self._find is None:
            return Screened(text)
        folded = fold(text)
        found = self._find.find_matches_as_indexes(folded, overlapping=True)
        if not found:
            return Screened(text)
        return self._screened(text, found, scopes)

    def _screened(
        self, text: str, found: list[tuple[int, int, int]], scopes: Collection[str]
    ) -> Screened:
        folded, places = fold_places(text)
        is_spared = _spared(self._allowed, folded)
        hits = []
        for pattern, start, end in found:
            if is_spared(start, end) or not _is_word(text, folded, places, start, end):
                continue
            hits += [
                Hit(word, places[start], places[end - 1] + 1)
                for word in self._words[self._patterns[pattern]]
                if not word.scope or word.scope in scopes
            ]
        if not hits:
            return Screened(text)
        level = max((hit.word.level for hit in hits), key=LEVELS.index)
        return Screened(_replaced(text, hits), tuple(hits), level)


def _spared(allowed: AhoCorasick | None, folded: str) -> Callable[[int, int], bool]:
    """
    Tells whether a word that starts and ends there lies inside an allowed term.
    """
    found = allowed.find_matches_as_indexes(folded, overlapping=True) if allowed else []
    terms = sorted((first, last) for _, first, last in found)
    starts = [first for first, _ in terms]
    reach = [0, *accumulate((last for _, last in terms), max)]
    return lambda start, end: end <= reach[bisect_right(starts, start)]


def _is_word(text: str, folded: str, places: list[int], start: int, end: int) -> bool:
    """
    Whether what stands at these places reads as one word.
    """
    if folded[start:end].isascii() and _is_inside(folded, places, start, end):
        return False
    span = places[start:end]
    gaps = [text[one + 1 : other] for one, other in pairwise(span) if other != one]
    parted = [place for place, gap in enumerate(gaps) if _is_clause(gap)]
    if not parted or (len(gaps) > 1 and all(gaps)):
        return True
    letters = sorted(set(span))
    lone = [_is_lone(text, places, letter) for letter in (letters[0], letters[-1])]
    return all(
        (place == 0 and lone[0]) or (place == len(gaps) - 1 and lone[1])
        for place in parted
    )


def _is_inside(folded: str, places: list[int], start: int, end: int) -> bool:
    """
    Whether Latin letters or digits stand right beside it.
    """
    before = start > 0 and places[start - 1] >= places[start] - 1
    after = end < len(folded) and places[end] <= places[end - 1] + 1
    return (before and folded[start - 1].isascii()) or (after and folded[end].isascii())


def _is_lone(text: str, places: list[int], letter: int) -> bool:
    """
    Whether the letter at that place is all there is of its clause.
    """
    first, past = bisect_left(places, letter), bisect_right(places, letter)
    return (first == 0 or _is_clause(text[places[first - 1] + 1 : letter])) and (
        past == len(places) or _is_clause(text[letter + 1 : places[past]])
    )


def _is_clause(gap: str) -> bool:
    return not _CLAUSE.isdisjoint(gap)


def _replaced(text: str, hits: Iterable[Hit]) -> str:
    """
    The text with what is to be replaced; of overlapping hits the first and longest.
    """
    some = [hit for hit in hits if hit.word.level == "replace"]
    some.sort(key=lambda hit: (hit.start, -hit.end))
    pieces, at = list[str](), 0
    for hit in some:
        if hit.start < at:
            continue
        word = hit.word
        pieces += (text[at : hit.start], word.replacement or "*" * len(word.text))
        at = hit.end
    return "".join(pieces) + text[at:]
