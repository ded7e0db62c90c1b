"""
One's own login: password, one-time codes, sessions.
"""

import msgspec
import segno

from smsgw.admin.entrance import Entrance, Session
from smsgw.admin.page import Moved, Page, Reply, Route, Visit
from smsgw.security.one_time_codes import address_of

__all__ = ["ROUTES"]

_WHY = {
    "wrong": ("现在的密码不对。", "The password now is wrong."),
    "locked": (
        "输错次数过多，请 15 分钟后再试。",
        "Too many wrong tries; wait 15 minutes.",
    ),
    "differ": ("两次输入的新密码不同。", "The two new passwords differ."),
    "short": ("新密码至少 10 位。", "At least 10 characters, please."),
    "long": ("新密码最多 128 位。", "At most 128 characters, please."),
    "name": ("新密码不能包含账号名。", "It must not contain your name."),
    "simple": (
        "新密码需含大写、小写、数字、符号中至少三种。",
        "Use three of: capitals, small letters, digits, signs.",
    ),
    "same": ("新密码不能与现在的相同。", "It must differ from the one now."),
}


async def show(visit: Visit) -> Reply:
    """
    All of it.
    """
    return await _page(visit)


async def _page(
    visit: Visit, why: str = "", seed: str = "", wrong: bool = False
) -> Page:
    entrance = Entrance(visit.desk)
    login = await entrance.login(visit.who)
    seed = seed or entrance.seed()
    address = address_of(seed, visit.who, visit.desk.settings.system_name)
    kept = await visit.desk.sessions.of(visit.who)
    sessions = [
        (name, msgspec.json.decode(body, type=Session)) for name, body in kept.items()
    ]
    sessions.sort(key=lambda one: -one[1].seen)
    values = {
        "why": visit.say(*_WHY[why]) if why else "",
        "owed": await entrance.owes(visit.who),
        "enrolled": login.seed is not None,
        "seed": seed,
        "wrong": wrong,
        "picture": segno.make(address, error="m").svg_data_uri(scale=4, border=1),
        "sessions": sessions,
    }
    return Page("account.html", values, 422 if why or wrong else 200)


async def change(visit: Visit) -> Reply:
    """
    A new password; everybody who was logged in with the old one is out.
    """
    form = visit.form
    why = await Entrance(visit.desk).change(
        visit.who, form.get("old", ""), form.get("new", ""), form.get("again", "")
    )
    return await _page(visit, why) if why else Moved("/login")


async def enrol(visit: Visit) -> Reply:
    """
    One-time codes from now on.
    """
    seed, code = visit.form.get("seed", ""), visit.form.get("code", "")
    if not await Entrance(visit.desk).enrol(visit.who, seed, code.replace(" ", "")):
        return await _page(visit, seed=seed, wrong=True)
    return Moved("/account", visit.say("动态码已启用。", "One-time codes are in use."))


async def end_session(visit: Visit) -> Reply:
    """
    One of the visitor's other sessions ends.
    """
    name = visit.form.get("name", "")
    if name in await visit.desk.sessions.of(visit.who):
        await visit.desk.sessions.drop([name], visit.who)
    return Moved("/account", visit.say("已结束。", "It has ended."))


async def leave(visit: Visit) -> Reply:
    """
    Log out.
    """
    await visit.desk.sessions.drop([visit.session], visit.who)
    return Moved("/login")


ROUTES = (
    Route("/account", show, ""),
    Route("/account/codes", enrol, "", "POST"),
    Route("/account/sessions", end_session, "", "POST"),
    Route("/password", show, ""),
    Route("/password", change, "", "POST"),
    Route("/logout", leave, "", "POST"),
)
