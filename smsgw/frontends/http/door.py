"""
The door: which path leads where, and the outermost frame around each answer.
"""

from collections.abc import Awaitable, Callable, Iterator
from typing import Protocol

import attrs
from klein import Klein
from twisted.internet.defer import CancelledError
from twisted.logger import Logger
from twisted.web.iweb import IRequest
from twisted.web.resource import IResource
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from smsgw.directory import Account, Credential
from smsgw.errors import Refused, Unavailable
from smsgw.frontends.http.auth import Doorkeeper, client_address
from smsgw.frontends.http.batches import BatchControl
from smsgw.frontends.http.call import Answer, Call, Caller, Knock
from smsgw.frontends.http.events import Events
from smsgw.frontends.http.inbox import Replies
from smsgw.frontends.http.messages import Messages
from smsgw.frontends.http.money import Money
from smsgw.frontends.http.operations import Operations
from smsgw.frontends.http.problem import language_of, problem_of
from smsgw.frontends.http.site import is_too_large
from smsgw.frontends.http.swift import Asked
from smsgw.metrics import Metrics
from smsgw.ports import Clock

__all__ = ["HttpDoor"]

Handler = Callable[[Call], Awaitable[Answer]]
Bring = Callable[[str, str, Knock], Awaitable[Answer]]
BATCH = b"/v1/messages/batch"
VENDORS = b"/v1/vendors/"  # prove themselves, each in its own way and charset
NOBODY = Caller(Credential("", ""), Account("", ""))
_HEADERS = (
    ("Cache-Control", "no-store"),
    ("Server", "smsgw"),
    ("X-Content-Type-Options", "nosniff"),
)


async def nothing_agreed(_channel: str, _kind: str, _knock: Knock) -> Answer:
    """
    No vendor brings anything.
    """
    raise Refused(7404, "", "path")


