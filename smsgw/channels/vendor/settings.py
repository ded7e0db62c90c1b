"""
What a vendor's tables may say: the shape of a channel's C{vendor} settings.

Texts are templates, places in answers are paths; the contract compiles both.
"""

from collections.abc import Mapping
from typing import Any, Literal

import attrs

__all__ = [
    "STATES",
    "Answer",
    "Ask",
    "Poll",
    "Push",
    "Reports",
    "Sign",
    "Submit",
    "SubmitAnswer",
    "VendorSettings",
    "Wording",
]

Format = Literal["json", "xml", "form", "text", "lines"]
STATES = ("delivered", "undelivered", "expired", "unknown", "pending")
_HTTP_CLASSES = {
    "401": "config",
    "403": "config",
    "404": "config",
    "405": "config",
    "429": "throttle",
}


@attrs.frozen
class Sign:
    """
    A step of a signing recipe; its result is the placeholder C{name}.

    C{over} is the canonical text. C{encode = "raw"} is for keys of later steps.
    """

    over: str
    method: Literal[
        "md5",
        "sha1",
        "sha256",
        "sha512",
        "sm3",
        "hmac-md5",
        "hmac-sha1",
        "hmac-sha256",
        "hmac-sha512",
        "hmac-sm3",
    ]
    key: str = ""
    encode: Literal["hex", "HEX", "base64", "base64url", "raw"] = "hex"
    name: str = "sign"


@attrs.frozen(kw_only=True)
class Ask:
    """
    A request. At most one of C{json}, C{form} and C{text} is its body.
    """

    url: str
    method: Literal["GET", "POST", "PUT"] = "POST"
    headers: Mapping[str, str] = attrs.field(factory=dict)
    query: Mapping[str, str] = attrs.field(factory=dict)
    json: Mapping[str, Any] = attrs.field(factory=dict)
    form: Mapping[str, str] = attrs.field(factory=dict)
    text: str = ""
    sign: tuple[Sign, ...] = ()

    def __attrs_post_init__(self) -> None:
        bodies = [one for one in (self.json, self.form, self.text) if one]
        if len(bodies) > 1:
            raise ValueError("only one of json, form and text can be the body")
        if bodies and self.method == "GET":
            raise ValueError("a GET has no body")


@attrs.frozen(kw_only=True)
class Submit(Ask):
    """
    How messages are handed over, at most C{batch} of them at once.

    C{same}: those of one request have one text, signature and extension. C{item}
    is what stands for each in the placeholder C{items}.
    """

    batch: int = attrs.field(
        default=1, validator=[attrs.validators.ge(1), attrs.validators.le(1000)]
    )
    same: bool = True
    item: Any = None
    id: str = "{id}"


@attrs.frozen(kw_only=True)
class Answer:
    """
    How an answer is read; no C{code}: the HTTP status alone tells.
    """

    format: Format = "json"
    status: tuple[int, ...] = (200,)
    code: str = ""
    success: tuple[str, ...] = ()

    def __attrs_post_init__(self) -> None:
        if bool(self.code) != bool(self.success):
            raise ValueError("code and success go together")


@attrs.frozen(kw_only=True)
class SubmitAnswer(Answer):
    """
    What became of each message. C{id_per}: the id is of each C{message}, of the
    whole C{request} (receipts name the number, too), or our C{own} (C{submit.id}).

    With C{items}, a list of results, C{item_...} are paths in each; results are
    matched by number where C{item_number} is given, else by order.
    C{classes}, C{http_classes}: what a code or an HTTP status means; C{"*"} is
    any other. Class C{unknown_outcome}: perhaps it was taken.
    """

    id: str = ""
    id_per: Literal["message", "request", "own"] = "message"
    items: str = ""
    item_code: str = ""
    item_success: tuple[str, ...] = ()
    item_id: str = ""
    item_number: str = ""
    classes: Mapping[str, str] = attrs.field(factory=dict)
    http_classes: Mapping[str, str] = attrs.field(factory=lambda: dict(_HTTP_CLASSES))
    throttle_seconds: float = attrs.field(
        default=1.0, validator=attrs.validators.ge(0.0)
    )

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if bool(self.item_code) != bool(self.item_success):
            raise ValueError("item_code and item_success go together")
        if not self.items and (self.item_code or self.item_id or self.item_number):
            raise ValueError("item_... need items")
        if self.id_per != "own" and not (self.id or self.item_id):
            raise ValueError("an id is needed, or id_per = 'own'")


@attrs.frozen(kw_only=True)
class Wording:
    """
    A template registered at the vendor and the texts that it makes; groups of the
    pattern are its parameters.
    """

    template: str
    pattern: str


@attrs.frozen(kw_only=True)
class Poll:
    """
    Asking for reports every so many seconds; C{again}: sooner after some came.

    C{acknowledge} is asked when what came is durable; C{{{ids}}} are their ids.
    """

    ask: Ask
    answer: Answer = attrs.field(factory=Answer)
    every: float = attrs.field(default=5.0, validator=attrs.validators.ge(0.1))
    again: float = attrs.field(default=0.0, validator=attrs.validators.ge(0.0))
    acknowledge: Ask | None = None


@attrs.frozen(kw_only=True)
class Push:
    """
    Reports that the vendor brings to our door, and how it proves that it is it.

    C{token} is expected at C{token_at}, a signature at C{sign_at}: C{path} (behind
    the path we give), C{query:NAME}, C{header:NAME} or C{field:PATH}.
    """

    token: str = ""
    token_at: str = "path"
    sign: tuple[Sign, ...] = ()
    sign_at: str = ""
    addresses: tuple[str, ...] = ()
    answer: str = "OK"
    answer_kind: str = "text/plain; charset=utf-8"
    answer_status: int = 200

    def __attrs_post_init__(self) -> None:
        if not (self.token or self.sign or self.addresses):
            raise ValueError("a token, a signature or addresses must tell who it is")
        if bool(self.sign) != bool(self.sign_at):
            raise ValueError("sign and sign_at go together")


@attrs.frozen(kw_only=True)
class Reports:
    """
    A list of status reports or of replies, and what stands where in each.

    C{states} turns the text at C{state} (default: at C{code}) into a state; C{"*"}
    is any other. C{text} and C{access} are for replies only.
    """

    format: Format = "json"
    list: str = ""
    number: str
    id: str = ""
    code: str = ""
    state: str = ""
    states: Mapping[str, str] = attrs.field(factory=dict)
    done: str = ""
    text: str = ""
    access: str = ""
    poll: Poll | None = None
    push: Push | None = None

    def __attrs_post_init__(self) -> None:
        if self.poll is None and self.push is None:
            raise ValueError("reports are polled, pushed or both")
        for state in self.states.values():
            if state not in STATES:
                raise ValueError(f"{state!r} is none of {', '.join(STATES)}")


@attrs.frozen(kw_only=True)
class VendorSettings:
    """
    All of it. C{timeout}: seconds for an answer; C{idle}: until an unused
    connection is closed, less than the vendor's own time.
    """

    submit: Submit
    answer: SubmitAnswer
    charset: Literal["utf-8", "gbk", "gb18030"] = "utf-8"
    timeout: float = attrs.field(default=30.0, validator=attrs.validators.gt(0.0))
    idle: float = attrs.field(default=15.0, validator=attrs.validators.ge(0.0))
    templates: tuple[Wording, ...] = ()
    receipts: Reports | None = None
    inbound: Reports | None = None
