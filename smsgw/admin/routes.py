"""
The table of contents: every page of the console, and who may ask for it.
"""

from smsgw.admin.page import Route
from smsgw.admin.views import (
    account,
    changes,
    contact_groups,
    contact_import,
    contacts,
    lists,
    logins,
    messages,
    objects,
    overview,
    replies,
    reports,
)

__all__ = ["ROUTES"]

ROUTES: tuple[Route, ...] = (
    *overview.ROUTES,
    *messages.ROUTES,
    *replies.ROUTES,
    *reports.ROUTES,
    *contacts.ROUTES,
    *contact_groups.ROUTES,
    *contact_import.ROUTES,
    *lists.ROUTES,
    *objects.ROUTES,
    *logins.ROUTES,
    *changes.ROUTES,
    *account.ROUTES,
)
