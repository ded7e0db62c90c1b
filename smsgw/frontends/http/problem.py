"""
Errors in HTTP's words: RFC 9457 problem documents, in Chinese or English.
"""

import math

import msgspec

from smsgw.codes import INTERNAL, code_of, words_of
from smsgw.errors import Refused, Unavailable
from smsgw.frontends.http.call import Answer
from smsgw.numbering import reason_of
from smsgw.numbering.phones import REASONS

__all__ = ["Problem", "detail_of", "language_of", "number_words", "problem_of"]

UNAVAILABLE = 9001
_KIND = "application/problem+json; charset=utf-8"
_encode = msgspec.json.Encoder().encode


class Problem(msgspec.Struct, omit_defaults=True):
    """
    The document. C{type} leads to the code's place in the documentation.
    """

    type: str
    title: str
    status: int
    code: int
    detail: str
    retryable: bool | None = None
    retry_after: int = 0
    field: str = ""
    request_id: str = ""


def language_of(accept: str) -> str:
    """
    C{en} if English is what the caller likes best, else C{zh}.
    """
    best, weight = "zh", -1.0
    for choice in accept.lower().split(","):
        tag, _, quality = choice.strip().partition(";q=")
        name = tag.partition("-")[0]
        if name not in ("zh", "en"):
            continue
        try:
            given = float(quality) if quality else 1.0
        except ValueError:
            given = 0.0
        if given > weight:
            best, weight = name, given
    return best


def detail_of(code: int, detail: str, language: str) -> str:
    """
    Title and particulars in one language; the latter may be "zh / en".
    """
    chinese, mark, english = detail.partition(" / ")
    return words_of(code, english if mark and language == "en" else chinese, language)


def number_words(number: str) -> str:
    """
    Why a number is no good, '' if it is.
    """
    reason = reason_of(number)
    return REASONS[reason] if reason else ""


def problem_of(error: Exception, language: str, request_id: str) -> Answer:
    """
    The answer to a refusal, or to a failure of ours.
    """
    retry_after = 0
    match error:
        case Refused():
            number, detail, field = error.code, error.detail, error.field
            retry_after = math.ceil(error.retry_after)
        case Unavailable():
            number, detail, field = UNAVAILABLE, "", ""
            retry_after = max(1, math.ceil(error.retry_after))
        case _:
            number, detail, field = INTERNAL, "", ""
    code = code_of(number)
    if code.retryable and number != INTERNAL:
        retry_after = retry_after or 1
    document = Problem(
        f"/v1/codes/smsgw/{code.number}",
        code.title(language),
        code.status,
        code.number,
        detail_of(code.number, detail, language),
        code.retryable,
        retry_after,
        field,
        request_id,
    )
    headers = {"Content-Language": language, "X-Request-Id": request_id}
    if retry_after:
        headers["Retry-After"] = str(retry_after)
    if code.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Answer(code.status, _encode(document), headers, _KIND)
