"""
What the service counts, under the names that monitoring reads.

Counting is one addition in a dict; the sums go to prometheus-client only when
somebody looks.
"""

from collections.abc import Callable, Mapping
from typing import Literal

import attrs
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

disable_created_metrics()  # a series more for each, that nobody reads

__all__ = ["CONTENT_TYPE", "METRICS", "Metric", "Metrics"]

CONTENT_TYPE = CONTENT_TYPE_LATEST

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
LONG = (0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600, 21600, 86400)
MOST = 2000  # series of one metric; a place for each more would be memory without end
OTHER = "other"


@attrs.frozen
class Metric:
    """
    A row of the table of metrics: its name, kind, labels and words.
    """

    name: str
    kind: Literal["counter", "gauge", "seconds"]
    labels: tuple[str, ...]
    words: str


METRICS = (
    # At the doors.
    Metric(
        "smsgw_accepted_total",
        "counter",
        ("account",),
        "Messages accepted; over carriers' protocols their parts.",
    ),
    Metric("smsgw_refused_total", "counter", ("code",), "Items refused at a door."),
    Metric(
        "smsgw_logins_total", "counter", ("door", "outcome"), "Logins at our doors."
    ),
    Metric("smsgw_requests_total", "counter", ("door", "status"), "Requests answered."),
    Metric("smsgw_accept_seconds", "seconds", (), "From request to durable."),
    # In the queue.
    Metric(
        "smsgw_dispatched_total", "counter", ("lane",), "Messages put in out queues."
    ),
    Metric(
        "smsgw_queue_messages",
        "gauge",
        ("place", "lane"),
        "Messages by place: intake and out by lane; due, leased (at channels), open"
        " (waiting for receipts).",
    ),
    Metric(
        "smsgw_queue_oldest_seconds",
        "gauge",
        ("lane",),
        "Age of the oldest submission that is not yet dispatched, 0 for none.",
    ),
    Metric("smsgw_exchange_seconds", "seconds", (), "One exchange with the queue."),
    Metric("smsgw_dispatch_seconds", "seconds", (), "One dispatch into the queue."),
    Metric("smsgw_retries_total", "counter", ("channel",), "Messages sent again."),
    Metric("smsgw_ended_total", "counter", ("state",), "Messages in a final state."),
    Metric(
        "smsgw_submit_seconds",
        "seconds",
        (),
        "From accepted to taken by a carrier, one message of each exchange.",
    ),
    Metric(
        "smsgw_final_seconds",
        "seconds",
        (),
        "From accepted to its final receipt, one message of each exchange.",
    ),
    # Channels.
    Metric(
        "smsgw_segments_total",
        "counter",
        ("channel",),
        "Segments submitted, once answered or lost.",
    ),
    Metric(
        "smsgw_responses_total",
        "counter",
        ("channel", "outcome"),
        "Answers of carriers to segments.",
    ),
    Metric(
        "smsgw_refusals_total",
        "counter",
        ("channel", "code"),
        "Segments refused by a carrier, by its code.",
    ),
    Metric("smsgw_receipts_total", "counter", ("channel", "state"), "Receipts read."),
    Metric("smsgw_inbound_total", "counter", ("channel",), "Replies read."),
    Metric("smsgw_orphans_total", "counter", ("channel",), "Receipts without owner."),
    Metric("smsgw_orphans_waiting", "gauge", (), "Receipts that may find theirs yet."),
    Metric("smsgw_uncertain_total", "counter", ("channel",), "Segments in doubt."),
    Metric(
        "smsgw_switches_total",
        "counter",
        ("channel", "to"),
        "Changes of a channel's state: well, tripped, canary, paused, draining.",
    ),
    Metric("smsgw_connections", "gauge", ("channel",), "Connections logged in."),
    Metric("smsgw_connections_wanted", "gauge", ("channel",), "Those configured."),
    Metric("smsgw_link_drops_total", "counter", ("channel",), "Connections lost."),
    Metric("smsgw_window_size", "gauge", ("channel",), "Places in windows."),
    Metric("smsgw_window_used", "gauge", ("channel",), "Of them, unanswered."),
    Metric("smsgw_channel_held", "gauge", ("channel",), "Messages in its hand."),
    Metric("smsgw_channel_well", "gauge", ("channel",), "1 while it is well, else 0."),
    Metric(
        "smsgw_channel_response_p95",
        "gauge",
        ("channel",),
        "Seconds in which 19 of 20 answers came lately.",
    ),
    Metric(
        "smsgw_channel_refusals",
        "gauge",
        ("channel",),
        "Share of segments refused lately for reasons of the channel.",
    ),
    Metric(
        "smsgw_channel_delivery",
        "gauge",
        ("channel",),
        "Share of deliveries among the final receipts of lately.",
    ),
    Metric(
        "smsgw_channel_backlog_seconds",
        "gauge",
        ("channel",),
        "How long the oldest message in hand has waited while nothing was taken.",
    ),
    Metric("smsgw_response_seconds", "seconds", ("channel",), "Carrier's answer."),
    # Callbacks.
    Metric("smsgw_callbacks_total", "counter", ("outcome",), "Callbacks to accounts."),
    Metric(
        "smsgw_callbacks_pending",
        "gauge",
        ("webhook",),
        "Events being pushed and not yet taken, 100 at most.",
    ),
    # The record.
    Metric("smsgw_record_lag", "gauge", (), "Facts not yet in the record."),
    Metric(
        "smsgw_record_behind_seconds",
        "gauge",
        (),
        "The record holds everything up to so long ago.",
    ),
    # The process and what it stands on.
    Metric("smsgw_up", "gauge", ("part",), "1 while a part works, else 0."),
    Metric("smsgw_shards_held", "gauge", (), "Shards that this node sends for."),
    Metric("smsgw_disk_free_bytes", "gauge", (), "Room where data_dir is."),
    Metric(
        "smsgw_memory_bytes",
        "gauge",
        ("part",),
        "Memory used: gateway (resident), queue (its server's data).",
    ),
    Metric(
        "smsgw_watermark",
        "gauge",
        ("of",),
        "disk, gateway, queue: 0 well, 1 low, 2 critical (nothing is accepted).",
    ),
    Metric("smsgw_queue_aof_ok", "gauge", (), "1 while the queue is kept on disk."),
    Metric("smsgw_queue_aof_bytes", "gauge", (), "Size of its append-only file."),
    Metric("smsgw_build_info", "gauge", ("version", "python"), "Always 1."),
    Metric("smsgw_series_dropped_total", "counter", (), "Too many labels to tell."),
)

