"""
What is written about metrics, for people and for Prometheus, is what the code has.
"""

import re
from pathlib import Path

from smsgw.metrics import METRICS, Metric

ROOT = Path(__file__).parent.parent
PAGES = ("docs/metrics.md", "docs/operating.md", "etc/prometheus-alerts.yml")
KINDS = {"seconds": "histogram"}
TAILS = ("_bucket", "_sum", "_count")


def row(one: Metric) -> str:
    """
    A metric as the page has it.
    """
    labels = ", ".join(f"`{label}`" for label in one.labels)
    kind = KINDS.get(one.kind, one.kind)
    return f"| `{one.name}` | {kind} | {labels} | {one.words} |"


def test_the_table() -> None:
    """
    Every metric, in the code's order, and then those of every process.
    """
    page = (ROOT / "docs" / "metrics.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| `smsgw_")]

    assert [row(one) for one in METRICS] == rows


def test_every_name_exists() -> None:
    """
    Whoever copies a name gets something.
    """
    known = {one.name for one in METRICS}
    known |= {one.name + t for one in METRICS if one.kind == "seconds" for t in TAILS}
    for page in PAGES:
        text = (ROOT / page).read_text("utf-8")
        found = set(re.findall(r"\bsmsgw_[a-z0-9_]+[a-z0-9]\b", text))
        assert set() == found - known, page


def test_alerts_name_labels_that_are_there() -> None:
    """
    A summary shows only labels of the metric that it is about.
    """
    text = (ROOT / "etc" / "prometheus-alerts.yml").read_text("utf-8")
    labels = {one.name: set(one.labels) for one in METRICS}
    rules = text.split("- alert:")[1:]

    assert 15 <= len(rules)
    for rule in rules:
        names = re.findall(r"(smsgw_[a-z0-9_]+?)(?:_bucket)?\b", rule)
        shown = set(re.findall(r"\$labels\.(\w+)", rule))
        assert shown <= set().union(*(labels[name] for name in names)), rule
