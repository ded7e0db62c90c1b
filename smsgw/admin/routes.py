"""
The table of contents: every page of the console, and who may ask for it.
"""

from smsgw.admin.page import Route
from smsgw.admin.views import account, overview

__all__ = ["ROUTES"]

ROUTES: tuple[Route, ...] = (
    *overview.ROUTES,
    *account.ROUTES,
)
