"""
What goes wrong between us and a carrier's gateway, in words with what to do.
"""

from collections.abc import Mapping

import attrs
from twisted.internet.defer import TimeoutError as TooLong
from twisted.internet.error import (
    ConnectError,
    ConnectingCancelledError,
    DNSLookupError,
    TimeoutError,
)

from smsgw.rules.encyclopaedia import chapters

__all__ = ["REASONS", "Trouble", "Words", "login_words", "of_connecting"]

Words = tuple[str, str]
_LOGINS = ("connect", "login", "bind")
_NOTHING: Words = ("", "")

#: By the kind of trouble: what it is, and what to do, each Chinese and English.
REASONS: Mapping[str, tuple[Words, Words]] = {
    "unknown": (
        ("找不到这个地址", "there is no such address"),
        (
            "检查地址的拼写和本机的域名解析",
            "check how it is spelled, and this machine's name servers",
        ),
    ),
    "closed": (
        ("对方拒绝连接", "the other side takes no connection"),
        (
            "核对端口；请运营商确认接口机已开通",
            "check the port; ask the carrier whether its gateway is open",
        ),
    ),
    "silent": (
        ("对方没有回应", "nothing comes back"),
        (
            "检查专线、防火墙和白名单：多数运营商只放行登记过的地址",
            "check line, firewall and allow list: most carriers let known addresses"
            " in only",
        ),
    ),
    "login_refused": (
        ("登录被拒绝", "the login was refused"),
        (
            "向运营商核对登录名和密码；时钟偏差和连接数用满也会被拒",
            "check login and secret with the carrier; a wrong clock or too many"
            " connections are refused, too",
        ),
    ),
    "login_timeout": (
        ("登录后没有答复", "the login was not answered"),
        (
            "核对协议和版本，以及运营商登记的本机出口地址",
            "check protocol and version, and the address the carrier knows us by",
        ),
    ),
    "lost": (
        ("连接中断", "the connection broke off"),
        (
            "会自动重连；反复中断请查专线和防火墙的空闲时限",
            "it comes back by itself; if it happens again and again, look at line and"
            " firewall",
        ),
    ),
    "peer_terminated": (
        ("对方要求断开", "the other side said goodbye"),
        (
            "会自动重连；反复发生请问运营商是否在维护或连接数超限",
            "it comes back by itself; if it goes on, ask the carrier about maintenance"
            " or too many connections",
        ),
    ),
    "framing": (
        ("收到的数据不合协议", "what came is not of this protocol"),
        (
            "核对协议和端口；可开始跟踪，看收到了什么",
            "check protocol and port; a trace shows what came",
        ),
    ),
    "version": (
        ("对方的协议版本低于我们的", "the other side speaks an older version"),
        ("在通道里改协议版本", "change the version in the channel's form"),
    ),
    "terminated": (("我方断开", "we left"), _NOTHING),
    "aborted": (("我方断开", "we hung up"), _NOTHING),
}
_ALIKE = {
    "violations": "framing",
    "unknown_commands": "framing",
    "unexpected": "framing",
}
_OURS = frozenset({"terminated", "aborted"})


@attrs.frozen
class Trouble:
    """
    C{kind} is a key of L{REASONS}; C{code} the carrier's to a login, C{at} epoch
    seconds.
    """

    kind: str
    at: float
    code: int = 0

    @classmethod
    def of(cls, reason: str, code: int, at: float) -> "Trouble | None":
        """
        Of a session that ended for this reason; none if we wanted that.
        """
        if reason in _OURS:
            return None
        known = _ALIKE.get(reason, reason)
        return cls(known if known in REASONS else "lost", at, code)


def of_connecting(error: BaseException | None) -> str:
    """
    The kind of trouble that kept a connection from coming about.
    """
    if isinstance(error, DNSLookupError):
        return "unknown"
    if isinstance(error, TimeoutError | TooLong | ConnectingCancelledError):
        return "silent"
    return "closed" if isinstance(error, ConnectError | OSError) else "lost"


def login_words(protocol: str, code: int) -> Words:
    """
    What a carrier's answer to a login means; '' for what nobody knows.
    """
    found = chapters(protocol)
    rows = next((found[name] for name in _LOGINS if name in found), {})
    entry = rows.get(str(code))
    return (entry.zh, entry.en) if entry is not None else _NOTHING
