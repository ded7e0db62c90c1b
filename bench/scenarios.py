"""
The scenarios by name; each gives the figures of one JSON line.
"""

from functools import partial

from bench.accepting import accept_batch, accept_same, accept_single
from bench.burst import burst
from bench.cluster import cluster
from bench.lane import lane
from bench.past import history
from bench.peak import peak
from bench.postgres import send_postgres
from bench.scaling import scaling
from bench.sending import backlog, restart, send
from bench.soak import soak
from bench.staging import ALL, Scenario, ruled, sealed, staged
from smsgw.cli.proving.venue import PREFIXES

__all__ = ["SCENARIOS", "staged", "words_of"]

SCENARIOS: dict[str, Scenario] = {
    "accept-batch": accept_batch,
    "accept-same": accept_same,
    "accept-single": accept_single,
    "send": partial(send, *ALL, connections=2),
    **{f"send-{one}": partial(send, one) for one in PREFIXES},
    "send-postgres": send_postgres,
    "peak": peak,
    "lane": lane,
    "restart": restart,
    "backlog": backlog,
    "burst": burst,
    "soak": soak,
    "history": history,
    "scaling": scaling,
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


def words_of(scenario: Scenario) -> str:
    """
    What a scenario is, from its docstring.
    """
    notes = ""
    while isinstance(scenario, partial):
        if scenario.func in (ruled, sealed):
            notes += " with rules" if scenario.func is ruled else " sealed"
            scenario = scenario.args[0]
        else:
            notes += f" {', '.join(scenario.args)}" if scenario.args else ""
            scenario = scenario.func
    words = " ".join((scenario.__doc__ or "").split())
    return words.partition(". ")[0].rstrip(".") + (
        f" [{notes.strip()}]" if notes else ""
    )
