"""
A carrier's frames in words: what each is, to whom, and how it was answered.
"""

from collections.abc import Iterator
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
    (("deliver",), "回复或报告", "reply or receipt"),
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
_NOISE = frozenset({"command", "totallength", "commandid", "packetlength",
    "requestid", "messagelength", "commandlength", "text"})  # fmt: skip
_REPORTS = ("report", "receipt")
_DELIVERED = frozenset({"DELIVRD", "DELIVERED", "2"})
#: Names of fields without case and strokes, over all protocols.
_LABELS = {
    "msgid": ("短信标识", "message id"),
    "messageid": ("短信标识", "message id"),
    "pktotal": ("共几段", "parts"),
    "pknumber": ("第几段", "part"),
    "registereddelivery": ("状态报告", "receipt"),
    "needreport": ("要状态报告", "wants a receipt"),
    "reportflag": ("要状态报告", "wants a receipt"),
    "isreport": ("是状态报告", "is a receipt"),
    "serviceid": ("业务代码", "service"),
    "servicetype": ("业务代码", "service"),
    "tpudhi": ("长短信头", "header of a long text"),
    "esmclass": ("类型", "kind"),
    "msgfmt": ("编码", "coding"),
    "msgformat": ("编码", "coding"),
    "messagecoding": ("编码", "coding"),
    "datacoding": ("编码", "coding"),
    "msgsrc": ("登录名", "login"),
    "sourceaddr": ("来源", "from"),
    "clientid": ("登录名", "login"),
    "loginname": ("登录名", "login"),
    "systemid": ("登录名", "login"),
    "srcid": ("接入号", "access number"),
    "spnumber": ("接入号", "access number"),
    "destid": ("接入号", "access number"),
    "destterminalid": ("手机号", "phone"),
    "srcterminalid": ("手机号", "phone"),
    "usernumber": ("手机号", "phone"),
    "destinationaddr": ("去向", "to"),
    "desttermid": ("去向", "to"),
    "srctermid": ("来源", "from"),
    "msglength": ("长度", "length"),
    "smlength": ("长度", "length"),
    "msgcontenthex": ("内容", "content"),
    "sequenceid": ("序号", "sequence"),
    "sequencenumber": ("序号", "sequence"),
    "sequence": ("序号", "sequence"),
    "result": ("结果", "result"),
    "status": ("结果", "result"),
    "commandstatus": ("结果", "result"),
    "stat": ("最终状态", "final state"),
    "state": ("最终状态", "final state"),
    "errorcode": ("错误码", "error"),
    "err": ("错误码", "error"),
    "submittime": ("提交时间", "submitted"),
    "donetime": ("完成时间", "done"),
    "version": ("协议版本", "version"),
    "timestamp": ("时间戳", "time stamp"),
    "report": ("状态报告", "receipt"),
    "receipt": ("状态报告", "receipt"),
    "linkid": ("点播标识", "link"),
    "feetype": ("资费类别", "kind of fee"),
    "feecode": ("资费", "fee"),
}


@attrs.frozen
class FrameShown:
    """
    C{words} say what it is, C{to} whose number is in it, C{result} how it was
    answered; C{kind} is bad for a refusal. C{fields}: the standard's own names, what
    they mean, values.
    """

    frame: Frame
    words: str
    kind: str
    to: str
    text: str
    result: str
    fields: tuple[tuple[str, str, str], ...]

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
    fields, command = frame.fields, frame.command.lower()
    words, good, result = _words(visit, command), True, ""
    report = next((fields[one] for one in _REPORTS if one in fields), None)
    if "error" in fields:
        good, result = False, str(fields["error"])
    elif command.endswith("resp"):
        good, result = _result(visit, frame, protocol)
    elif isinstance(report, dict):
        words = visit.say("状态报告", "receipt")
        result = str(report.get("Stat") or report.get("stat") or "")
        good = not result or result in _DELIVERED
    elif "deliver" in command and report is None:
        words = visit.say("手机回复", "reply")
    return FrameShown(
        frame,
        words,
        "good" if good else "bad",
        _number(fields),
        _text(visit, str(fields.get("text", ""))),
        result,
        tuple(_told(visit, fields)),
    )


def _text(visit: Visit, read: str) -> str:
    """
    Stars in place of a text may have been read as UCS-2, two for one character.
    """
    if read and not read.strip("*\u2a2a"):
        return visit.say("（内容已隐藏）", "(text hidden)")
    return read


def _told(visit: Visit, fields: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name, value in fields.items():
        key = name.replace("_", "").lower()
        if key in _NOISE or value in ("", None, []):
            continue
        if key in _REPORTS and isinstance(value, dict):
            yield from _told(visit, value)
        else:
            yield name, visit.say(*_LABELS.get(key, ("", ""))), _plain(value)


def _words(visit: Visit, command: str) -> str:
    answer = command.endswith("resp")
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
