"""
Routing: why a message would go which way, what a change would have done with recent
messages, and versions to go back to.
"""

import attrs

from smsgw.admin.kinds import kind_at
from smsgw.admin.page import Menu, Moved, Page, Reply, Route, Visit
from smsgw.admin.views.objects import draft_with
from smsgw.errors import Refused
from smsgw.message import Item, Submission
from smsgw.rules.classify import CATEGORIES
from smsgw.rules.rehearsal import Rehearsal
from smsgw.rules.routing import Router
from smsgw.storage.history import History
from smsgw.storage.route_versions import go_back, versions

__all__ = ["ROUTES"]

TRIED = 20_000


async def explain(visit: Visit) -> Reply:
    """
    One message tried by the rules as they are; nothing is sent.
    """
    query = visit.query
    trial, account = None, visit.desk.directory.accounts.get(query.get("account", ""))
    if account is not None and query.get("to"):
        submission = Submission(
            [Item(query["to"].strip())],
            query.get("text", "") or visit.say("试走", "a trial"),
            query.get("category", ""),
            batch=True,
        )
        trial = (await visit.desk.gateway.preview(account, submission, visit.now))[0]
    return Page(
        "network/routing.html",
        {
            "trial": trial,
            "accounts": visit.desk.directory.accounts,
            "categories": tuple(CATEGORIES),
            "query": query,
            "versions": await visit.desk.read(versions, 20),
        },
    )


async def rehearse(visit: Visit) -> Reply:
    """
    A rule as its form has it, over recent messages.
    """
    kind = kind_at(visit.path["place"]) if visit.path["place"] in _PLACES else None
    if kind is None:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    name, draft, mistakes = draft_with(kind, visit)
    if mistakes or draft is None:
        told = "；".join(told for _, told in mistakes)
        raise Refused(2001, told)
    book = visit.desk.gateway.book
    rehearsal = Rehearsal(book.router, Router.of(draft), book.lists.numbers)
    history = History(visit.desk.database, visit.desk.fields)
    history = attrs.evolve(history, texts=rehearsal.needs_text)
    async for page in history.pages(TRIED):
        rehearsal.play(page)
    values = {
        "name": name,
        "kind": kind,
        "tried": rehearsal.tried,
        "blind": rehearsal.blind,
        "moved": rehearsal.moves.total(),
        "moves": rehearsal.moves.most_common(50),
        "examples": rehearsal.examples,
        "groups": sorted({*rehearsal.groups[0], *rehearsal.groups[1]}),
        "before": rehearsal.groups[0],
        "after": rehearsal.groups[1],
    }
    return Page("network/rehearsal.html", values)


_PLACES = frozenset({"rules", "groups"})


async def back(visit: Visit) -> Reply:
    """
    Rules and groups as they were at a version.
    """
    version = int(visit.path["version"]) if visit.path["version"].isdigit() else -1
    if version < 0:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    lines = await visit.desk.write(go_back, version, visit.who, visit.now)
    told = visit.say(
        f"已恢复，{len(lines)} 处变化。", f"Back again, {len(lines)} changes."
    )
    return Moved("/routing", told)


ROUTES = (
    Route(
        "/routing", explain, "routes",
        menu=Menu("network", "list-check", "路由试走与版本", "Try routes, versions"),
    ),
    Route("/try/<place>", rehearse, "routes", "POST"),
    Route("/try/<place>/<name>", rehearse, "routes", "POST"),
    Route("/routing/<version>/back", back, "routes", "POST"),
)  # fmt: skip
