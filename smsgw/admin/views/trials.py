"""
A channel's connection tried with the values of its form; nothing is saved or sent.
"""

from smsgw.admin.kinds import KINDS
from smsgw.admin.page import Page, Reply, Route, Visit
from smsgw.admin.views.objects import draft_with

__all__ = ["ROUTES"]

_KIND = next(kind for kind in KINDS if kind.place == "channels")


async def connection(visit: Visit) -> Reply:
    """
    Connect and log in to the carrier, and say how it went and what to do next.
    """
    name, draft, mistakes = draft_with(_KIND, visit)
    trial = channel = None
    if draft is not None:
        channel = draft.channels[name]
        trial = await visit.desk.try_channel(channel)
    values = {"name": name, "channel": channel, "trial": trial, "mistakes": mistakes}
    return Page("network/trial.html", values, 422 if mistakes else 200)


ROUTES = (
    Route("/try/channels", connection, "channels", "POST"),
    Route("/try/channels/<name>", connection, "channels", "POST"),
)
