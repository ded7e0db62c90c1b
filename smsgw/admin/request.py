"""
A request as the console reads it: cookies, query, form and files, bounded.
"""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

import attrs
from twisted.web.iweb import IRequest
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import parse_form_data

from smsgw.admin.page import Upload
from smsgw.admin.words import Language, language
from smsgw.frontends.http.auth import client_address

__all__ = ["COOKIE", "Asked", "read_request"]

COOKIE = "smsgw"
_FIELDS = 5000


@attrs.frozen
class Asked:
    """
    What a browser sent; C{ticket} is the session's cookie, C{csrf} the form's guard.
    """

    url: str
    language: Language
    chosen: str = ""
    ticket: str = attrs.field(default="", repr=False)
    csrf: str = attrs.field(default="", repr=False)
    address: str = ""
    agent: str = ""
    secure: bool = False
    query: Mapping[str, str] = attrs.field(factory=dict)
    form: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    lists: Mapping[str, Sequence[str]] = attrs.field(factory=dict, repr=False)
    files: Mapping[str, Upload] = attrs.field(factory=dict, repr=False)


def read_request(request: IRequest, proxies: tuple[str, ...] = ()) -> Asked:
    """
    The whole of it; a body that is no form is none.
    """
    any_request: Any = request
    path, _, query_text = request.uri.decode("latin-1").partition("?")
    query = dict(parse_qsl(query_text, max_num_fields=200))
    chosen = query.pop("lang", "")
    form, lists, files = _form(request) if request.method == b"POST" else ({}, {}, {})
    peer = getattr(any_request.getClientAddress(), "host", "") or ""
    address = client_address(peer, _header(request, "X-Forwarded-For"), proxies)
    forwarded = _header(request, "X-Forwarded-Proto") if proxies else ""
    kept = (request.getCookie(b"smsgw_lang") or b"").decode("latin-1")
    return Asked(
        path + (f"?{query_text}" if query_text else ""),
        language(chosen or kept),
        language(chosen) if chosen else "",
        (request.getCookie(COOKIE.encode()) or b"").decode("latin-1"),
        _header(request, "X-Csrf") or form.get("_csrf", ""),
        address,
        _header(request, "User-Agent"),
        request.isSecure() or forwarded == "https",
        query,
        form,
        lists,
        files,
    )


Form = tuple[dict[str, str], dict[str, list[str]], dict[str, Upload]]


def _form(request: IRequest) -> Form:
    content: Any = request.content
    body = content.read()
    environ = {
        "REQUEST_METHOD": "POST",
        "CONTENT_TYPE": _header(request, "Content-Type"),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
    }
    try:
        _, fields, uploads = parse_form_data(
            environ, stream_factory=_in_memory, max_form_parts=_FIELDS
        )
    except (HTTPException, ValueError):
        return {}, {}, {}
    lists = {name: list(values) for name, values in fields.lists()}
    form = {name: values[-1] for name, values in lists.items()}
    files = {
        name: Upload(file.filename or "", file.read())
        for name, file in uploads.items()
        if file.filename
    }
    return form, lists, files


def _in_memory(*_: object, **__: object) -> BytesIO:
    return BytesIO()


def _header(request: IRequest, name: str) -> str:
    found = request.getHeader(name)
    return found if isinstance(found, str) else ""
