"""
What a campaign of blows showed, for those who accept the system.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any

import attrs

from smsgw.cli.proving.faults import Blow

__all__ = ["Certificate"]

#: What may not have been tried: said on the page, so that nobody infers it.
_ELSEWHERE = {
    "database killed": "PostgreSQL 宕机 PostgreSQL killed",
    "database stopped": "PostgreSQL 暂停 PostgreSQL stopped",
    "disk full": "磁盘写满 full disk",
}
_NEVER = "Valkey 主从切换 failover to a replica"


@attrs.frozen
class Certificate:
    """
    Counts of messages: accepted, lost, doubled (marked uncertain, or C{silent}), and
    the C{bound} that doubles may have; whether balance and wallet are exact. C{put_off}
    are requests that were answered "not now", and repeated.
    """

    seed: int
    seconds: float
    blows: Sequence[Blow]
    accepted: int
    refused: int
    lost: int
    doubled: int
    silent: int
    bound: int
    states: Mapping[str, int]
    balanced: bool
    wallet_exact: bool
    versions: Mapping[str, str] = attrs.field(factory=dict)
    put_off: int = 0

    @property
    def untried(self) -> tuple[str, ...]:
        """
        What no blow was.
        """
        tried = {one.kind for one in self.blows}
        left = (words for kind, words in _ELSEWHERE.items() if kind not in tried)
        return (*left, _NEVER)

    @property
    def kills(self) -> int:
        """
        How often a process was ended by kill -9.
        """
        return sum(one.kills for one in self.blows)

    @property
    def passed(self) -> bool:
        """
        Nothing lost, nothing doubled without a mark, doubles within bounds, and all
        accounts exact.
        """
        return (
            self.accepted > 0
            and not self.lost
            and not self.silent
            and self.doubled <= self.bound
            and self.balanced
            and self.wallet_exact
        )

    @property
    def recovery(self) -> tuple[float, float, float]:
        """
        Median, 95th percentile and maximum of the seconds until ready.
        """
        times = sorted(one.recovery for one in self.blows) or [0.0]
        return (
            median(times),
            times[min(len(times) - 1, len(times) * 95 // 100)],
            times[-1],
        )

    def text(self) -> str:
        """
        As a page in Markdown, Chinese with English beside.
        """
        kinds = Counter(one.kind for one in self.blows)
        middle, late, worst = self.recovery
        verdict = "通过 passed" if self.passed else "未通过 FAILED"
        rows = [
            ("结论 verdict", verdict),
            ("打击 blows", f"{len(self.blows)}，kill -9 {self.kills}"),
            ("随机种子 seed", self.seed),
            ("历时 duration", f"{self.seconds:.0f} s"),
            ("受理 accepted", self.accepted),
            ("拒绝 refused", self.refused),
            ("请稍后再试 told to repeat later (503)", self.put_off),
            ("丢失 lost", self.lost),
            (
                "重复 doubled",
                f"{self.doubled}（上限 bound {self.bound}，已标记 marked）",
            ),
            ("未标记的重复 doubled without a mark", self.silent),
            ("对账 balance", "平衡 exact" if self.balanced else "不平 OFF"),
            ("钱包 wallet", "分文不差 exact" if self.wallet_exact else "不平 OFF"),
            (
                "恢复 recovery",
                f"中位 median {middle:.1f} s，95 % {late:.1f} s，最长 {worst:.1f} s",
            ),
            (
                "终态 final states",
                "，".join(f"{k} {v}" for k, v in self.states.items()),
            ),
            ("版本 versions", "，".join(f"{k} {v}" for k, v in self.versions.items())),
        ]
        lines = ["# 不丢失证书 Certificate: nothing lost", "", "| | |", "|---|---|"]
        lines += [f"| {name} | {value} |" for name, value in rows]
        lines += ["", "| 打击 blow | 次数 times |", "|---|---|"]
        lines += [f"| {name} | {many} |" for name, many in sorted(kinds.items())]
        lines += ["", f"未包含 not exercised: {'；'.join(self.untried)}"]
        return "\n".join(lines) + "\n"

    def json(self) -> str:
        """
        The same as one object.
        """
        told: dict[str, Any] = attrs.asdict(self)
        told |= {"passed": self.passed, "kills": self.kills, "recovery": self.recovery}
        told["not_exercised"] = self.untried
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"
