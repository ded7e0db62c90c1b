"""
Help: the manual and its search, the first steps, the sandbox, what this is made of.
"""

from smsgw.admin.first_steps import walk
from smsgw.admin.kinds import KINDS
from smsgw.admin.licences import ASSETS, libraries, our_version
from smsgw.admin.manuals import find_manuals, manuals
from smsgw.admin.page import Menu, Page, Reply, Route, Visit
from smsgw.admin.sandbox import sandbox_of

__all__ = ["ROUTES"]


async def show(visit: Visit) -> Reply:
    """
    The pages' manuals, or those with the words that are looked for.
    """
    asked = visit.query.get("q", "").strip()[:100]
    found = find_manuals(asked, visit.language)
    known = manuals(visit.language)
    return Page("help/index.html", {"asked": asked, "found": found, "known": known})


async def page(visit: Visit) -> Reply:
    """
    One manual; of a business object with all its fields.
    """
    found = manuals(visit.language).get(visit.path["page"])
    if found is None:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    kinds = {kind.place: kind for kind in KINDS}
    place = "" if found.name == "overview" else found.name.replace("-", "/")
    values = {"one": found, "kind": kinds.get(found.name), "path": f"/{place}"}
    return Page("help/page.html", values)


async def first_steps(visit: Visit) -> Reply:
    """
    From the first login to the first result.
    """
    walked = await walk(visit)
    done = sum(one.done for one in walked)
    return Page("help/first_steps.html", {"walked": walked, "done": done})


async def sandbox(visit: Visit) -> Reply:
    """
    How to try everything without a carrier, and whether this is such a place.
    """
    return Page("help/sandbox.html", {"sandbox": sandbox_of(visit.desk.directory)})


async def about(visit: Visit) -> Reply:
    """
    Version, vendor, licences.
    """
    values = {"version": our_version(), "assets": ASSETS, "libraries": libraries()}
    return Page("help/about.html", values)


ROUTES = (
    Route("/help", show, "", menu=Menu("help", "help-circle", "使用手册", "Manual")),
    Route(
        "/help/first-steps", first_steps, "",
        menu=Menu("help", "checklist", "快速上手", "First steps"),
    ),
    Route(
        "/help/sandbox", sandbox, "", menu=Menu("help", "plug", "沙箱", "Sandbox")
    ),
    Route("/help/about", about, "", menu=Menu("help", "info-circle", "关于", "About")),
    Route("/help/<page>", page, ""),
)  # fmt: skip
