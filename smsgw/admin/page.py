"""
What a page is: a route says who may ask, a handler takes a visit and gives a page.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import attrs

from smsgw.admin.desk import Desk
from smsgw.admin.rights import Visitor, accounts_seen
from smsgw.admin.words import Language

__all__ = [
    "File",
    "Handler",
    "Menu",
    "Moved",
    "Page",
    "Reply",
    "Route",
    "Stream",
    "Upload",
    "Visit",
]


@attrs.frozen
class Upload:
    """
    A file that a form brought.
    """

    name: str
    body: bytes = attrs.field(repr=False)


@attrs.frozen
class Visit:
    """
    One request of somebody who is logged in.

    C{path} has the route's variable parts, C{query} and C{form} the values sent
    (the last of each name), C{lists} the form's values of one name, in order.
    """

    desk: Desk
    visitor: Visitor
    language: Language
    now: float
    address: str = ""
    path: Mapping[str, str] = attrs.field(factory=dict)
    query: Mapping[str, str] = attrs.field(factory=dict)
    form: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    lists: Mapping[str, Sequence[str]] = attrs.field(factory=dict, repr=False)
    files: Mapping[str, Upload] = attrs.field(factory=dict, repr=False)
    token: str = attrs.field(default="", repr=False)
    session: str = attrs.field(default="", repr=False)
    url: str = ""

    @property
    def who(self) -> str:
        """
        The person, as the change log names them.
        """
        return self.visitor.person.id

    def may(self, permission: str) -> bool:
        """
        Whether the visitor may do that.
        """
        return self.visitor.may(permission)

    @property
    def accounts(self) -> frozenset[str] | None:
        """
        The accounts whose data may be shown; C{None} for all.
        """
        return accounts_seen(self.visitor, self.desk.directory)

    def say(self, chinese: str, english: str) -> str:
        """
        Words in the visitor's language.
        """
        return english if self.language == "en" else chinese

    def number(self, name: str, default: int = 0, most: int = 1_000_000_000) -> int:
        """
        A number of the query, within bounds; the default for what is none.
        """
        try:
            return max(0, min(most, int(self.query.get(name, ""))))
        except ValueError:
            return default


@attrs.frozen
class Page:
    """
    A template and its values.
    """

    template: str
    values: Mapping[str, Any] = attrs.field(factory=dict)
    status: int = 200


@attrs.frozen
class Moved:
    """
    Look there next; C{told} is shown on that page, C{kind} success, warning, danger.
    """

    where: str
    told: str = ""
    kind: str = "success"

    @property
    def address(self) -> str:
        """
        With what is told, as a query.
        """
        if not self.told:
            return self.where
        glue = "&" if "?" in self.where else "?"
        return f"{self.where}{glue}{urlencode({'told': self.told, 'kind': self.kind})}"


@attrs.frozen
class File:
    """
    Something to keep.
    """

    name: str
    kind: str
    body: bytes = attrs.field(repr=False)


@attrs.frozen
class Stream:
    """
    Server-sent events: C{begin} gets what writes to the browser, and gives what ends
    it when the browser has gone.
    """

    begin: Callable[[Callable[[bytes], None]], Callable[[], None]]


Reply = Page | Moved | File | Stream
Handler = Callable[[Visit], Awaitable[Reply]]


@attrs.frozen
class Menu:
    """
    Where a page stands in the menu: group, icon, Chinese and English words.
    """

    group: str
    icon: str
    chinese: str
    english: str


@attrs.frozen
class Route:
    """
    A path (as werkzeug writes them), who may ask for it, who answers.

    C{permission} '' is for whoever is logged in. C{methods} is GET or POST.
    """

    path: str
    handler: Handler
    permission: str
    method: str = "GET"
    menu: Menu | None = None