@attrs.define(eq=False)
class HttpDoor:
    """
    Version 1 of the interface. Handlers see values; only this class sees Klein.

    C{vendors} takes what a vendor brings to a channel: (channel, path, request).
    """

    messages: Messages
    events: Events
    replies: Replies
    money: Money
    batches: BatchControl
    operations: Operations
    doorkeeper: Doorkeeper
    clock: Clock
    metrics: Metrics
    next_request_id: Callable[[], str]
    trusted_proxies: tuple[str, ...] = ()
    vendors: Bring = nothing_agreed

    app = Klein()
    log = Logger()

    def resource(self) -> IResource:
        """
        What a site serves.
        """
        return self.app.resource()

    @app.route("/v1/messages", methods=["POST"])
    async def send(self, request: IRequest) -> bytes:
        return await self._serve(request, "send", self.messages.send)

    @app.route("/v1/messages/batch", methods=["POST"])
    async def send_batch(self, request: IRequest) -> bytes:
        return await self._serve(request, "send", self.messages.send_batch)

    @app.route("/v1/messages/preview", methods=["POST"])
    async def preview(self, request: IRequest) -> bytes:
        return await self._serve(request, "send", self.messages.preview)

    @app.route("/v1/messages", methods=["GET"])
    async def search(self, request: IRequest) -> bytes:
        return await self._serve(request, "query", self.messages.search)

    @app.route("/v1/messages/<message_id>", methods=["GET"])
    async def message(self, request: IRequest, message_id: str) -> bytes:
        return await self._serve(
            request, "query", lambda call: self.messages.message(call, message_id)
        )

    @app.route("/v1/messages/<message_id>/timeline", methods=["GET"])
    async def timeline(self, request: IRequest, message_id: str) -> bytes:
        return await self._serve(
            request, "query", lambda call: self.messages.timeline(call, message_id)
        )

    @app.route("/v1/messages/<message_id>/cancel", methods=["POST"])
    async def cancel(self, request: IRequest, message_id: str) -> bytes:
        return await self._serve(
            request, "send", lambda call: self.messages.cancel(call, message_id)
        )

    @app.route("/v1/events", methods=["GET"])
    async def read_events(self, request: IRequest) -> bytes:
        return await self._serve(request, "query", self.events.read)

    @app.route("/v1/events/ack", methods=["POST"])
    async def acknowledge(self, request: IRequest) -> bytes:
        return await self._serve(request, "query", self.events.acknowledge)

    @app.route("/v1/inbound", methods=["GET"])
    async def read_replies(self, request: IRequest) -> bytes:
        return await self._serve(request, "query", self.replies.read)

    @app.route("/v1/conversations/<number>", methods=["GET"])
    async def conversation(self, request: IRequest, number: str) -> bytes:
        return await self._serve(
            request, "query", lambda call: self.replies.conversation(call, number)
        )

    @app.route("/v1/batches/<batch>", methods=["GET"])
    async def batch_progress(self, request: IRequest, batch: str) -> bytes:
        return await self._serve(
            request, "query", lambda call: self.batches.progress(call, batch)
        )

    @app.route("/v1/batches/<batch>/<what>", methods=["POST"])
    async def batch_steer(self, request: IRequest, batch: str, what: str) -> bytes:
        return await self._serve(
            request, "send", lambda call: self.batches.steer(call, batch, what)
        )

    @app.route("/v1/balance", methods=["GET"])
    async def balance(self, request: IRequest) -> bytes:
        return await self._serve(request, "query", self.money.balance)

    @app.route("/v1/vendors/<channel>/<path:kind>", methods=["GET", "POST"])
    async def bring(self, request: IRequest, channel: str, kind: str) -> bytes:
        return await self._serve(
            request, "", lambda call: self.vendors(channel, kind, call.knock)
        )

    @app.route("/v1/health", methods=["GET"])
    def health(self, request: IRequest) -> bytes:
        return self._write(request, self.operations.health())

    @app.route("/v1/ready", methods=["GET"])
    def ready(self, request: IRequest) -> bytes:
        return self._write(request, self.operations.ready())

    @app.route("/metrics", methods=["GET"])
    def render_metrics(self, request: IRequest) -> bytes:
        return self._write(request, self.operations.render())

    @app.handle_errors(HTTPException)
    def stray(self, request: IRequest, failure: object) -> bytes:
        """
        A path or a method that is not ours.
        """
        error = getattr(failure, "value", None)
        if isinstance(error, MethodNotAllowed):
            request.setHeader("Allow", ", ".join(sorted(error.valid_methods or ())))
            refused = Refused(7405, request.method.decode("latin-1"))
        else:
            refused = Refused(7404, "", "path")
        language = language_of(_header(request, "Accept-Language"))
        told = problem_of(refused, language, self.next_request_id())
        return self._write(request, told)

    async def respond(self, asked: Asked, peer: str) -> Answer:
        """
        A send or a batch that came the short way (L{smsgw.frontends.http.swift}).
        """
        batch = asked.target == BATCH
        handler = self.messages.send_batch if batch else self.messages.send

        def knock() -> Knock:
            return self._at_door("POST", asked.target, b"", asked.body, asked, peer)

        told = await self._told("send", handler, knock, asked.header("Accept-Language"))
        return attrs.evolve(told, headers=dict(self._headers(told)))

    async def _serve(self, request: IRequest, scope: str, handler: Handler) -> bytes:
        told = await self._told(
            scope,
            handler,
            lambda: self._knock(request),
            _header(request, "Accept-Language"),
        )
        return self._write(request, told)

    async def _told(
        self, scope: str, handler: Handler, knock: Callable[[], Knock], languages: str
    ) -> Answer:
        """
        The outermost frame: who it is, the answer or the problem, what it took.
        """
        request_id = self.next_request_id()
        language = language_of(languages)
        begun = self.clock.monotonic()
        try:
            now, seen = self.clock.now(), knock()
            caller = self.doorkeeper.admit(seen, scope, now) if scope else NOBODY
            told = await handler(Call(seen, caller, now, request_id, language))
        except CancelledError:
            raise  # the caller has gone
        except (Refused, Unavailable) as error:
            if isinstance(error, Refused):
                self.metrics.count("smsgw_refused_total", 1, str(error.code))
            told = problem_of(error, language, request_id)
        except Exception as error:
            self.log.failure("request {request_id} failed", request_id=request_id)
            told = problem_of(error, language, request_id)
        if told.status == 202:
            self.metrics.took("smsgw_accept_seconds", self.clock.monotonic() - begun)
        return attrs.evolve(told, headers={"X-Request-Id": request_id, **told.headers})

    def _knock(self, request: IRequest) -> Knock:
        if is_too_large(request):
            raise Refused(2010)
        path, _, query = request.uri.partition(b"?")
        peer = getattr(request.getClientAddress(), "host", "") or ""
        body = request.content.read() if request.method == b"POST" else b""
        method = request.method.decode("latin-1")
        return self._at_door(method, path, query, body, _Headers(request), peer)

    def _at_door(
        self,
        method: str,
        path: bytes,
        query: bytes,
        body: bytes,
        sent: "Sent",
        peer: str,
    ) -> Knock:
        if body and not path.startswith(VENDORS):
            _check_charset(sent.header("Content-Type"))
        return Knock(
            method,
            path.decode("latin-1"),
            query.decode("latin-1"),
            body,
            sent.header,
            client_address(peer, sent.header("X-Forwarded-For"), self.trusted_proxies),
        )

    def _headers(self, told: Answer) -> Iterator[tuple[str, str]]:
        yield "Content-Type", told.kind
        yield "Content-Length", str(len(told.body))
        yield from _HEADERS
        yield from told.headers.items()
        self.metrics.count("smsgw_requests_total", 1, "http", str(told.status))

    def _write(self, request: IRequest, told: Answer) -> bytes:
        request.setResponseCode(told.status)
        for name, text in self._headers(told):
            request.setHeader(name, text)
        return told.body


class Sent(Protocol):
    """
    A request's headers, whoever read them.
    """

    def header(self, name: str) -> str: ...


@attrs.frozen
class _Headers:
    """
    Those that twisted.web read.
    """

    request: IRequest

    def header(self, name: str) -> str:
        return _header(self.request, name)


def _header(request: IRequest, name: str) -> str:
    value = request.getHeader(name)
    if value is None:
        return ""
    return value if isinstance(value, str) else value.decode("latin-1")


def _check_charset(content_type: str) -> None:
    _, mark, charset = content_type.lower().partition("charset=")
    name = charset.partition(";")[0].strip(" \"'")
    if mark and name not in ("utf-8", "utf8"):
        raise Refused(2009, name[:32], "Content-Type")
