"""
The table of contents: every page of the console, and who may ask for it.
"""

from smsgw.admin.page import Route
from smsgw.admin.views import (
    account,
    batches,
    changes,
    channel_page,
    channel_trace,
    contact_groups,
    contact_import,
    contacts,
    help,
    lists,
    logins,
    messages,
    network,
    objects,
    overview,
    replies,
    reports,
    routing,
    send,
    timetable,
    trials,
)

__all__ = ["ROUTES"]

ROUTES: tuple[Route, ...] = (
    *overview.ROUTES,
    *send.ROUTES,
    *batches.ROUTES,
    *messages.ROUTES,
    *replies.ROUTES,
    *reports.ROUTES,
    *contacts.ROUTES,
    *contact_groups.ROUTES,
    *contact_import.ROUTES,
    *lists.ROUTES,
    *network.ROUTES,
    *channel_page.ROUTES,
    *channel_trace.ROUTES,
    *objects.ROUTES,
    *routing.ROUTES,
    *trials.ROUTES,
    *timetable.ROUTES,
    *logins.ROUTES,
    *changes.ROUTES,
    *account.ROUTES,
    *help.ROUTES,
)
