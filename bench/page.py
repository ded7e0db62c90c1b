"""
The page of results: a table of asked, must and reached, and a drawing of each scenario
beside what is asked, its peers and its earlier runs.
"""

import json
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Any

from bench.drawing import Bar, bars, curves, number, spark, stacked
from bench.targets import PEERS, TARGETS, Target, value_at

__all__ = ["draw", "targets_of"]

Result = dict[str, Any]
_VARIANTS = {"-rules": "全部规则 all rules", "-sealed": "加密存储 sealed"}
_STYLE = Path(__file__).with_name("page.css")
_REST = ("scenario", "figure", "unit", "machine", "versions", "cpu_us_per_message")
_RUNS = 30
_REDUCED = "，缩小规模 reduced size"


def draw(results: Sequence[Result]) -> str:
    """
    HTML that needs nothing else; the newest result of each scenario, earlier ones as
    a small line.
    """
    runs: dict[str, list[Result]] = {}
    for line in results:
        runs.setdefault(line["scenario"], []).append(line)
    newest = max(results, key=lambda one: str(one.get("at", "")), default={})
    cards = "".join(_card(name, lines) for name, lines in runs.items())
    return (
        '<!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>smsgw 性能 benchmarks</title>"
        f"<style>{_STYLE.read_text('utf-8')}</style></head><body><main>"
        "<h1>短信网关性能 <small>smsgw benchmarks</small></h1>"
        f"{_facts(newest)}"
        "<h2>要求与实测 <small>asked, must, reached</small></h2>"
        f"{_table(runs)}"
        "<h2>各场景 <small>scenarios</small></h2>"
        f'<div class="cards">{cards}</div></main></body></html>'
    )


def targets_of(name: str) -> list[Target]:
    """
    A scenario's own, or those of the one it is a variant of.
    """
    for ending in _VARIANTS:
        name = name.removesuffix(ending)
    return [one for one in TARGETS if one.scenario == name]


def _variant(name: str) -> str:
    found = [words for ending, words in _VARIANTS.items() if name.endswith(ending)]
    return f"，{found[0]}" if found else ""


def _facts(newest: Result) -> str:
    machine, versions = newest.get("machine", {}), newest.get("versions", {})
    facts = {
        "时间 at": newest.get("at", ""),
        "版本 revision": newest.get("revision", ""),
        "处理器 processor": machine.get("processor", ""),
        "核 cores": machine.get("cores", ""),
        "内存 memory": f"{machine['memory_mb']:,} MB" if machine else "",
        "落盘 fsync p50": f"{machine['fsync_p50_ms']} ms" if machine else "",
        "测前负载 load before": machine.get("load", ""),
        **{name: versions.get(name, "") for name in ("python", "valkey", "sqlite")},
    }
    told = "".join(
        f"<li>{escape(name)} <b>{escape(str(value))}</b></li>"
        for name, value in facts.items()
        if value != ""
    )
    return (
        '<p class="lead">网关、队列、记录、模拟运营商与压力源同在一台机器。'
        "Gateway, queue, record, simulated carriers and load source on one machine."
        f'</p><ul class="facts">{told}</ul>'
    )


def _table(runs: dict[str, list[Result]]) -> str:
    rows = "".join(
        _row(name, lines, target)
        for name, lines in runs.items()
        for target in targets_of(name)
    )
    heads = "".join(
        f"<th>{word}</th>"
        for word in (
            "指标 figure",
            "客户要求 asked",
            "必达 must",
            "目标 aim",
            "实测 reached",
            "",
            "历次 earlier runs",
            "CPU µs/条",
        )
    )
    return (
        f'<div class="wide"><table><thead><tr>{heads}</tr></thead>{rows}</table></div>'
    )


def _row(name: str, lines: list[Result], target: Target) -> str:
    figure = value_at(lines[-1], target.place)
    if figure is None:
        return ""
    history = [value_at(one, target.place) for one in lines[-_RUNS:]]
    asked = number(target.asked) if target.asked else "–"
    cpu = sum(lines[-1].get("cpu_us_per_message", {}).values())
    cells = (
        asked,
        number(target.must),
        number(target.aim),
        f"<b>{number(figure)}</b> <small>{escape(target.unit)}</small>",
        _badge(figure, target),
        spark([one for one in history if one is not None], target.must),
        number(round(cpu, 1)) if cpu else "–",
    )
    return (
        f"<tr><td>{escape(target.name + _variant(name))}"
        f" <small>{escape(name)}{_REDUCED if lines[-1].get('reduced') else ''}</small>"
        "</td>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
    )


def _badge(figure: float, target: Target) -> str:
    if target.reached(figure, target.aim):
        return '<span class="badge yes">达到目标 aim</span>'
    if target.reached(figure, target.must):
        return '<span class="badge yes">达到必达 must</span>'
    if target.asked and target.reached(figure, target.asked):
        return '<span class="badge no">满足要求 asked only</span>'
    return '<span class="badge no">未达到 not yet</span>'


def _card(name: str, lines: list[Result]) -> str:
    line = lines[-1]
    targets = [one for one in targets_of(name) if one.place == "figure"]
    whole = " whole" if name == "scaling" else ""
    costs = line.get("cpu_us_per_message", {})
    parts = [
        f'<figure class="card{whole}"><h3>{escape(name)} <small>'
        f"{number(line['figure'])} {escape(line['unit'])}"
        f"{_REDUCED if line.get('reduced') else ''}</small></h3>",
        *(f"<figcaption>{escape(one.name)}</figcaption>" for one in targets[:1]),
        _drawing(name, lines, targets),
        stacked(costs, f"{name}: CPU µs") if costs else "",
        "<details><summary>明细 details</summary>",
        f"<pre>{_details(line)}</pre></details>",
        "</figure>",
    ]
    return "".join(parts)


def _drawing(name: str, lines: list[Result], targets: list[Target]) -> str:
    if name == "scaling":
        totals = {
            part: {size: sum(cost.values()) for size, cost in sizes.items()}
            for part, sizes in lines[-1]["sizes"].items()
        }
        return curves(totals, "CPU µs 每条 per message, by size")
    given = [Bar("smsgw", float(lines[-1]["figure"]))]
    if len(lines) > 1:
        given.append(Bar("上次 run before", float(lines[-2]["figure"]), "peer"))
    given += [Bar(peer, value, "peer") for peer, value in PEERS.get(name, ())]
    marks = dict(_marks(targets[0])) if targets else {}
    return bars(given, marks, name)


def _marks(target: Target) -> Iterator[tuple[str, float]]:
    if target.asked:
        yield "要求 asked", target.asked
    yield "必达 must", target.must
    if target.aim != target.must:
        yield "目标 aim", target.aim


def _details(line: Result) -> str:
    told = {name: value for name, value in line.items() if name not in _REST}
    told["machine"], told["versions"] = line.get("machine"), line.get("versions")
    return escape(
        "\n".join(
            f"{name}: {json.dumps(value, ensure_ascii=False)}"
            for name, value in told.items()
            if value not in (None, {}, [])
        )
    )
