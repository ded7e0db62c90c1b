"""
The console's words, Chinese with English beside them.
"""

from collections.abc import Mapping
from typing import Literal

__all__ = ["WORDS", "Language", "language", "say"]

Language = Literal["zh", "en"]

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("短信网关运行状态", "SMS gateway status"),
    "node": ("节点", "Node"),
    "healthy": ("运行正常", "Everything works"),
    "unhealthy": ("需要关注", "Needs attention"),
    "unknown": ("状态暂时无法读取，请稍后刷新", "Status not readable, try again soon"),
    "parts": ("组成部分", "Parts"),
    "depths": ("排队数量", "Waiting messages"),
    "counters": ("累计数量", "Counters"),
    "works": ("正常", "works"),
    "fails": ("异常", "fails"),
    "nothing": ("暂无数据", "Nothing yet"),
    "other": ("English", "中文"),
    "queue": ("消息队列", "queue"),
    "record": ("记录数据库", "record"),
    "critical": ("危急", "critical"),
    "code": ("验证码", "codes"),
    "notice": ("通知", "notices"),
    "bulk": ("群发", "bulk"),
    "intake": ("待分拣", "intake"),
    "out": ("待发送", "to be sent"),
    "due": ("定时待发", "scheduled"),
    "leased": ("发送中", "in flight"),
    "open": ("待回执", "waiting for receipt"),
    "facts": ("待入库", "waiting for the record"),
    "smsgw_accepted_total": ("已受理", "accepted"),
    "smsgw_refused_total": ("已拒绝", "refused"),
    "smsgw_logins_total": ("登录次数", "logins"),
    "smsgw_requests_total": ("请求", "requests"),
    "smsgw_dispatched_total": ("已分拣", "dispatched"),
    "smsgw_segments_total": ("已发送分段", "segments sent"),
    "smsgw_responses_total": ("运营商应答", "carrier answers"),
    "smsgw_receipts_total": ("状态报告", "receipts"),
    "smsgw_inbound_total": ("上行短信", "replies"),
    "smsgw_orphans_total": ("未匹配报告", "orphan receipts"),
    "smsgw_ended_total": ("已终态", "ended"),
    "smsgw_uncertain_total": ("不确定分段", "uncertain segments"),
    "smsgw_recorded_total": ("已入库", "recorded"),
    "smsgw_callbacks_total": ("回调", "callbacks"),
    "smsgw_queue_messages": ("队列消息", "messages in queues"),
    "smsgw_connections": ("运营商连接", "carrier connections"),
    "smsgw_window_room": ("窗口余量", "window room"),
    "smsgw_record_lag": ("入库滞后", "record lag"),
}


def language(asked: str) -> Language:
    """
    The language that was asked for; Chinese unless English is.
    """
    return "en" if asked == "en" else "zh"


def say(name: str, language: Language) -> str:
    """
    A name in words; one that has none (a channel's id) stays as it is.
    """
    words = WORDS.get(name)
    if words is None:
        return name
    return words[language == "en"]
