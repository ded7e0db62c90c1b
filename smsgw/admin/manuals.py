"""
The manual: a Markdown file for each page in C{help/}, Chinese first, then, after a
line C{=== English}, the same in English; found by page and by words.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

import attrs
from markdown_it import MarkdownIt
from markupsafe import Markup

from smsgw.admin.words import Language

__all__ = ["Found", "Manual", "find_manuals", "manual_for", "manuals"]

_FOLDER = files("smsgw.admin") / "help"
_BORDER = "\n=== English\n"
#: Pages that another page's manual is about.
_ALIASES: Mapping[str, str] = {
    "": "overview",
    "password": "account",
    "find": "messages",
    "conversations": "replies",
    "keys": "credentials",
}
_AROUND = 36


@attrs.frozen
class Manual:
    """
    A page's manual in one language; C{text} is what is searched.
    """

    name: str
    title: str
    body: Markup = attrs.field(repr=False)
    text: str = attrs.field(repr=False)


@attrs.frozen
class Found:
    """
    A manual with the words that were looked for: before, the hit, after.
    """

    manual: Manual
    before: str
    hit: str
    after: str


@cache
def manuals(language: Language) -> Mapping[str, Manual]:
    """
    All of them by name.
    """
    read = {
        file.name.removesuffix(".md"): file.read_text("utf-8")
        for file in sorted(_FOLDER.iterdir(), key=lambda one: one.name)
        if file.name.endswith(".md")
    }
    return {name: _manual(name, text, language) for name, text in read.items()}


def _manual(name: str, text: str, language: Language) -> Manual:
    chinese, _, english = text.partition(_BORDER)
    told = (english if language == "en" else chinese).strip()
    head, _, body = told.partition("\n")
    drawn = MarkdownIt("commonmark", {"html": False}).enable("table").render(body)
    plain = " ".join(re.sub(r"[*`#|]|\]\([^)]*\)|\[", " ", body).split())
    # What is drawn is made from files of ours, with HTML in them switched off.
    return Manual(name, head.removeprefix("# "), Markup(drawn), plain)


def manual_for(path: str) -> str:
    """
    The manual's name for a page, '' if it has none: the longest beginning counts.
    """
    parts = path.strip("/").split("/")
    known = manuals("zh")
    for number in range(len(parts), 0, -1):
        name = "-".join(parts[:number])
        name = _ALIASES.get(name, name)
        if name in known:
            return name
    return ""


def find_manuals(asked: str, language: Language) -> list[Found]:
    """
    Those with all of the words, titles first; if there are none, those with any
    two letters of a longer word, the best first.
    """
    words = asked.lower().split()[:8]
    if not words:
        return []
    every = [one for one in manuals(language).values() if _hits(one, words)]
    whole = [one for one in every if _hits(one, words) == len(words)]
    if not whole:
        words = _pieces(words)
        whole = [one for one in manuals(language).values() if _hits(one, words)]
    whole.sort(key=lambda one: _rank(one, words))
    return [_shown(one, words) for one in whole[:20]]


def _hits(one: Manual, words: Sequence[str]) -> int:
    text = f"{one.title} {one.text}".lower()
    return sum(word in text for word in words)


def _rank(one: Manual, words: Sequence[str]) -> tuple[int, int, int]:
    title, text = one.title.lower(), one.text.lower()
    titled = sum(word in title for word in words)
    return -_hits(one, words), -titled, -sum(text.count(word) for word in words)


def _pieces(words: Sequence[str]) -> list[str]:
    """
    Chinese is written without blanks: two letters are a word, as a rule.
    """
    return [
        word[at : at + 2]
        for word in words
        if not word.isascii()
        for at in range(len(word) - 1)
    ]


def _shown(one: Manual, words: Sequence[str]) -> Found:
    low = one.text.lower()
    places = [(low.find(word), word) for word in words if word in low]
    if not places:
        return Found(one, one.text[: 2 * _AROUND], "", "")
    at, word = min(places)
    end = at + len(word)
    before = one.text[max(0, at - _AROUND) : at]
    return Found(one, before, one.text[at:end], one.text[end : end + 2 * _AROUND])
