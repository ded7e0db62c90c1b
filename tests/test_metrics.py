"""
Tests for L{smsgw.metrics}.
"""

import pytest

from smsgw.metrics import METRICS, Metrics


def test_names_are_ours_and_once() -> None:
    """
    Every metric has our prefix and stands once in the table.
    """
    names = [metric.name for metric in METRICS]

    assert len(names) == len(set(names))
    assert all(name.startswith("smsgw_") for name in names)


def test_counts_are_summed_by_label() -> None:
    """
    Counts add up under their labels, across looks.
    """
    metrics = Metrics()
    metrics.count("smsgw_accepted_total", 3, "his")
    metrics.count("smsgw_accepted_total", 2, "his")
    metrics.count("smsgw_accepted_total", 1, "lis")
    metrics.render()
    metrics.count("smsgw_accepted_total", 1, "his")
    lines = metrics.render().decode().splitlines()

    assert 'smsgw_accepted_total{account="his"} 6.0' in lines
    assert 'smsgw_accepted_total{account="lis"} 1.0' in lines


def test_levels_are_set_at_a_look() -> None:
    """
    Who looks first asks those that know the levels.
    """
    metrics = Metrics()
    depth = iter([5, 7])
    metrics.on_look(lambda: metrics.level("smsgw_record_lag", next(depth)))

    assert b"smsgw_record_lag 5.0" in metrics.render()
    assert b"smsgw_record_lag 7.0" in metrics.render()


def test_durations_fall_into_buckets() -> None:
    """
    A duration is counted in the buckets it fits.
    """
    metrics = Metrics()
    metrics.took("smsgw_accept_seconds", 0.004)
    metrics.took("smsgw_response_seconds", 0.2, "cmcc")
    text = metrics.render().decode()

    assert 'smsgw_accept_seconds_bucket{le="0.0025"} 0.0' in text
    assert 'smsgw_accept_seconds_bucket{le="0.005"} 1.0' in text
    assert 'smsgw_response_seconds_count{channel="cmcc"} 1.0' in text


def test_totals_for_people() -> None:
    """
    Totals are sums over the labels, without histograms.
    """
    metrics = Metrics()
    metrics.count("smsgw_segments_total", 2, "a")
    metrics.count("smsgw_segments_total", 3, "b")
    metrics.level("smsgw_connections", 2, "a")
    totals = metrics.totals()

    assert totals["smsgw_segments_total"] == 5
    assert totals["smsgw_connections"] == 2
    assert not any(name.startswith("smsgw_accept_seconds") for name in totals)


def test_strangers_are_refused() -> None:
    """
    A metric that is not in the table, or labels that do not fit, is a bug.
    """
    metrics = Metrics()
    with pytest.raises(ValueError, match="no counter smsgw_typo with 0 labels"):
        metrics.count("smsgw_typo")
    with pytest.raises(ValueError, match="with 0 labels"):
        metrics.count("smsgw_accepted_total")
    with pytest.raises(ValueError, match="no gauge"):
        metrics.level("smsgw_accepted_total", 1, "his")
    with pytest.raises(ValueError, match="no seconds"):
        metrics.took("smsgw_up", 1, "queue")


def test_series_are_bounded() -> None:
    """
    Further counts are the others', further levels and times are dropped and counted.
    """
    metrics = Metrics(most=2)
    for number in range(4):
        metrics.count("smsgw_refused_total", 1, str(number))
        metrics.level("smsgw_connections", number, str(number))
        metrics.took("smsgw_response_seconds", 1.0, str(number))
    metrics.count("smsgw_refused_total", 1, "0")
    lines = metrics.render().decode().splitlines()

    assert 'smsgw_refused_total{code="0"} 2.0' in lines
    assert 'smsgw_refused_total{code="other"} 2.0' in lines
    assert 'smsgw_connections{channel="1"} 1.0' in lines
    assert not any('channel="2"' in line for line in lines)
    assert "smsgw_series_dropped_total 6.0" in metrics.render().decode()


def test_what_is_gone_is_told_no_more() -> None:
    """
    Levels of a channel that was taken away go, its counts stay.
    """
    metrics = Metrics()
    for channel in ("a", "b"):
        metrics.level("smsgw_connections", 1, channel)
        metrics.count("smsgw_segments_total", 1, channel)
    metrics.forget("channel", "a")
    metrics.forget("channel", "never")
    lines = metrics.render().decode().splitlines()

    assert 'smsgw_connections{channel="b"} 1.0' in lines
    assert 'smsgw_connections{channel="a"} 1.0' not in lines
    assert 'smsgw_segments_total{channel="a"} 1.0' in lines
    metrics.level("smsgw_connections", 2, "a")
    assert b'smsgw_connections{channel="a"} 2.0' in metrics.render()


def test_every_metric_says_what_it_is() -> None:
    """
    HELP and TYPE stand before each; the process' own are there, too.
    """
    text = Metrics().render().decode()
    for one in METRICS:
        kind = {"counter": "counter", "gauge": "gauge", "seconds": "histogram"}
        assert f"# HELP {one.name} {one.words}" in text
        assert f"# TYPE {one.name} {kind[one.kind]}" in text
    assert "process_resident_memory_bytes" in text
