"""
The console's web application: who asks, may they, and what they get.
"""

import hmac
import mimetypes
from collections.abc import Awaitable, Callable
from importlib.resources import files
from typing import Any
from urllib.parse import quote

import attrs
from klein import Klein
from twisted.internet.defer import Deferred
from twisted.logger import Logger
from twisted.web.iweb import IRequest
from twisted.web.resource import IResource
from werkzeug.exceptions import HTTPException

from smsgw.admin.desk import Desk
from smsgw.admin.entrance import Entrance, Session, name_of
from smsgw.admin.frame import Frame
from smsgw.admin.gate import Gate
from smsgw.admin.live import Tap
from smsgw.admin.page import File, Moved, Page, Route, Stream, Visit
from smsgw.admin.phone import Phone
from smsgw.admin.request import COOKIE, Asked, read_request
from smsgw.admin.routes import ROUTES
from smsgw.admin.views.overview import flow_values
from smsgw.admin.words import Language, half
from smsgw.errors import Refused, Unavailable
from smsgw.frontends.http.problem import detail_of

__all__ = ["Console"]

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_STATIC = files("smsgw.admin") / "static"
_FREE = frozenset({"/password", "/logout"})
# Where what a person owes is settled.
_SETTLED = {"password": ("/password",), "code": ("/account", "/account/codes")}


