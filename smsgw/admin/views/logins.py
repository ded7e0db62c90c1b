"""
Who logs in, and with what keys systems come: one-time passwords and new keys, each
shown once.
"""

import hashlib
import secrets
from typing import Any

import attrs

from smsgw.admin.entrance import FIRST, Entrance
from smsgw.admin.page import Menu, Moved, Page, Reply, Route, Visit
from smsgw.directory import Person
from smsgw.security.passwords import hash_password, one_time
from smsgw.storage.directory_store import put_object
from smsgw.storage.logins import Login, logins_of, set_password, set_seed

__all__ = ["ROUTES"]

KEPT = 2


async def show(visit: Visit) -> Reply:
    """
    Everybody who may log in, and who did when.
    """
    return await _page(visit)


async def _page(visit: Visit, once: tuple[str, str] = ("", "")) -> Page:
    known = await visit.desk.read(logins_of)
    directory = visit.desk.directory
    people = list(directory.people.values())
    if FIRST not in directory.people:
        people.insert(
            0, Person(FIRST, visit.say("系统管理员", "Administrator"), "", "")
        )
    rows = []
    for person in people:
        sessions = await visit.desk.sessions.of(person.id)
        role = directory.roles.get(person.role)
        login = known.get(person.id, Login(person.id))
        rows.append((person, role.name if role else "", login, len(sessions)))
    return Page("logins.html", {"rows": rows, "once": once})


def _person(visit: Visit) -> bool:
    name = visit.path["person"]
    return name == FIRST or name in visit.desk.directory.people


async def reset(visit: Visit) -> Reply:
    """
    A one-time password, shown now and never again; sessions end.
    """
    if not _person(visit):
        return Page("error.html", {"status": 404, "why": ""}, 404)
    name, password = visit.path["person"], one_time()
    hashed = await visit.desk.read(lambda _: hash_password(password))
    await visit.desk.write(set_password, name, hashed, True, visit.who, visit.now)
    await Entrance(visit.desk).end_all(name)
    return await _page(visit, (name, password))


async def forget_codes(visit: Visit) -> Reply:
    """
    The person's phone is lost: no one-time codes until a new one is enrolled.
    """
    if not _person(visit):
        return Page("error.html", {"status": 404, "why": ""}, 404)
    name = visit.path["person"]
    await visit.desk.write(set_seed, name, None, visit.who, visit.now)
    return Moved("/logins", visit.say("动态码已重置。", "One-time codes are reset."))


async def end(visit: Visit) -> Reply:
    """
    All sessions of a person end.
    """
    await Entrance(visit.desk).end_all(visit.path["person"])
    return Moved("/logins", visit.say("已全部下线。", "All sessions have ended."))


# Keys of business systems.


async def keys(visit: Visit) -> Reply:
    """
    How many keys a credential has, and a way to a new one.
    """
    found = visit.desk.directory.credentials.get(visit.path["app"])
    if found is None:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    return Page("keys.html", {"one": found, "made": "", "kind": ""})


async def new_key(visit: Visit) -> Reply:
    """
    A new secret beside the last one, or a new bearer key; shown once.
    """
    found = visit.desk.directory.credentials.get(visit.path["app"])
    if found is None:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    made, kind = secrets.token_urlsafe(32), visit.form.get("kind", "secret")
    ways: dict[str, dict[str, Any]] = {
        "bearer": {"bearer_hash": hashlib.sha256(made.encode()).hexdigest()},
        "secret": {"secrets": (made, *found.secrets)[:KEPT]},
        "only": {"secrets": found.secrets[:1]},
    }
    changes = ways.get(kind)
    if changes is None:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    newer = attrs.evolve(found, **changes)
    await visit.desk.write(put_object, "credentials", newer, visit.who, visit.now)
    if kind == "only":
        made = ""
    return Page("keys.html", {"one": newer, "made": made, "kind": kind})


ROUTES = (
    Route(
        "/logins", show, "organisation",
        menu=Menu("house", "shield-lock", "登录管理", "Logins"),
    ),
    Route("/logins/<person>/reset", reset, "organisation", "POST"),
    Route("/logins/<person>/codes", forget_codes, "organisation", "POST"),
    Route("/logins/<person>/end", end, "organisation", "POST"),
    Route("/keys/<app>", keys, "organisation"),
    Route("/keys/<app>", new_key, "organisation", "POST"),
)  # fmt: skip
