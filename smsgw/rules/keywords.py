"""
What a reply asks for: an operator's words first, then those that everybody knows.
"""

import unicodedata
from collections.abc import Iterable

from smsgw.directory import Keyword

__all__ = ["COMMON", "asks_to_stop", "keyword_of", "plain"]

COMMON = (
    Keyword("-", ("TD", "T", "退订", "取消订阅", "QX", "拒收", "STOP"), "opt_out"),
    Keyword("-", ("恢复订阅", "重新订阅", "START"), "opt_in"),
)


def plain(text: str) -> str:
    """
    A reply as it is compared: full-width and case folded, without blanks and what
    punctuation stands around it.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    letters = [one for one in folded if not one.isspace()]
    while letters and _is_mark(letters[-1]):
        letters.pop()
    while letters and _is_mark(letters[0]):
        letters.pop(0)
    return "".join(letters)


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "PSZC"


def keyword_of(text: str, account: str, keywords: Iterable[Keyword]) -> Keyword | None:
    """
    The keyword that a reply is, whole and alone; an account's own before those of
    all.
    """
    asked = plain(text)
    if not asked or len(asked) > 32:
        return None
    ours = [one for one in keywords if one.active and one.account in ("", account)]
    ours.sort(key=lambda one: (one.account == "", one.id))
    for keyword in (*ours, *COMMON):
        if any(asked == plain(word) for word in keyword.words):
            return keyword
    return None


def asks_to_stop(text: str, keywords: Iterable[Keyword]) -> bool:
    """
    Whether it may be an opt-out, whosever it is.
    """
    asked = plain(text)
    return bool(asked) and any(
        asked == plain(word)
        for keyword in (*keywords, *COMMON)
        if keyword.action == "opt_out"
        for word in keyword.words
    )
