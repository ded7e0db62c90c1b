"""
The page that draws the newest figures beside what is asked, and the peers.
"""

import math
from html import escape
from typing import Any

__all__ = ["draw"]

TARGETS = {
    "accept-batch": (80_000, 120_000, 200_000),
    "accept-same": (80_000, 300_000, 600_000),
    "accept-single": (0, 3_000, 20_000),
    "send": (5_000, 10_000, 30_000),
}
PEERS = {
    "accept-single": (("Kannel, memory", 19_000), ("Jasmin", 2_400)),
    "send": (("Kannel, receipts", 1_817), ("Jasmin, receipts", 22)),
}
_STYLE = (
    "body{font:15px/1.5 system-ui,'Noto Sans CJK SC',sans-serif;max-width:56rem;"
    "margin:2rem auto;padding:0 1rem}svg{width:100%;height:auto}"
)


def draw(results: list[dict[str, Any]]) -> str:
    """
    HTML with one bar chart per scenario, logarithmic; newest result of each.
    """
    newest = {line["scenario"]: line for line in results}
    parts = [_chart(name, line) for name, line in newest.items()]
    return (
        '<!DOCTYPE html><html lang="zh"><meta charset="utf-8">'
        f"<title>smsgw 性能 benchmarks</title><style>{_STYLE}</style>"
        f"<h1>smsgw 性能 benchmarks</h1>{''.join(parts)}</html>"
    )


def _chart(name: str, line: dict[str, Any]) -> str:
    asked, must, aim = TARGETS.get(name, (0, 0, 0))
    bars = [("smsgw", line["figure"], "#0a7d55")]
    bars += [(peer, figure, "#888") for peer, figure in PEERS.get(name, ())]
    bars += [
        (word, figure, "#c9d6e2")
        for word, figure in (
            ("要求 asked", asked),
            ("必达 must", must),
            ("目标 aim", aim),
        )
        if figure
    ]
    rows = "".join(_bar(n, *bar) for n, bar in enumerate(bars))
    cpu = ", ".join(f"{k} {v} µs" for k, v in line["cpu_us_per_message"].items())
    return (
        f"<h2>{escape(name)}: {line['figure']:,} {escape(line['unit'])}</h2>"
        f'<svg viewBox="0 0 700 {len(bars) * 26}" role="img" '
        f'aria-label="{escape(name)}">{rows}</svg><p>CPU: {escape(cpu)}</p>'
    )


def _bar(place: int, word: str, figure: float, colour: str) -> str:
    width = max(2.0, math.log10(max(1.0, figure)) / 6 * 420)
    y = place * 26
    return (
        f'<text x="0" y="{y + 17}" font-size="13">{escape(word)}</text>'
        f'<rect x="150" y="{y + 4}" width="{width:.0f}" height="18" fill="{colour}"/>'
        f'<text x="{160 + width:.0f}" y="{y + 17}" font-size="13">{figure:,.0f}</text>'
    )
