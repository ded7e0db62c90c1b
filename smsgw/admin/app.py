"""
The console's web application: one page that shows how the gateway is.
"""

from collections.abc import Awaitable, Callable
from importlib.resources import files

import attrs
from klein import Klein
from twisted.web.iweb import IRequest
from twisted.web.resource import IResource
from twisted.web.template import flattenString

from smsgw.admin.pages import Status, status_page
from smsgw.admin.words import language
from smsgw.errors import Unavailable

__all__ = ["Console"]

_HEADERS = {
    b"Content-Security-Policy": (
        b"default-src 'none'; style-src 'self'; "
        b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    b"X-Content-Type-Options": b"nosniff",
    b"Referrer-Policy": b"no-referrer",
    b"Cache-Control": b"no-store",
}
_DOCTYPE = b"<!DOCTYPE html>\n"
_STYLE = (files("smsgw.admin") / "static" / "console.css").read_bytes()


@attrs.define(eq=False)
class Console:
    """
    The pages; C{read_status} asks the service, and may be L{Unavailable}.
    """

    _read_status: Callable[[], Awaitable[Status]]

    app = Klein()

    def resource(self) -> IResource:
        """
        What a site serves.
        """
        return self.app.resource()

    @app.route("/", methods=["GET"])
    async def status(self, request: IRequest) -> bytes:
        """
        Health, depths and counters, in Chinese or with C{?lang=en} in English.
        """
        asked = request.args.get(b"lang", [b""])[0].decode("utf-8", "replace")
        try:
            status = await self._read_status()
        except Unavailable:
            status = None
            request.setResponseCode(503)
        _head(request, b"text/html; charset=utf-8")
        page = status_page(status, language(asked))
        return _DOCTYPE + await flattenString(request, page)

    @app.route("/static/console.css", methods=["GET"])
    def style(self, request: IRequest) -> bytes:
        """
        The one stylesheet.
        """
        _head(request, b"text/css; charset=utf-8")
        return _STYLE


def _head(request: IRequest, kind: bytes) -> None:
    request.setHeader(b"Content-Type", kind)
    for name, value in _HEADERS.items():
        request.setHeader(name, value)
