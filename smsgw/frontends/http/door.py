"""
The door: which path leads where, and the outermost frame around each answer.
"""

from collections.abc import Awaitable, Callable

import attrs
from klein import Klein
from twisted.internet.defer import CancelledError
from twisted.logger import Logger
from twisted.web.iweb import IRequest
from twisted.web.resource import IResource
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from smsgw.errors import Refused, Unavailable
from smsgw.frontends.http.auth import Doorkeeper, client_address
from smsgw.frontends.http.call import Answer, Call, Knock
from smsgw.frontends.http.events import Events
from smsgw.frontends.http.messages import Messages
from smsgw.frontends.http.operations import Operations
from smsgw.frontends.http.problem import language_of, problem_of
from smsgw.frontends.http.site import is_too_large
from smsgw.metrics import Metrics
from smsgw.ports import Clock

__all__ = ["HttpDoor"]

Handler = Callable[[Call], Awaitable[Answer]]
_HEADERS = (
    ("Cache-Control", "no-store"),
    ("Server", "smsgw"),
    ("X-Content-Type-Options", "nosniff"),
)


@attrs.define(eq=False)
class HttpDoor:
    """
    Version 1 of the interface. Handlers see values; only this class sees Klein.
    """

    messages: Messages
    events: Events
    operations: Operations
    doorkeeper: Doorkeeper
    clock: Clock
    metrics: Metrics
    next_request_id: Callable[[], str]
    trusted_proxies: tuple[str, ...] = ()

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

    async def _serve(self, request: IRequest, scope: str, handler: Handler) -> bytes:
        request_id = self.next_request_id()
        language = language_of(_header(request, "Accept-Language"))
        begun = self.clock.monotonic()
        try:
            now = self.clock.now()
            knock = self._knock(request)
            caller = self.doorkeeper.admit(knock, scope, now)
            told = await handler(Call(knock, caller, now, request_id, language))
        except CancelledError:
            raise  # the caller has gone
        except (Refused, Unavailable) as error:
            if isinstance(error, Refused):
                self.metrics.count("smsgw_refused_total", 1, str(error.code))
            told = problem_of(error, language, request_id)
        except Exception as error:
            self.log.failure("request {request_id} failed", request_id=request_id)
            told = problem_of(error, language, request_id)
        if request.method == b"POST" and told.status == 202:
            self.metrics.took("smsgw_accept_seconds", self.clock.monotonic() - begun)
        request.setHeader("X-Request-Id", request_id)
        return self._write(request, told)

    def _knock(self, request: IRequest) -> Knock:
        if is_too_large(request):
            raise Refused(2010)
        path, _, query = request.uri.partition(b"?")
        peer = getattr(request.getClientAddress(), "host", "") or ""
        body = request.content.read() if request.method == b"POST" else b""
        if body:
            _check_charset(_header(request, "Content-Type"))
        return Knock(
            request.method.decode("latin-1"),
            path.decode("latin-1"),
            query.decode("latin-1"),
            body,
            lambda name: _header(request, name),
            client_address(
                peer, _header(request, "X-Forwarded-For"), self.trusted_proxies
            ),
        )

    def _write(self, request: IRequest, told: Answer) -> bytes:
        request.setResponseCode(told.status)
        request.setHeader("Content-Type", told.kind)
        request.setHeader("Content-Length", str(len(told.body)))
        for name, text in (*_HEADERS, *told.headers.items()):
            request.setHeader(name, text)
        self.metrics.count("smsgw_requests_total", 1, "http", str(told.status))
        return told.body


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
