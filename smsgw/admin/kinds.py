"""
The business objects that pages show, field by field, in words: C{kinds.toml} here.
"""

import tomllib
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

import attrs

from smsgw import directory
from smsgw.admin.fields import Field
from smsgw.admin.page import Menu
from smsgw.admin.rights import EVERYTHING, PERMISSIONS
from smsgw.admin.words import WORDS
from smsgw.numbering.carriers import CARRIERS
from smsgw.rules.classify import AUTO, CATEGORIES

__all__ = ["KINDS", "Kind", "kind_at"]

Words = tuple[str, str]
Options = tuple[tuple[str, Words], ...]
_CLASSES: Mapping[str, type] = {
    "templates": directory.Template,
    "signatures": directory.Signature,
    "schedules": directory.Schedule,
    "keywords": directory.Keyword,
    "frequencies": directory.Frequency,
    "windows": directory.SendWindow,
    "retries": directory.RetryRule,
    "prices": directory.Price,
    "channels": directory.Channel,
    "rules": directory.Rule,
    "groups": directory.Group,
    "departments": directory.Department,
    "accounts": directory.Account,
    "credentials": directory.Credential,
    "peers": directory.Peer,
    "webhooks": directory.Webhook,
    "people": directory.Person,
    "roles": directory.Role,
}
_LISTS: Mapping[str, Options] = {
    "category": tuple((name, WORDS[name]) for name in CATEGORIES),
    "category or auto": tuple((name, WORDS[name]) for name in (*CATEGORIES, AUTO)),
    "carrier": tuple((name, WORDS[name]) for name in CARRIERS),
    "permissions": ((EVERYTHING, ("全部", "everything")), *PERMISSIONS.items()),
}


@attrs.frozen
class Kind:
    """
    One kind of object: where its pages are, who may see them, what they show.

    C{columns} are the fields in the list. C{lead} says what these objects are for.
    """

    place: str
    cls: type
    permission: str
    words: Words
    lead: Words
    columns: Sequence[str]
    fields: Sequence[Field]
    menu: Menu
    key: str = "id"

    @property
    def path(self) -> str:
        """
        Of its list.
        """
        return f"/{self.place}"

    def field(self, name: str) -> Field:
        """
        One of its fields.
        """
        return next(one for one in self.fields if one.name == name)


def _kind(table: dict[str, Any]) -> Kind:
    chinese, english = table["words"]
    return Kind(
        table["place"],
        _CLASSES[table["place"]],
        table["permission"],
        (chinese, english),
        tuple(table["lead"]),
        table["columns"],
        [_field(one) for one in table["fields"]],
        Menu(table["group"], table["icon"], chinese, english),
        table.get("key", "id"),
    )


def _field(table: dict[str, Any]) -> Field:
    options = table.pop("options", ())
    if isinstance(options, str):
        chosen = _LISTS[options]
    else:
        chosen = tuple(
            (one, (one, one)) if isinstance(one, str) else (one[0], (one[1], one[2]))
            for one in options
        )
    table["words"] = tuple(table["words"])
    table["hint"] = tuple(table.get("hint", ("", "")))
    return Field(**table, options=chosen)


def _load() -> tuple[Kind, ...]:
    text = (files("smsgw.admin") / "kinds.toml").read_text("utf-8")
    return tuple(_kind(one) for one in tomllib.loads(text)["kinds"])


KINDS = _load()
_PLACES = {one.place: one for one in KINDS}


def kind_at(place: str) -> Kind:
    """
    The kind of a place.
    """
    return _PLACES[place]
