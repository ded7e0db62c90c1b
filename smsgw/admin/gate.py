"""
The pages before the console: logging in, and the looks everybody sees.
"""

from urllib.parse import urlsplit

import attrs

from smsgw.admin.entrance import Entrance
from smsgw.admin.frame import Frame
from smsgw.admin.request import Asked

__all__ = ["Gate"]

_LIGHTER = 0.55  # of the way to white: links on dark ground


@attrs.frozen
class Gate:
    """
    Shows the login form and takes what is filled in.
    """

    entrance: Entrance
    frame: Frame

    def show(self, asked: Asked, why: str = "", person: str = "") -> str:
        """
        The form, with why the last try was refused.
        """
        values = {
            "why": why,
            "person": person,
            "next": _inside(asked.query.get("next", "") or asked.form.get("next", "")),
        }
        return self.frame.outside("login.html", asked.language, values)

    async def knock(self, asked: Asked) -> tuple[str, str, str]:
        """
        The ticket and where to go; or the form again.
        """
        person = asked.form.get("person", "").strip()[:64]
        ticket, why = await self.entrance.enter(
            person,
            asked.form.get("password", "")[:200],
            asked.form.get("code", "").replace(" ", "")[:16],
            asked.address,
            asked.agent,
        )
        if ticket:
            return ticket, _inside(asked.form.get("next", "")), ""
        return "", "", self.show(asked, why, person)

    def theme(self) -> str:
        """
        The hospital's colour, for both schemes.
        """
        colour = self.frame.settings.colour
        parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
        light = [round(one + (255 - one) * _LIGHTER) for one in parts]
        plain, pale = (",".join(map(str, one)) for one in (parts, light))
        return (
            f":root,[data-bs-theme]{{--tblr-primary:{colour};"
            f"--tblr-primary-rgb:{plain};"
            f"--tblr-link-color:{colour};--tblr-link-color-rgb:{plain}}}\n"
            f"[data-bs-theme=dark]{{--tblr-link-color:rgb({pale});"
            f"--tblr-link-color-rgb:{pale}}}\n"
        )


def _inside(where: str) -> str:
    """
    A path of ours; whatever leads elsewhere is the first page.
    """
    parts = urlsplit(where)
    inside = where.startswith("/") and not where.startswith(("//", "/\\"))
    if parts.scheme or parts.netloc or not inside or where.startswith("/login"):
        return "/"
    return where