_KINDS = {metric.name: metric for metric in METRICS}
_LONG = frozenset({"smsgw_submit_seconds", "smsgw_final_seconds"})


@attrs.define(eq=False)
class Metrics:
    """
    The counts of one service. An unknown name, or labels that do not fit, raise.

    Of one metric at most C{most} series are kept: further counts are C{other}'s,
    further levels and times are dropped, and that is counted.
    """

    most: int = MOST

    _registry: CollectorRegistry = attrs.field(
        factory=lambda: CollectorRegistry(auto_describe=True), init=False
    )
    _sums: dict[tuple[str, tuple[str, ...]], float] = attrs.field(
        factory=dict, init=False
    )
    _counters: dict[str, Counter] = attrs.field(factory=dict, init=False)
    _gauges: dict[str, Gauge] = attrs.field(factory=dict, init=False)
    _seconds: dict[str, Histogram] = attrs.field(factory=dict, init=False)
    _lookers: list[Callable[[], None]] = attrs.field(factory=list, init=False)
    _series: dict[str, set[tuple[str, ...]]] = attrs.field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        for one in METRICS:
            if one.kind == "counter":
                self._counters[one.name] = Counter(
                    one.name, one.words, one.labels, registry=self._registry
                )
            elif one.kind == "gauge":
                self._gauges[one.name] = Gauge(
                    one.name, one.words, one.labels, registry=self._registry
                )
            else:
                self._seconds[one.name] = Histogram(
                    one.name,
                    one.words,
                    one.labels,
                    registry=self._registry,
                    buckets=LONG if one.name in _LONG else SECONDS,
                )
        ProcessCollector(registry=self._registry)

    def count(self, name: str, amount: float = 1, *labels: str) -> None:
        """
        Add to a counter; C{labels} in the table's order.
        """
        key = (name, labels)
        try:
            self._sums[key] += amount
        except KeyError:
            self._check(name, "counter", labels)
            self._sums[key] = amount

    def level(self, name: str, value: float, *labels: str) -> None:
        """
        Set a gauge.
        """
        self._check(name, "gauge", labels)
        if labels and not self._room(name, labels):
            return
        gauge = self._gauges[name]
        (gauge.labels(*labels) if labels else gauge).set(value)

    def took(self, name: str, seconds: float, *labels: str) -> None:
        """
        Note how long something took.
        """
        self._check(name, "seconds", labels)
        if labels and not self._room(name, labels):
            return
        histogram = self._seconds[name]
        (histogram.labels(*labels) if labels else histogram).observe(seconds)

    def forget(self, label: str, value: str) -> None:
        """
        Levels with this label are told no more: what they are of is gone.
        """
        for name, gauge in self._gauges.items():
            names = _KINDS[name].labels
            if label not in names:
                continue
            place, known = names.index(label), self._series.get(name, set())
            for labels in [one for one in known if one[place] == value]:
                known.discard(labels)
                gauge.remove(*labels)

    def on_look(self, looker: Callable[[], None]) -> None:
        """
        Call C{looker} before each look, so that it may set its levels.
        """
        self._lookers.append(looker)

    def render(self) -> bytes:
        """
        Everything in Prometheus' text format.
        """
        self._fold()
        return generate_latest(self._registry)

    def totals(self) -> Mapping[str, float]:
        """
        Counters and gauges summed over their labels, for people.
        """
        self._fold()
        totals: dict[str, float] = {}
        for family in self._registry.collect():
            for sample in family.samples:
                if sample.name in _KINDS:
                    totals[sample.name] = totals.get(sample.name, 0.0) + sample.value
        return totals

    def _fold(self) -> None:
        for looker in self._lookers:
            looker()
        sums, self._sums = self._sums, {}
        for (name, labels), amount in sums.items():
            counter = self._counters[name]
            if labels and not self._room(name, labels):
                labels = (OTHER,) * len(labels)
            (counter.labels(*labels) if labels else counter).inc(amount)

    def _room(self, name: str, labels: tuple[str, ...]) -> bool:
        known = self._series.setdefault(name, set())
        if labels in known:
            return True
        if len(known) >= self.most:
            self._counters["smsgw_series_dropped_total"].inc()
            return False
        known.add(labels)
        return True

    def _check(self, name: str, kind: str, labels: tuple[str, ...]) -> None:
        metric = _KINDS.get(name)
        if metric is None or metric.kind != kind or len(labels) != len(metric.labels):
            raise ValueError(f"no {kind} {name} with {len(labels)} labels")
