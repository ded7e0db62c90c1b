"""
What patients answer: they confirm, cancel, opt out, or write something.
"""

import attrs

from smsgw.chronicle.people import Chances, pick
from smsgw.directory import Channel
from smsgw.message import Fact, Inbound

__all__ = ["Answers"]

_CONFIRM, _CANCEL, _STOP = (
    ("1", "确认", "好的，收到"),
    ("2", "取消"),
    ("TD", "T", "退订"),
)
_FREE = (
    "收到，谢谢",
    "请问可以改到下午吗？",
    "需要空腹吗",
    "我已经在路上了",
    "医生您好，报告上的结节要紧吗？",
    "几楼？",
    "不是本人，发错了",
    "停车方便吗",
)
_KINDS = ((_CONFIRM, 0.52), (_CANCEL, 0.68), (_STOP, 0.75), (_FREE, 1.01))
_UCS2 = 8


@attrs.define(eq=False)
class Answers:
    """
    Replies; C{stopped} tells when which (account, number) opted out.
    """

    chance: Chances
    stopped: dict[tuple[str, str], float] = attrs.field(factory=dict)
    _count: int = 0

    def to(
        self, account: str, number: str, channel: Channel, extension: str, at: float
    ) -> Fact:
        """
        Somebody's answer to an account's message, at that time.
        """
        share = self.chance()
        words = next(words for words, upto in _KINDS if share < upto)
        text = pick(self.chance, words)
        if words is _STOP and extension:
            self.stopped.setdefault((account, number), at)
        return self.reply(number, text, channel, channel.access_number + extension, at)

    def reply(
        self, number: str, text: str, channel: Channel, access: str, at: float
    ) -> Fact:
        """
        A text from a number, as a channel brings it.
        """
        self._count += 1
        delivery = f"D{int(at * 1000):x}{self._count:x}"
        inbound = Inbound(
            channel.id, delivery, number, access, b"", _UCS2, at, text=text
        )
        name = f"{channel.id}|{delivery}|{number}"
        return Fact("inbound", name, at, "", channel.id, inbound=inbound)
