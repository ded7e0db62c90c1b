"""
What a reader sees as one character: where a text is better not cut.

The part of Unicode's grapheme rules that short messages meet: combining marks,
joined and coloured emoji, flags, CR LF.
"""

from unicodedata import category

__all__ = ["glued", "steps_back"]

_JOINER = "\u200d"
_INDICATORS = ("\U0001f1e6", "\U0001f1ff")


def steps_back(head: str, after: str) -> int:
    """
    How many characters at the end of C{head} belong with C{after}.

    0 also when more than half of C{head} would: such a text is cut as it falls.
    """
    text = head + after
    at = len(head)
    while at > len(head) // 2:
        if not glued(text, at):
            return len(head) - at
        at -= 1
    return 0


def glued(text: str, at: int) -> bool:
    """
    Whether C{text[at]} is shown as one with what stands before it.
    """
    before, after = text[at - 1], text[at]
    if before == _JOINER:
        return True
    if after < "\u0300":
        return before == "\r" and after == "\n"
    if _is_indicator(after):
        return _indicators_before(text, at) % 2 == 1
    return _extends(after)


def _extends(character: str) -> bool:
    return (
        character == _JOINER
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or "\U000e0020" <= character <= "\U000e007f"
        or category(character)[0] == "M"
    )


def _is_indicator(character: str) -> bool:
    return _INDICATORS[0] <= character <= _INDICATORS[1]


def _indicators_before(text: str, at: int) -> int:
    start = at
    while start and _is_indicator(text[start - 1]):
        start -= 1
    return at - start
