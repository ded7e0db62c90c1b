"""
Our own stable codes: HTTP status, words in Chinese and English, whether to retry.

The table is C{codes.toml}; an unknown code is answered as an internal error.
"""

import tomllib
from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import attrs

__all__ = ["CODES", "INTERNAL", "Code", "code_of", "words_of"]

INTERNAL = 9000


@attrs.frozen
class Code:
    """
    A row of the table.
    """

    number: int
    status: int
    zh: str
    en: str
    retryable: bool = False

    def title(self, language: str) -> str:
        """
        Its words in C{zh} or C{en}.
        """
        return self.en if language == "en" else self.zh


def _load() -> Mapping[int, Code]:
    source = (files("smsgw") / "codes.toml").read_text("utf-8")
    rows: dict[str, dict[str, Any]] = tomllib.loads(source)
    return MappingProxyType(
        {int(number): Code(int(number), **row) for number, row in rows.items()}
    )


CODES = _load()


def code_of(number: int) -> Code:
    """
    The row of a code, that of L{INTERNAL} for one we do not know.
    """
    return CODES.get(number) or CODES[INTERNAL]


def words_of(number: int, detail: str = "", language: str = "zh") -> str:
    """
    The code in words, with the particulars behind it.
    """
    title = code_of(number).title(language)
    if not detail or detail == title:
        return title
    return f"{title}: {detail}" if language == "en" else f"{title}：{detail}"
