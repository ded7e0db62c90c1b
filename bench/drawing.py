"""
The page's drawings, as SVG: bars beside marks, earlier runs as a small line, cost
against size.
"""

import math
from collections.abc import Mapping, Sequence
from html import escape

import attrs

__all__ = ["Bar", "Scale", "bars", "curves", "number", "spark", "stacked"]

WIDTH, LEFT, ROW = 600, 185, 30
_LINES = ("c1", "c2", "c3", "c4", "c5")
_COLOURS = {
    "gateway": "c1",
    "valkey": "c2",
    "recorder": "c3",
    "source": "c4",
    "simulator": "c5",
}


@attrs.frozen
class Bar:
    """
    A bar and its words; C{kind} is its class in the style sheet.
    """

    name: str
    value: float
    kind: str = "ours"


@attrs.frozen
class Scale:
    """
    Logarithmic from a tenth of the least to the most, so that 22 and 600,000 are both
    seen; linear where something is 0.
    """

    values: Sequence[float]
    width: float = WIDTH - LEFT - 70.0

    def at(self, value: float) -> float:
        """
        Where a value is.
        """
        most, least = max(self.values, default=1.0), min(self.values, default=1.0)
        if least <= 0:
            return self.width * max(0.0, value) / most if most > 0 else 0.0
        low = math.log10(least / 3)
        span = math.log10(most) - low
        return self.width * (math.log10(max(value, least / 3)) - low) / span


def number(value: float) -> str:
    """
    As people read it.
    """
    if value == 0:
        return "0"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def bars(given: Sequence[Bar], marks: Mapping[str, float], label: str) -> str:
    """
    Bars under each other; marks are lines through all of them, named above.
    """
    scale = Scale([*(one.value for one in given), *marks.values()])
    top = 14 * len(marks) + 6
    height = top + ROW * len(given) + 4
    parts = []
    for place, (name, value) in enumerate(sorted(marks.items(), key=lambda i: i[1])):
        x, y = LEFT + scale.at(value), 11 + 14 * place
        side = "end" if x > WIDTH - 150 else "start"
        parts.append(
            f'<line class="mark" x1="{x:.0f}" x2="{x:.0f}" y1="{y - 8}" y2="{height}"/>'
            f'<text class="small" x="{x + (-4 if side == "end" else 4):.0f}" y="{y}"'
            f' text-anchor="{side}">{escape(name)} {number(value)}</text>'
        )
    for place, one in enumerate(given):
        y, width = top + ROW * place, max(2.0, scale.at(one.value))
        parts.append(
            f'<text x="{LEFT - 10}" y="{y + 17}" text-anchor="end">'
            f"{escape(one.name)}</text>"
            f'<rect class="{one.kind}" x="{LEFT}" y="{y + 3}" rx="3"'
            f' width="{width:.0f}" height="20"/>'
            f'<text class="value" x="{LEFT + width + 7:.0f}" y="{y + 18}">'
            f"{number(one.value)}</text>"
        )
    return _svg(height, label, "".join(parts))


def spark(values: Sequence[float], must: float = 0.0) -> str:
    """
    Earlier runs, the newest as a dot; the mark dashed.
    """
    if len(values) < 2:
        return ""
    width, height = 150.0, 34.0
    shown = [*values, must] if must else list(values)
    low, high = min(shown), max(shown)
    span = high - low or 1.0

    def y(value: float) -> float:
        return height - 5 - (height - 10) * (value - low) / span

    step = (width - 10) / (len(values) - 1)
    points = [(5 + step * place, y(value)) for place, value in enumerate(values)]
    line = " ".join(f"{x:.1f},{top:.1f}" for x, top in points)
    dashed = (
        f'<line class="mark" x1="0" x2="{width:.0f}" y1="{y(must):.1f}"'
        f' y2="{y(must):.1f}"/>'
        if must
        else ""
    )
    x, top = points[-1]
    label = f"{len(values)} 次 runs: {number(values[0])} → {number(values[-1])}"
    return (
        f'<svg class="spark" viewBox="0 0 {width:.0f} {height:.0f}" role="img"'
        f' aria-label="{label}"><title>{label}</title>{dashed}'
        f'<polyline points="{line}"/><circle cx="{x:.1f}" cy="{top:.1f}" r="3.5"/>'
        "</svg>"
    )


def stacked(costs: Mapping[str, float], label: str) -> str:
    """
    CPU of each process beside each other, and their names below.
    """
    total = sum(costs.values())
    if not total:
        return ""
    x, parts, names = 0.0, [], []
    for name, value in sorted(costs.items()):
        width = WIDTH * value / total
        kind = _COLOURS.get(name.partition(" ")[0], "c5")
        parts.append(
            f'<rect class="{kind}" x="{x:.1f}" y="0" width="{width:.1f}" height="14"/>'
        )
        names.append(f'<span class="key {kind}">{escape(name)} {number(value)}</span>')
        x += width
    return _svg(14, label, "".join(parts)) + f'<p class="keys">{"".join(names)}</p>'


def curves(found: Mapping[str, Mapping[str, float]], label: str) -> str:
    """
    Cost against size, one line each; sizes are steps, not a scale.
    """
    most = max((max(one.values()) for one in found.values()), default=1.0) or 1.0
    left, high, parts = 60, 190, []
    for place in range(5):
        y = 20 + high * place / 4
        told = number(round(most * (4 - place) / 4))
        parts.append(
            f'<line class="grid" x1="{left}" x2="{WIDTH - 140}" y1="{y}" y2="{y}"/>'
            f'<text class="small" x="{left - 8}" y="{y + 4}" text-anchor="end">'
            f"{told}</text>"
        )
    step = (WIDTH - 140 - left) / 2.0
    ends = sorted(found, key=lambda name: -list(found[name].values())[-1])
    for name, sizes in found.items():
        kind = _LINES[list(found).index(name) % len(_LINES)]
        points = [
            (left + step * place, 20 + high * (1 - value / most))
            for place, value in enumerate(sizes.values())
        ]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        parts.append(f'<polyline class="{kind}" points="{line}"/>')
        parts += [
            f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>'
            for x, y in points
        ]
        y = 34 + 17 * ends.index(name)
        parts.append(
            f'<text class="{kind}" x="{WIDTH - 126}" y="{y}">{escape(name)}'
            f" {number(list(sizes.values())[-1])}</text>"
        )
    for place, word in enumerate(("小 small", "中 medium", "大 large")):
        parts.append(
            f'<text class="small" x="{left + step * place:.0f}" y="{high + 42}"'
            f' text-anchor="middle">{word}</text>'
        )
    return _svg(high + 50, label, "".join(parts))


def _svg(height: float, label: str, parts: str) -> str:
    return (
        f'<svg viewBox="0 0 {WIDTH} {height:.0f}" role="img"'
        f' aria-label="{escape(label)}">{parts}</svg>'
    )
