"""
Fields of business objects as forms show them, and as they come back.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import attrs
import tomli_w

from smsgw.admin.frame import HERE, YUAN
from smsgw.directory import Directory, Share, Variable
from smsgw.errors import Refused

__all__ = ["Field", "read_value", "shown_value"]

BAD = 2001
Words = tuple[str, str]


@attrs.frozen
class Field:
    """
    A field: its name in the object, words, how it is filled in, a hint.

    C{kind}: text, long, whole, decimal, money, flag, time, lines, pairs, toml,
    variables, shares, secret, choice, choices, or one (of the objects at C{place}).
    """

    name: str
    words: Words
    kind: str = "text"
    hint: Words = ("", "")
    options: Sequence[tuple[str, Words]] = ()
    place: str = ""
    required: bool = False

    def choices(self, directory: Directory) -> list[tuple[str, Words]]:
        """
        What can be chosen, '' for none first unless one is needed.
        """
        found = list(self.options)
        if self.place:
            held = getattr(directory, self.place)
            objects = held.values() if isinstance(held, Mapping) else held
            for one in objects:
                name = getattr(one, "name", "") or getattr(one, "text", "")
                told = f"{one.id} {name}".strip()[:60]
                found.append((one.id, (told, told)))
        if not self.required and self.kind != "choices":
            found.insert(0, ("", ("（不限）", "(any)")))
        return found


def shown_value(field: Field, value: Any) -> Any:
    """
    A value of an object (as built-ins) as its form shows it.
    """
    show = _SHOW.get(field.kind)
    if show is not None:
        return show(value)
    return "" if value is None else value


def read_value(field: Field, text: str, chosen: Sequence[str]) -> Any:
    """
    What was filled in, as the object has it; L{Refused} names the field.
    """
    if field.kind == "flag":
        return bool(text)
    if field.kind == "choices":
        return list(chosen)
    text = text.replace("\r\n", "\n").strip()
    if field.required and not text:
        raise Refused(BAD, "请填写 / please fill it in", field.name)
    try:
        return _READ.get(field.kind, str)(text)
    except (ValueError, tomllib.TOMLDecodeError) as error:
        raise Refused(
            BAD, f"{_WRONG.get(field.kind, str(error))}", field.name
        ) from None


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def _pairs(text: str) -> dict[str, str]:
    found = {}
    for line in _lines(text):
        name, mark, value = line.partition("=")
        if not mark or not name.strip():
            raise ValueError(line)
        found[name.strip()] = value.strip()
    return found


def _variables(text: str) -> list[dict[str, Any]]:
    found = []
    for line in _lines(text):
        name, kind, longest, *_ = [*line.replace("，", ",").split(","), "", ""]
        variable = Variable(
            name.strip(), kind.strip() or "text", int(longest.strip() or 0)
        )
        found.append(attrs.asdict(variable))
    return found


def _shares(text: str) -> list[dict[str, Any]]:
    found = []
    for line in _lines(text):
        channel, weight, cap, *_ = [*line.split(), "", ""]
        found.append(attrs.asdict(Share(channel, int(weight or 1), int(cap or 0))))
    return found


def _time(text: str) -> float:
    if not text:
        return 0.0
    return datetime.fromisoformat(text).replace(tzinfo=HERE).timestamp()


def _show_time(value: float) -> str:
    if not value:
        return ""
    return datetime.fromtimestamp(value, HERE).strftime("%Y-%m-%dT%H:%M")


_READ: Mapping[str, Callable[[str], Any]] = {
    "whole": lambda text: int(text or 0),
    "decimal": lambda text: float(text or 0),
    "money": lambda text: round(float(text or 0) * YUAN),
    "time": _time,
    "lines": _lines,
    "pairs": _pairs,
    "toml": tomllib.loads,
    "variables": _variables,
    "shares": _shares,
    "secrets": _lines,
}
_SHOW: Mapping[str, Callable[[Any], Any]] = {
    "money": lambda value: f"{value / YUAN:.4f}",
    "time": _show_time,
    "lines": "\n".join,
    "pairs": lambda value: "\n".join(f"{k} = {v}" for k, v in value.items()),
    "toml": lambda value: tomli_w.dumps(value).strip(),
    "variables": lambda value: "\n".join(
        f"{one['name']},{one['kind']},{one['longest']}" for one in value
    ),
    "shares": lambda value: "\n".join(
        " ".join(
            str(part) for part in (one["channel"], one["weight"], one["cap"] or "")
        ).strip()
        for one in value
    ),
    "secret": lambda _: "",
    "secrets": lambda _: "",
    "decimal": lambda value: f"{value:g}",
}
_WRONG = {
    "whole": "应为整数 / must be a whole number",
    "decimal": "应为数字 / must be a number",
    "money": "应为金额 / must be an amount of money",
    "time": "应为日期和时间 / must be a date and a time",
    "pairs": "每行写成“名称 = 值” / one 'name = value' a line",
    "toml": "每行写成 名称 = 值（TOML） / one name = value a line, as in TOML",
    "variables": "每行写成 名称,类型,最长 / one name,kind,longest a line",
    "shares": "每行写成 通道 权重 日上限 / one channel weight cap a line",
}
