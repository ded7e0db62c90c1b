"""
What a check found: a line each, ok, warning or error, and what to do about it.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

__all__ = ["Finding", "as_json", "as_lines", "error", "ok", "status_of", "warning"]

Level = Literal["ok", "warning", "error"]

_LEVELS = {"ok": "正常", "warning": "注意", "error": "错误"}
_AREAS = {
    "settings": "配置",
    "objects": "业务配置",
    "versions": "版本",
    "clock": "时钟",
    "disk": "磁盘",
    "secrets": "密钥文件",
    "limits": "系统限额",
    "ports": "端口",
    "queue": "队列服务",
    "database": "数据库",
}


class Finding(msgspec.Struct, frozen=True):
    """
    One line: C{area} is a row of the table above, C{todo} is '' when all is well.
    """

    level: Level
    area: str
    words: str
    todo: str = ""


def ok(area: str, words: str) -> Finding:
    """
    As it should be.
    """
    return Finding("ok", area, words)


def warning(area: str, words: str, todo: str) -> Finding:
    """
    It works, for now or not as well as it could.
    """
    return Finding("warning", area, words, todo)


def error(area: str, words: str, todo: str) -> Finding:
    """
    The gateway would not start, or would lose something.
    """
    return Finding("error", area, words, todo)


def as_lines(findings: Sequence[Finding]) -> str:
    """
    For people; what to do is below its line.
    """
    lines = []
    for one in findings:
        area = f"{_AREAS.get(one.area, '')} {one.area}".strip()
        lines.append(f"[{_LEVELS[one.level]} {one.level}] {area}: {one.words}")
        if one.todo:
            lines.append(f"    → {one.todo}")
    counts = [
        f"{sum(one.level == level for one in findings)} {words} {level}"
        for level, words in _LEVELS.items()
    ]
    return "\n".join((*lines, "，".join(counts)))


def as_json(findings: Sequence[Finding]) -> str:
    """
    For programs: the findings in order, and the status.
    """
    told = {"status": status_of(findings), "findings": list(findings)}
    return msgspec.json.encode(told).decode()


def status_of(findings: Sequence[Finding]) -> int:
    """
    The exit status: 1 if anything is an error.
    """
    return int(any(one.level == "error" for one in findings))
