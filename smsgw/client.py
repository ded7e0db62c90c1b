"""
A client of the HTTP door: signs, keeps connections open, raises our errors.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import attrs
import msgspec

from smsgw.errors import Refused, Unavailable
from smsgw.outgoing import Outgoing, Response
from smsgw.security.signing import canonical, sign_request
from smsgw.tasks import SystemClock

__all__ = ["GatewayClient"]

_encode = msgspec.json.Encoder().encode


@attrs.define(eq=False)
class GatewayClient:
    """
    Calls the gateway as one business system.

    Raises L{Refused} for a problem with a 4xx status (with C{retry_after} if time
    may heal it), L{Unavailable} for a 5xx and for connections that fail; then the
    outcome is unknown, and the same request may be sent again under the same
    C{key}.
    """

    _outgoing: Outgoing
    _base: str
    _app_id: str
    _secret: str = attrs.field(repr=False)
    _now: Callable[[], float]
    _next_nonce: Callable[[], str]
    _algorithm: str = "sha256"

    @classmethod
    def over(
        cls,
        reactor: Any,
        base_url: str,
        app_id: str,
        secret: str,
        connections: int = 64,
    ) -> "GatewayClient":
        """
        A client on a pool of persistent connections.
        """
        prefix, numbers = secrets.token_hex(8), count()
        return cls(
            Outgoing.over(reactor, connections),
            base_url.rstrip("/"),
            app_id,
            secret,
            SystemClock(reactor).now,
            lambda: f"{prefix}-{next(numbers)}",
        )

    async def close(self) -> None:
        """
        Give up idle connections.
        """
        await self._outgoing.close()

    async def send(self, body: Mapping[str, Any], key: str = "") -> dict[str, Any]:
        """
        One text to one or many numbers.
        """
        return await self._post("/v1/messages", body, key)

    async def send_batch(
        self, body: Mapping[str, Any], key: str = ""
    ) -> dict[str, Any]:
        """
        Personalised items.
        """
        return await self._post("/v1/messages/batch", body, key)

    async def preview(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """
        What would become of a send or a batch.
        """
        return await self._post("/v1/messages/preview", body)

    async def message(self, message_id: str) -> dict[str, Any]:
        """
        A message as it stands.
        """
        return await self._get(f"/v1/messages/{quote(message_id, safe='')}")

    async def timeline(self, message_id: str) -> dict[str, Any]:
        """
        A message's history.
        """
        return await self._get(f"/v1/messages/{quote(message_id, safe='')}/timeline")

    async def search(self, **wanted: str | int) -> dict[str, Any]:
        """
        Messages by C{client_ref}, C{to}, C{state}, C{batch_id}, C{from_},
        C{until}, C{cursor}, C{limit}.
        """
        given = {name.rstrip("_"): str(value) for name, value in wanted.items()}
        return await self._get("/v1/messages", given)

    async def cancel(self, message_id: str) -> dict[str, Any]:
        """
        Stop a message that has not gone yet.
        """
        return await self._post(f"/v1/messages/{quote(message_id, safe='')}/cancel", {})

    async def events(
        self, cursor: str | int = 0, limit: int = 100, types: str = ""
    ) -> dict[str, Any]:
        """
        Events after a cursor.
        """
        given = {"cursor": str(cursor), "limit": str(limit)}
        if types:
            given["types"] = types
        return await self._get("/v1/events", given)

    async def ack(self, ids: Iterable[str]) -> dict[str, Any]:
        """
        Tell that these events have been received.
        """
        return await self._post("/v1/events/ack", {"event_ids": list(ids)})

    async def ready(self) -> bool:
        """
        Whether the gateway answers and every part of it works.
        """
        try:
            await self._call("GET", "/v1/ready", {}, b"", {})
        except (Refused, Unavailable):
            return False
        return True

    async def _get(
        self, path: str, given: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        return await self._signed("GET", path, given or {}, b"", {})

    async def _post(
        self, path: str, body: Mapping[str, Any], key: str = ""
    ) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        return await self._signed("POST", path, {}, _encode(body), headers)

    async def _signed(
        self,
        method: str,
        path: str,
        given: Mapping[str, str],
        body: bytes,
        headers: Mapping[str, str],
    ) -> dict[str, Any]:
        timestamp, nonce = str(int(self._now())), self._next_nonce()
        whole = urlsplit(self._base).path + path
        message = canonical(method, whole, urlencode(given), body, timestamp, nonce)
        signed = {
            **headers,
            "X-App-Id": self._app_id,
            "X-Timestamp": timestamp,
            "X-Nonce": nonce,
            "X-Signature": sign_request(self._secret, message, self._algorithm),
        }
        return await self._call(method, path, given, body, signed)

    async def _call(
        self,
        method: str,
        path: str,
        given: Mapping[str, str],
        body: bytes,
        headers: Mapping[str, str],
    ) -> dict[str, Any]:
        url = self._base + path + (f"?{urlencode(given)}" if given else "")
        return _read(await self._outgoing.ask(method, url, headers, body))


def _read(response: Response) -> dict[str, Any]:
    status = response.status
    try:
        told = msgspec.json.decode(response.body, type=dict[str, Any])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unavailable(f"status {status} without JSON") from error
    if status < 400:
        return told
    if status < 500:
        raise Refused(
            int(told.get("code", 0)),
            str(told.get("detail", "")),
            str(told.get("field", "")),
            float(told.get("retry_after") or 0.0),
        )
    words = str(told.get("detail") or told.get("status") or status)
    raise Unavailable(words, float(told.get("retry_after") or 1.0))
