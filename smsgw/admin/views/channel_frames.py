"""
A carrier's frames in words: what each is, to whom, and how it was answered.
"""

from typing import Any

import attrs

from smsgw.admin.page import Visit
from smsgw.channels.recordings import Frame
from smsgw.rules.encyclopaedia import chapters

__all__ = ["FrameShown", "shown"]

_COMMANDS = (
    (("active_test", "enquire_link"), "心跳", "heartbeat"),
    (("unbind", "terminate", "exit"), "退出", "goodbye"),
    (("connect", "login", "bind"), "登录", "login"),
    (("submit",), "提交短信", "message to the carrier"),
    (("deliver",), "回复或状态报告", "reply or receipt"),
    (("report", "userrpt"), "状态报告", "receipt"),
    (("query",), "查询", "query"),
    (("cancel",), "撤销", "cancel"),
    (("nack",), "不认识的命令", "unknown command"),
)
_STATUS = ("Result", "Status", "command_status", "ErrorCode")
_LOGINS = ("connect", "login", "bind")
_RESULTS = ("result", "status")
_NUMBERS = (
    "Dest_terminal_Id", "DestTermID", "UserNumber", "destination_addr",
    "Src_terminal_Id", "SrcTermID", "source_addr",
)  # fmt: skip
_NOISE = frozenset({"command", "Total_Length", "Command_Id", "text"})


@attrs.frozen
class FrameShown:
    """
    C{words} say what it is, C{to} whose number is in it, C{result} how it was
    answered; C{kind} is bad for a refusal. C{fields} are the standard's own.
    """

    frame: Frame
    words: str
    kind: str
    to: str
    text: str
    result: str
    fields: tuple[tuple[str, str], ...]

    @property
    def octets(self) -> str:
        """
        In pairs of digits, sixteen a line.
        """
        hexed = self.frame.octets
        pairs = [hexed[at : at + 2] for at in range(0, len(hexed), 2)]
        rows = [pairs[at : at + 16] for at in range(0, len(pairs), 16)]
        return "\n".join(f"{16 * n:04x}  {' '.join(row)}" for n, row in enumerate(rows))


def shown(visit: Visit, frame: Frame, protocol: str) -> FrameShown:
    """
    In the visitor's language.
    """
    fields, answer = frame.fields, frame.command.lower().endswith("resp")
    good, result = _result(visit, frame, protocol) if answer else (True, "")
    if "error" in fields:
        good, result = False, str(fields["error"])
    return FrameShown(
        frame,
        _words(visit, frame.command.lower(), answer),
        "good" if good else "bad",
        _number(fields),
        str(fields.get("text", "")),
        result,
        tuple(
            (name, _plain(value))
            for name, value in fields.items()
            if name not in _NOISE and value not in ("", None, [])
        ),
    )


def _words(visit: Visit, command: str, answer: bool) -> str:
    for names, chinese, english in _COMMANDS:
        if any(name in command for name in names):
            if answer:
                return visit.say(f"{chinese}的应答", f"answer to {english}")
            return visit.say(chinese, english)
    return visit.say("其他", "other")


def _result(visit: Visit, frame: Frame, protocol: str) -> tuple[bool, str]:
    """
    Whether it is a good answer, and the code with its meaning.
    """
    value = next((frame.fields[one] for one in _STATUS if one in frame.fields), None)
    if value is None:
        return True, ""
    code = int(str(value), 0)
    login = any(one in frame.command.lower() for one in _LOGINS)
    found = chapters(protocol)
    names = (*_LOGINS, *_RESULTS) if login else _RESULTS
    rows: dict[str, Any] = {}
    for name in reversed(names):
        rows |= found.get(name, {})
    if code == 0:
        return True, visit.say("成功", "success")
    entry = rows.get(str(code))
    meaning = visit.say(entry.zh, entry.en) if entry is not None else ""
    return False, f"{code} {meaning}".strip()


def _number(fields: dict[str, Any]) -> str:
    for name in _NUMBERS:
        value = fields.get(name)
        if value:
            return "、".join(value[:3]) if isinstance(value, list) else str(value)
    return ""


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return " ".join(f"{name}={_plain(one)}" for name, one in value.items())
    if isinstance(value, list):
        return ", ".join(_plain(one) for one in value)
    return str(value)
