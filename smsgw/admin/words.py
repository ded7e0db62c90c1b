"""
The console's words, Chinese with English beside them.
"""

from collections.abc import Mapping
from typing import Literal

__all__ = ["WORDS", "Language", "half", "language", "say"]

Language = Literal["zh", "en"]

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("短信网关运行状态", "SMS gateway status"),
    "node": ("节点", "Node"),
    "healthy": ("运行正常", "Everything works"),
    "unhealthy": ("需要关注", "Needs attention"),
    "parts": ("组成部分", "Parts"),
    "depths": ("排队数量", "Waiting messages"),
    "counters": ("累计数量", "Counters"),
    "works": ("正常", "works"),
    "fails": ("异常", "fails"),
    "nothing": ("暂无数据", "Nothing yet"),
    "other": ("English", "中文"),
    "queue": ("消息队列", "queue"),
    "record": ("记录数据库", "record"),
    "critical": ("危急值", "critical"),
    "code": ("验证码", "codes"),
    "otp": ("验证码", "verification code"),
    "appointment": ("预约", "appointment"),
    "report": ("报告", "report"),
    "medication": ("用药", "medication"),
    "notice": ("通知", "notice"),
    "bulk": ("群发", "bulk"),
    "marketing": ("营销", "marketing"),
    "auto": ("按内容识别", "told from the text"),
    "mobile": ("移动", "Mobile"),
    "unicom": ("联通", "Unicom"),
    "telecom": ("电信", "Telecom"),
    "broadnet": ("广电", "Broadnet"),
    "unknown": ("未知", "unknown"),
    "accepted": ("已受理", "accepted"),
    "scheduled": ("定时待发", "scheduled"),
    "held": ("待审核", "held for consent"),
    "queued": ("排队中", "queued"),
    "submitting": ("提交中", "submitting"),
    "submitted": ("已提交", "submitted"),
    "delivered": ("已送达", "delivered"),
    "undelivered": ("未送达", "undelivered"),
    "rejected": ("被拒绝", "rejected"),
    "expired": ("已过期", "expired"),
    "canceled": ("已撤回", "canceled"),
    "disk": ("磁盘空间", "disk"),
    "memory": ("内存", "memory"),
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
    "smsgw_switches_total": ("通道切换", "channel switches"),
    "smsgw_retries_total": ("重发", "sent again"),
    "smsgw_refusals_total": ("运营商拒绝", "carrier refusals"),
    "smsgw_link_drops_total": ("断线", "lost connections"),
    "smsgw_series_dropped_total": ("指标过多", "metrics left out"),
    "smsgw_callbacks_total": ("回调", "callbacks"),
    "smsgw_queue_messages": ("队列消息", "messages in queues"),
    "smsgw_connections": ("运营商连接", "carrier connections"),
    "smsgw_window_used": ("窗口占用", "window used"),
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


def half(told: str, language: Language) -> str:
    """
    One language of words that hold both, Chinese first: C{zh / en}.
    """
    chinese, mark, english = told.partition(" / ")
    return english if mark and language == "en" else chinese
