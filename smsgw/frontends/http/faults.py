"""
What is wrong with a JSON body, as a code, a field and words.

Details are "Chinese / English"; L{smsgw.frontends.http.problem} picks one.
"""

import re

import msgspec

from smsgw.errors import Refused

__all__ = ["refusal"]

_KINDS = {
    "str": "字符串",
    "int": "整数",
    "float": "数字",
    "bool": "布尔值",
    "array": "数组",
    "object": "对象",
    "null": "空值",
}
_LENGTH = {"<=": "至多", ">=": "至少"}
_at = re.compile(r" - at `\$\.?(.*)`$")
_unknown = re.compile(r"Object contains unknown field `(.*)`$", re.DOTALL)
_missing = re.compile(r"Object missing required field `(.*)`$")
_kind = re.compile(r"Expected `(.+)`, got `(\w+)`$")
_length = re.compile(r"Expected `(\w+)` of length (<=|>=) (\d+)$")
_place = re.compile(r"\(byte (\d+)\)")


def refusal(error: Exception, body: bytes, within: str = "") -> Refused:
    """
    The L{Refused} for an error of decoding C{body}; C{within} is the path to it.
    """
    if isinstance(error, msgspec.ValidationError):
        return _invalid(str(error), within)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as wrong:
        place = f"第 {wrong.start + 1} 字节 / byte {wrong.start + 1}"
        return Refused(2009, place, within)
    found = _place.search(str(error))
    where = min(int(found[1]) + 1, len(body)) if found else len(body)
    return Refused(2008, f"第 {where} 字节 / byte {where}", within)


def _invalid(message: str, within: str) -> Refused:
    path = within
    found = _at.search(message)
    if found:
        message = message[: found.start()]
        path = _join(within, found[1])
    if match := _unknown.match(message):
        name = match[1][:64]
        return Refused(2001, name, _join(path, name))
    if match := _missing.match(message):
        return Refused(2003, match[1], _join(path, match[1]))
    return Refused(2002, _wrong(message), path)


def _wrong(message: str) -> str:
    if match := _kind.match(message):
        wanted = "或".join(_KINDS.get(kind, kind) for kind in match[1].split(" | "))
        given = _KINDS.get(match[2], match[2])
        english = f"expected {match[1]}, got {match[2]}"
        return f"应为{wanted}，实为{given} / {english}"
    if match := _length.match(message):
        return (
            f"长度{_LENGTH[match[2]]} {match[3]} / length must be {match[2]} {match[3]}"
        )
    return f"取值不合要求 / {message}"


def _join(path: str, name: str) -> str:
    if not path or not name or name.startswith("["):
        return path + name
    return f"{path}.{name}"
