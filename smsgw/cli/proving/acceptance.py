"""
What an assessment showed, row by row of the requirements, for those who accept.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import attrs

from smsgw.cli.proving.machine import Machine

__all__ = ["Acceptance", "Line", "limit_of"]

_BUSY = 0.85
_ONE_THREAD = ("gateway", "valkey", "recorder")
_NAMES = {
    "gateway": "网关进程（单核） one core of the gateway",
    "valkey": "Valkey 进程（单核） one core of Valkey",
    "recorder": "记录进程（单核） one core of the recorder",
}


@attrs.frozen
class Line:
    """
    One row: what is asked, what this machine reached, whether that is enough (None:
    reckoned, not measured), and what limits it.
    """

    row: str
    name: str
    asked: str
    reached: str
    passed: bool | None
    limit: str = ""

    @property
    def verdict(self) -> str:
        """
        In words.
        """
        if self.passed is None:
            return "推算 reckoned"
        return "通过 passed" if self.passed else "未达到 NOT REACHED"


@attrs.frozen
class Acceptance:
    """
    The rows, the machine they were measured on, and the raw figures.
    """

    machine: Machine
    lines: Sequence[Line]
    seconds: float
    at: str
    quick: bool = False
    figures: Mapping[str, Any] = attrs.field(factory=dict)
    versions: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def passed(self) -> bool:
        """
        Every row that was measured.
        """
        return all(one.passed is not False for one in self.lines)

    def text(self) -> str:
        """
        As a page in Markdown, Chinese with English beside.
        """
        here = self.machine
        few = sum(one.passed is False for one in self.lines)
        verdict = (
            "全部通过 all passed" if self.passed else f"{few} 项未达到 not reached"
        )
        facts = [
            ("结论 verdict", verdict),
            ("时间 at", f"{self.at}，{self.seconds:.0f} s"),
            ("方式 kind", "快速 quick" if self.quick else "完整 full"),
            ("系统 system", here.system),
            ("处理器 processor", f"{here.processor}，{here.cores} 核 cores"),
            (
                "内存 memory",
                f"{here.memory_mb:,} MB，可用 available {here.free_mb:,} MB",
            ),
            (
                "磁盘落盘 fsync",
                f"中位 median {here.fsync_p50_ms} ms，99 % {here.fsync_p99_ms} ms",
            ),
            ("测前负载 load before", here.load),
            ("版本 versions", "，".join(f"{k} {v}" for k, v in self.versions.items())),
        ]
        lines = [
            "# 性能验收报告 What this server can do",
            "",
            "被测网关、队列、记录、模拟运营商与压力源同在本机运行；断电不丢（每次落盘）"
            "、回执、入库、计费与各项检查全部开启。",
            "Gateway, queue, record, simulated carriers and load ran together on this"
            " machine, with everything durable and every check on.",
            "",
            "| | |",
            "|---|---|",
            *(f"| {name} | {value} |" for name, value in facts),
            "",
            "| 条款 row | 指标 | 要求 asked | 实测 reached | 结论 | 瓶颈 limit |",
            "|---|---|---|---|---|---|",
        ]
        for one in self.lines:
            cells = (one.row, one.name, one.asked, one.reached, one.verdict, one.limit)
            lines.append(f"| {' | '.join(cells)} |")
        return "\n".join([*lines, "", *self._notes()])

    def _notes(self) -> list[str]:
        notes = []
        if self.machine.load > 0.5 * self.machine.cores:
            notes.append(
                "> 测前本机并不空闲，结果偏低。The machine was busy before: figures are"
                " too low."
            )
        if self.quick:
            notes.append(
                "> 快速方式只作试跑，验收请不带 --quick 再跑一次。"
                "Quick is a trial; accept by a full run."
            )
        return [line for note in notes for line in (note, "")]

    def json(self) -> str:
        """
        The same as one object, with the raw figures.
        """
        told = attrs.asdict(self) | {"passed": self.passed}
        return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def limit_of(figures: Mapping[str, Any], rate: float, cores: int) -> str:
    """
    What kept a rate from being higher: all cores, one process, or waiting. The figures
    tell microseconds of CPU per message and cores that others used.
    """
    cost, others = figures["cpu_us_per_message"], figures["other_cores"]
    shares = {name: one * rate / 1e6 for name, one in cost.items()}
    together = sum(shares.values())
    used = f"{together:.1f} / {cores}"
    if others >= 0.1 * cores:
        used += f"，其他程序 others {others:.1f}"
    if together + others >= _BUSY * cores:
        return f"本机处理器 all cores ({used})"
    name = max(_ONE_THREAD, key=lambda one: shares.get(one, 0.0))
    if shares.get(name, 0.0) >= _BUSY:
        return _NAMES[name]
    return f"等待磁盘、窗口与压力源 disk, windows, load source (CPU {used})"
