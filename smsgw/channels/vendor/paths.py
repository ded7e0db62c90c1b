"""
Reading a vendor's answer: JSON, XML, a form or text, and paths and patterns into it.

A path is C{data.list[0].status}; a pattern is C{~(\\d+),(.*)~} and gives its first
group; C{header:X} and the like are the caller's matter. Nothing here raises on what
a peer wrote but C{ValueError}.
"""

import re
import warnings
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

import attrs
import msgspec

__all__ = ["FORMATS", "Path", "parse_body"]

FORMATS = ("json", "xml", "form", "text", "lines")
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_DECLARED = re.compile(rb"\s*<\?xml[^>]{0,200}\?>")
_DEEP = 32


def parse_body(body: bytes, form: str, charset: str = "utf-8") -> Any:
    """
    A body as tables, lists and texts; C{ValueError} if it is not in that form.
    """
    if form == "json":
        return _json(body, charset)
    if form == "xml":
        return _xml(body, charset)
    text = body.decode(charset, "replace")
    if form == "form":
        return dict(parse_qsl(text, keep_blank_values=True, encoding=charset))
    if form == "lines":
        return [line for line in text.splitlines() if line.strip()]
    return text


def _json(body: bytes, charset: str) -> Any:
    if charset != "utf-8":
        body = body.decode(charset, "replace").encode()
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError("not JSON") from error


def _xml(body: bytes, charset: str) -> Any:
    """
    Decoded here: expat knows no Chinese encodings.
    """
    declared = _DECLARED.match(body)
    if declared is not None:
        body, charset = body[declared.end() :], _encoding(declared) or charset
    try:
        text = body.decode(charset, "replace")
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            raise ValueError("XML with a document type")
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, LookupError) as error:
        raise ValueError("not XML") from error
    return {_local(root.tag): _element(root, 0)}


def _encoding(declared: re.Match[bytes]) -> str:
    found = re.search(rb"""encoding=["']([A-Za-z0-9_.\-]+)["']""", declared.group())
    return found.group(1).decode() if found else ""


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _element(element: ElementTree.Element, depth: int) -> Any:
    """
    Attributes and children by name, those of one name as a list; else the text.
    """
    if depth > _DEEP:
        raise ValueError("XML is too deep")
    found: dict[str, Any] = {"@" + _local(k): v for k, v in element.attrib.items()}
    for child in element:
        name, value = _local(child.tag), _element(child, depth + 1)
        if name not in found:
            found[name] = value
        elif isinstance(found[name], list):
            found[name].append(value)
        else:
            found[name] = [found[name], value]
    text = (element.text or "").strip()
    if not found:
        return text
    return {**found, "#": text} if text else found


@attrs.frozen
class Path:
    """
    A way into a document; the empty one is the document itself.
    """

    source: str
    _steps: tuple[str | int, ...] = ()
    _pattern: re.Pattern[str] | None = None

    @classmethod
    def parse(cls, source: str) -> "Path":
        """
        C{ValueError} for one that leads nowhere.
        """
        if len(source) > 1 and source[0] == source[-1] == "~":
            return cls(source, (), _compiled(source[1:-1]))
        steps: list[str | int] = []
        at = 0
        while at < len(source):
            if at and source[at] == "." and at + 1 < len(source):
                at += 1
            elif at and source[at] != "[":
                raise ValueError(f"{source!r} is no path")
            step = _STEP.match(source, at)
            if step is None:
                raise ValueError(f"{source!r} is no path")
            name, number = step.groups()
            steps.append(name if name is not None else int(number))
            at = step.end()
        return cls(source, tuple(steps))

    def find(self, document: Any) -> Any:
        """
        What is there; C{None} if nothing is.
        """
        if self._pattern is not None:
            return self._matched(document)
        for step in self._steps:
            document = _stepped(document, step)
            if document is None:
                return None
        return document

    def _matched(self, document: Any) -> str | None:
        text = document if isinstance(document, str) else text_of(document)
        found = self._pattern.search(text) if self._pattern else None
        if found is None:
            return None
        return found.group(1) if found.re.groups else found.group()

    def text(self, document: Any) -> str:
        """
        What is there as text, '' if nothing is.
        """
        return text_of(self.find(document))

    def rows(self, document: Any) -> list[Any]:
        """
        What is there as a list: of all matches, or of one thing that is none.
        """
        if self._pattern is not None:
            return [one.group() for one in self._pattern.finditer(text_of(document))]
        found = self.find(document)
        if isinstance(found, list):
            return found
        return [] if found is None or found == "" else [found]


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            return re.compile(pattern)
    except (re.error, FutureWarning) as error:
        raise ValueError(f"{pattern!r} is no pattern: {error}") from error


def _stepped(document: Any, step: str | int) -> Any:
    if isinstance(step, str):
        return document.get(step) if isinstance(document, Mapping) else None
    if isinstance(document, Sequence) and not isinstance(document, str):
        return document[step] if step < len(document) else None
    # XML has no lists of one.
    return document if step == 0 else None


def text_of(value: Any) -> str:
    """
    A found value as people write it; true and false as JSON has them.
    """
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, Mapping) and "#" in value:
        return str(value["#"])
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return msgspec.json.encode(value).decode()
