"""
The table of contents: every page of the console, and who may ask for it.
"""

from smsgw.admin.page import Route
from smsgw.admin.views import (
    account,
    changes,
    lists,
    logins,
    messages,
    objects,
    overview,
    replies,
)

__all__ = ["ROUTES"]

ROUTES: tuple[Route, ...] = (
    *overview.ROUTES,
    *messages.ROUTES,
    *replies.ROUTES,
    *lists.ROUTES,
    *objects.ROUTES,
    *logins.ROUTES,
    *changes.ROUTES,
    *account.ROUTES,
)