@attrs.define(eq=False)
class Console:
    """
    The pages over a desk.
    """

    desk: Desk
    routes: tuple[Route, ...] = ROUTES
    _app: Any = attrs.field(factory=Klein, init=False)
    _frame: Frame = attrs.field(init=False)
    _entrance: Entrance = attrs.field(init=False)
    _gate: Gate = attrs.field(init=False)
    _phone: Phone = attrs.field(init=False)

    log = Logger()

    def __attrs_post_init__(self) -> None:
        self._frame = Frame(self.desk.settings, self.routes)
        self.desk.live.draw = self._drawn
        self._entrance = Entrance(self.desk)
        self._gate = Gate(self._entrance, self._frame)
        self._phone = Phone(self.desk, self._frame)
        self._app.route("/login", methods=["GET", "POST"])(self._login)
        self._app.route("/m/<token>", methods=["GET", "POST"])(self._linked)
        self._app.route("/logo", methods=["GET"])(self._logo)
        self._app.route("/theme.css", methods=["GET"])(self._theme)
        self._app.route("/static/<path:name>", methods=["GET"])(self._static)
        for route in self.routes:
            self._app.route(route.path, methods=[route.method], endpoint=_name(route))(
                self._served(route)
            )
        self._app.handle_errors(HTTPException)(self._stray)

    def resource(self) -> IResource:
        """
        What a site serves.
        """
        resource: IResource = self._app.resource()
        return resource

    def _drawn(self, language: Language) -> str:
        """
        The overview's living part.
        """
        values = flow_values(self.desk.pulse)
        if values["status"] is None:
            return ""
        return self._frame.outside("overview_flow.html", language, values)

    # Pages for people.

    def _served(self, route: Route) -> Callable[..., Awaitable[bytes]]:
        async def serve(request: IRequest, **path: str) -> bytes:
            asked = self._asked(request)
            try:
                return await self._serve(request, route, asked, path)
            except Unavailable as trouble:
                self.log.warn("console: {why}", why=trouble.detail)
                return self._outside(request, asked, 503)

        return serve

    async def _serve(
        self, request: IRequest, route: Route, asked: Asked, path: dict[str, str]
    ) -> bytes:
        session = await self._entrance.find(asked.ticket) if asked.ticket else None
        visitor = self._entrance.visitor(session.person) if session else None
        if session is None or visitor is None:
            return self._move(request, f"/login?next={quote(asked.url)}")
        owed = route.path not in _FREE and await self._entrance.owes(session.person)
        if owed and route.path not in _SETTLED[owed]:
            return self._move(request, _SETTLED[owed][0])
        visit = self._visit(asked, session, path)
        if not visit.may(route.permission):
            return self._error(request, visit, 403)
        if route.method == "POST" and not _ours(asked, session):
            return self._error(request, visit, 400)
        try:
            reply = await route.handler(visit)
        except Refused as refused:
            told = half(refused.detail, visit.language)
            words = told or detail_of(refused.code, "", visit.language)
            return self._error(request, visit, 422, words)
        if isinstance(reply, Stream):
            return await self._stream(request, reply)
        return self._give(request, visit, reply)

    def _visit(self, asked: Asked, session: Session, path: dict[str, str]) -> Visit:
        visitor = self._entrance.visitor(session.person)
        assert visitor is not None  # the caller looked
        return Visit(
            self.desk,
            visitor,
            asked.language,
            self.desk.clock.now(),
            asked.address,
            path,
            asked.query,
            asked.form,
            asked.lists,
            asked.files,
            session.token,
            name_of(asked.ticket),
            asked.url,
        )

    async def _stream(self, request: Any, stream: Stream) -> bytes:
        """
        Until the browser goes; it comes again by itself.
        """
        _head(request, "text/event-stream")
        request.setHeader("X-Accel-Buffering", "no")
        gone: Deferred[None] = Deferred()
        request.notifyFinish().addBoth(lambda _: gone.callback(None))
        tap = Tap(request)
        end = stream.begin(tap.write)
        try:
            await gone
        finally:
            end()
            tap.close()
        return b""

    def _give(
        self, request: IRequest, visit: Visit, reply: Page | Moved | File
    ) -> bytes:
        match reply:
            case Moved():
                return self._move(request, reply.address)
            case File():
                name = quote(reply.name)
                request.setHeader(
                    "Content-Disposition", f"attachment; filename*=UTF-8''{name}"
                )
                _head(request, reply.kind)
                return reply.body
            case Page():
                return self._html(
                    request, self._frame.render(reply, visit), reply.status
                )

    def _error(
        self, request: IRequest, visit: Visit, status: int, why: str = ""
    ) -> bytes:
        page = Page("error.html", {"status": status, "why": why}, status)
        return self._html(request, self._frame.render(page, visit), status)

    # Pages for anybody.

    async def _login(self, request: IRequest) -> bytes:
        asked = self._asked(request)
        try:
            if request.method == b"POST":
                ticket, where, page = await self._gate.knock(asked)
                if ticket:
                    _cookie(request, COOKIE, ticket, asked.secure)
                    return self._move(request, where)
                return self._html(request, page, 401)
            return self._html(request, self._gate.show(asked), 200)
        except Unavailable as trouble:
            self.log.warn("console: {why}", why=trouble.detail)
            return self._outside(request, asked, 503)

    async def _linked(self, request: IRequest, token: str) -> bytes:
        asked, posted = self._asked(request), request.method == b"POST"
        try:
            status, page = await self._phone.answer(asked, token, posted)
            return self._html(request, page, status)
        except Unavailable as trouble:
            self.log.warn("console: {why}", why=trouble.detail)
            return self._outside(request, asked, 503)

    def _logo(self, request: IRequest) -> bytes:
        logo = self.desk.settings.logo
        if logo is None:
            request.setResponseCode(404)
            return b""
        _head(request, mimetypes.guess_type(logo.name)[0] or "image/png", 3600)
        return logo.read_bytes()

    def _theme(self, request: IRequest) -> bytes:
        _head(request, "text/css; charset=utf-8", 300)
        return self._gate.theme().encode()

    def _static(self, request: IRequest, name: str) -> bytes:
        parts = name.split("/")
        file = _STATIC.joinpath(*parts)
        if ".." in parts or "" in parts or not file.is_file():
            request.setResponseCode(404)
            return b""
        _head(request, mimetypes.guess_type(name)[0] or "text/plain", 86_400)
        return file.read_bytes()

    def _stray(self, request: IRequest, failure: Any) -> bytes:
        status = getattr(failure.value, "code", 404) or 404
        return self._outside(request, self._asked(request), status)

    def _outside(self, request: IRequest, asked: Asked, status: int) -> bytes:
        values = {"status": status, "why": ""}
        page = self._frame.outside("outside.html", asked.language, values)
        return self._html(request, page, status)

    # What goes out.

    def _asked(self, request: IRequest) -> Asked:
        asked = read_request(request, self.desk.settings.trusted_proxies)
        if asked.chosen:
            _cookie(request, "smsgw_lang", asked.chosen, asked.secure)
        return asked

    def _html(self, request: IRequest, page: str, status: int) -> bytes:
        request.setResponseCode(status)
        _head(request, "text/html; charset=utf-8")
        return page.encode()

    def _move(self, request: IRequest, where: str) -> bytes:
        request.setResponseCode(303)
        _head(request, "text/plain")
        request.setHeader("Location", where)
        return b""


def _name(route: Route) -> str:
    return f"{route.method} {route.path}"


def _ours(asked: Asked, session: Session) -> bool:
    """
    Whether a form is one that we gave to this session.
    """
    return hmac.compare_digest(asked.csrf.encode(), session.token.encode())


def _cookie(request: Any, name: str, value: str, secure: bool) -> None:
    request.addCookie(
        name, value, path="/", httpOnly=True, secure=secure, sameSite="lax"
    )


def _head(request: IRequest, kind: str, kept: int = 0) -> None:
    request.setHeader("Content-Type", kind)
    for name, value in _HEADERS.items():
        request.setHeader(name, value)
    if kept:
        request.setHeader("Cache-Control", f"private, max-age={kept}")
