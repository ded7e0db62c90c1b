"""
A message's steps as people read them: words, looks, how long each took.
"""

from collections.abc import Sequence

import attrs

from smsgw.storage.finding import FAILED
from smsgw.views import Step

__all__ = ["Timed", "kind_of", "timed", "words_of"]

_GOOD, _BAD = frozenset({"delivered"}), frozenset({*FAILED})
_LOOKS = {"refused": "bad", "uncertain": "wait", "again": "wait", "held": "wait"}
_STEPS = {
    "accepted": ("已受理", "accepted"),
    "routed": ("已选路", "routed"),
    "answered": ("运营商已应答", "carrier answered"),
    "submitted": ("已提交运营商", "taken by the carrier"),
    "receipt": ("收到状态报告", "receipt"),
    "final": ("终态", "ended"),
    "cancel": ("撤回", "canceled"),
    "again": ("将重发", "to be sent again"),
    "uncertain": ("结果不确定", "uncertain"),
    "refused": ("运营商拒绝", "refused by the carrier"),
    "callback": ("已回写业务系统", "written back"),
    "held": ("等待审核", "waits for consent"),
}


@attrs.frozen
class Timed:
    """
    A step, the seconds since the one before it, and how it looks.
    """

    step: Step
    after: float
    kind: str


def timed(steps: Sequence[Step]) -> list[Timed]:
    """
    Each with its time since the one before.
    """
    told, last = [], steps[0].at if steps else 0.0
    for step in steps:
        told.append(Timed(step, max(0.0, step.at - last), _look_of(step)))
        last = step.at
    return told


def kind_of(state: str) -> str:
    """
    How a state looks: good, bad, wait or info.
    """
    if state in _GOOD:
        return "good"
    if state in _BAD:
        return "bad"
    return "info" if state in ("submitted", "submitting") else "wait"


def _look_of(step: Step) -> str:
    """
    By the end it led to, or a receipt's own state, or what its kind means: it is over,
    whatever waits since.
    """
    if step.kind == "receipt":
        return kind_of(step.note)
    ended = step.state in _GOOD or step.state in _BAD
    return kind_of(step.state) if ended else _LOOKS.get(step.kind, "info")


def words_of(step: Step) -> tuple[str, str]:
    """
    Chinese and English.
    """
    return _STEPS.get(step.kind, (step.kind, step.kind))
