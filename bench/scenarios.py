"""
The scenarios by name; each gives the figures of one JSON line.
"""

from functools import partial

from bench.accepting import accept_batch, accept_same, accept_single
from bench.cluster import cluster
from bench.lane import lane
from bench.sending import backlog, restart, send
from bench.staging import ALL, Scenario, ruled, sealed, staged
from smsgw.cli.proving.venue import PREFIXES

__all__ = ["SCENARIOS", "staged"]

SCENARIOS: dict[str, Scenario] = {
    "accept-batch": accept_batch,
    "accept-same": accept_same,
    "accept-single": accept_single,
    "send": partial(send, *ALL, connections=2),
    **{f"send-{one}": partial(send, one) for one in PREFIXES},
    "lane": lane,
    "restart": restart,
    "backlog": backlog,
    "cluster": cluster,
}
SCENARIOS |= {
    f"{name}-rules": partial(ruled, SCENARIOS[name])
    for name in ("accept-batch", "accept-same", "accept-single", "send")
}
SCENARIOS |= {
    f"{name}-sealed": partial(sealed, SCENARIOS[name])
    for name in ("accept-batch", "send")
}
