"""
The table of contents: every page of the console, and who may ask for it.
"""

from smsgw.admin.page import Route
from smsgw.admin.views import account, messages, objects, overview, replies

__all__ = ["ROUTES"]

ROUTES: tuple[Route, ...] = (
    *overview.ROUTES,
    *messages.ROUTES,
    *replies.ROUTES,
    *objects.ROUTES,
    *account.ROUTES,
)
