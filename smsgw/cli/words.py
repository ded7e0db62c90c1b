"""
C{smsgw words}: sensitive words loaded from a file, added, taken away, and tried on a
text.
"""

import argparse
import csv
import getpass
import io
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from smsgw.cli.stores import add_config, in_reactor, open_record
from smsgw.config import ConfigError, load
from smsgw.errors import Refused
from smsgw.rules.personal import personal_data
from smsgw.rules.words import LEVELS, Word, WordFilter
from smsgw.storage.wordlist import change_words, words_of
from smsgw.text.folding import fold

__all__ = ["configure", "read_words", "run"]

_HEADS = ("text", "level", "replacement", "scope")
_CHINESE = {"词": "text", "级别": "level", "替换": "replacement", "范围": "scope"}
_LONGEST = 100


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_config(parser)
    parser.add_argument("what", choices=("load", "add", "drop", "list", "try"))
    parser.add_argument("words", nargs="*", help="words, a CSV file, or a text")
    parser.add_argument("--level", choices=LEVELS, default="refuse")
    parser.add_argument("--scope", default="", help="an account or department")
    parser.add_argument("--prune", action="store_true", help="take others away")


def run(arguments: argparse.Namespace) -> int:
    """
    A running gateway acts on the change within a second.
    """
    settings = load(arguments.config)
    given = _given(arguments)
    gone = given if arguments.what == "drop" else []
    wanted = [] if arguments.what == "drop" else given
    who, now = getpass.getuser(), time.time()

    async def work(_: object) -> Any:
        database = await open_record(settings)
        try:
            if arguments.what in ("list", "try"):
                return (await database.read(words_of))[0]
            return await database.write(
                change_words, wanted, who, now, gone, arguments.prune
            )
        finally:
            database.close()

    told = in_reactor(work)
    if arguments.what == "list":
        for word in sorted(told, key=lambda one: (one.scope, one.level, one.text)):
            print(word.text, word.level, word.replacement, word.scope, sep=",")
    elif arguments.what == "try":
        _try(" ".join(arguments.words), told, arguments.scope)
    else:
        print(f"+{told.added} ~{told.changed} -{told.gone} words 敏感词")
    return 0


def _given(arguments: argparse.Namespace) -> list[Word]:
    if arguments.what == "load":
        return [one for path in arguments.words for one in read_words(Path(path))]
    if arguments.what in ("list", "try"):
        return []
    level, scope = arguments.level, arguments.scope
    words = [Word(text, level, scope=scope) for text in arguments.words]
    for word in words:
        if mistake := _mistake(word):
            raise Refused(2002, mistake, "words")
    return words


def _mistake(word: Word) -> str:
    if word.level not in LEVELS:
        return f"{word.level!r}: {', '.join(LEVELS)}"
    if not fold(word.text) or len(word.text) > _LONGEST:
        return f"{word.text[:20]!r}: 1–{_LONGEST} 个字 / characters"
    return ""


def read_words(path: Path) -> list[Word]:
    """
    The words of a CSV file (word, level, replacement, scope; a heading may say so in
    Chinese or English), UTF-8 or GB18030. L{ConfigError} lists every bad line.
    """
    octets = path.read_bytes()
    try:
        text = octets.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = octets.decode("gb18030", "replace")
    found, mistakes = [], []
    for line, row in _rows(text):
        word = Word(
            row.get("text", ""),
            row.get("level", "") or "refuse",
            row.get("replacement", ""),
            row.get("scope", ""),
        )
        if mistake := _mistake(word):
            mistakes.append(f"line {line}: {mistake}")
        found.append(word)
    if mistakes:
        raise ConfigError(path, mistakes)
    return found


def _rows(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    heads: tuple[str, ...] = _HEADS
    for number, cells in enumerate(reader):
        row = [cell.strip() for cell in cells]
        if not any(row) or row[0].startswith("#"):
            continue
        named = [_CHINESE.get(cell, cell) for cell in row]
        if number == 0 and set(named) <= set(_HEADS):
            heads = tuple(named)
            continue
        yield reader.line_num, dict(zip(heads, row, strict=False))


def _try(text: str, words: list[Word], scope: str) -> None:
    found = WordFilter.of(words).scan(text, (scope,))
    for hit in found.hits:
        place = f"{hit.start + 1}–{hit.end}"
        print(f"{place}  {hit.word.level}  {hit.word.text}")
    for notice in personal_data(text):
        print(f"{notice.start + 1}–{notice.end}  {notice.words}")
    if found.text != text:
        print(found.text)
    if not found.hits:
        print("no words 未命中敏感词")
