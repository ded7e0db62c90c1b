"""
Why something was refused, in the visitor's words.
"""

from smsgw.admin.page import Visit
from smsgw.admin.words import Language
from smsgw.codes import words_of
from smsgw.errors import Refused

__all__ = ["half", "reason", "refusal"]

_VARIABLE = "vars."


def half(visit: Visit, told: str) -> str:
    """
    One language of words that are written "中文 / English".
    """
    chinese, mark, english = told.partition(" / ")
    return visit.say(chinese, english if mark else chinese)


def refusal(visit: Visit, refused: Refused) -> str:
    """
    What a door refused: its code in words, the particulars, and which variable.
    """
    return reason(visit, refused.code, refused.detail, refused.field)


def reason(visit: Visit, code: int, detail: str, field: str = "") -> str:
    """
    The same of a fault in an answer.
    """
    language: Language = visit.language
    told = words_of(code, half(visit, detail), language)
    _, mark, name = field.partition(_VARIABLE)
    return f"{told} {{{name}}}" if mark and name not in told else told
