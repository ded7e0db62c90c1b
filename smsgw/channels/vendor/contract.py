"""
What a vendor channel's tables make: requests, readers and policies, checked once.
"""

import pathlib
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import attrs

from smsgw.channels.vendor.asking import Asker, Signer
from smsgw.channels.vendor.outcomes import OutcomeReader, SuccessReader
from smsgw.channels.vendor.paths import Path
from smsgw.channels.vendor.reading import ReportReader
from smsgw.channels.vendor.settings import Poll, Push, Reports, VendorSettings
from smsgw.channels.vendor.template import Structure, Template
from smsgw.config import ConfigError, structure
from smsgw.directory import Channel
from smsgw.errors import Refused
from smsgw.protocols.codes import CLASSES
from smsgw.text import TextPolicy

__all__ = ["Polled", "Pushed", "VendorContract", "Worded"]

T = TypeVar("T")
_TEXT = {field.name for field in attrs.fields(TextPolicy)}
OF_CHANNEL = frozenset({"endpoint", "login", "secret", "access", "time", "nonce"})
_SAMPLE: Mapping[str, Any] = {
    "number": "13800138000",
    "text": "text",
    "signature": "signature",
    "template": "T1",
    "params": {"code": "1"},
    "param_list": ["1"],
    "id": "M1",
    "attempt": 1,
    "extension": "01",
    "segments": 1,
    "category": "notice",
}
_SAMPLES: Mapping[str, Any] = {
    "numbers": ["13800138000"],
    "texts": ["text"],
    "signatures": ["signature"],
    "ids": ["M1"],
    "params_all": [{"code": "1"}],
    "param_lists": [["1"]],
    "items": [{"number": "13800138000"}],
    "count": 1,
}
OF_MESSAGE = frozenset(_SAMPLE)
OF_BATCH = frozenset(_SAMPLES)
_PLACES = ("query", "header", "field")


@attrs.frozen
class Worded:
    """
    A registered template and the pattern of its texts.
    """

    template: str
    pattern: re.Pattern[str]

    def parameters(self, text: str) -> dict[str, str] | None:
        """
        The groups of a text that fits, by name or else by number.
        """
        found = self.pattern.fullmatch(text)
        if found is None:
            return None
        names = {place: name for name, place in self.pattern.groupindex.items()}
        return {
            names.get(place, str(place)): value or ""
            for place, value in enumerate(found.groups(), 1)
        }


@attrs.frozen
class Polled:
    """
    A L{Poll}, compiled.
    """

    poll: Poll
    ask: Asker
    answer: SuccessReader
    acknowledge: Asker | None


@attrs.frozen
class Pushed:
    """
    A L{Push}, compiled.
    """

    push: Push
    token: Template
    signer: Signer


@attrs.frozen
class VendorContract:
    """
    A channel of protocol C{http} with everything derived from its settings.

    C{receipts} and C{inbound} read lists of reports; C{polled} and C{pushed} are
    how they come, by C{receipts} and C{inbound}.
    """

    channel: Channel
    settings: VendorSettings
    text_policy: TextPolicy
    submit: Asker
    item: Structure
    own_id: Template
    outcomes: OutcomeReader
    templates: tuple[Worded, ...]
    readers: Mapping[str, ReportReader]
    polled: Mapping[str, Polled]
    pushed: Mapping[str, Pushed]

    @classmethod
    def of(cls, channel: Channel, nodes: object = None) -> "VendorContract":
        """
        L{Refused} names every mistake with its path. C{nodes} are nothing to HTTP.
        """
        made, mistakes = _tried(channel)
        if made is None or mistakes:
            field = f"channels.{channel.id}.vendor"
            raise Refused(2002, "; ".join(mistakes), field)
        return made

    @classmethod
    def mistakes(cls, channel: Channel) -> list[str]:
        """
        All that L{of} would refuse, each with its path.
        """
        return _tried(channel)[1]

    def values(self, now: float, nonce: str) -> dict[str, Any]:
        """
        What every request may hold: who we are, and when.
        """
        return _own_values(self.channel, now, nonce)


def _tried(channel: Channel) -> tuple[VendorContract | None, list[str]]:
    """
    The contract, and what is wrong with it.
    """
    place = pathlib.Path(f"channels.{channel.id}.vendor")
    try:
        settings = structure(place, dict(channel.vendor), VendorSettings)
    except ConfigError as error:
        return None, [one.replace("@ $", "at vendor") for one in error.mistakes]
    builder = _Builder(channel, settings)
    made = builder.build()
    return made, [one.replace("@ $", "at vendor") for one in builder.mistakes]


def _own_values(channel: Channel, now: float, nonce: str) -> dict[str, Any]:
    more = {f"secret{n}": one for n, one in enumerate(channel.secrets, 1)}
    return {
        "endpoint": channel.endpoint,
        "login": channel.login,
        "secret": channel.secret,
        "access": channel.access_number,
        "time": now,
        "nonce": nonce,
        **more,
    }


@attrs.define
class _Builder:
    """
    Compiles, and goes on after a mistake to find the others.
    """

    channel: Channel
    settings: VendorSettings
    mistakes: list[str] = attrs.field(factory=list)

    def build(self) -> VendorContract:
        settings = self.settings
        submit, answer = settings.submit, settings.answer
        self._classes("answer.classes", answer.classes)
        self._classes("answer.http_classes", answer.http_classes)
        of_item = self._known | OF_MESSAGE
        item = self._try("submit.item", Structure.parse, submit.item, settings.charset)
        own_id = self._try("submit.id", Template.parse, submit.id, settings.charset)
        self._names("submit.item", item, of_item)
        self._names("submit.id", own_id, of_item)
        reports = {
            name: one
            for name in ("receipts", "inbound")
            if (one := getattr(settings, name)) is not None
        }
        asker = self._asker("submit", submit, of_item | OF_BATCH)
        self._shared(asker)
        return VendorContract(
            self.channel,
            settings,
            self._policy(),
            asker,
            item,
            own_id,
            self._try("answer", OutcomeReader.of, answer, settings.charset),
            tuple(self._worded()),
            {name: self._reader(name, one) for name, one in reports.items()},
            {n: self._polled(n, o.poll) for n, o in reports.items() if o.poll},
            {n: self._pushed(n, o.push) for n, o in reports.items() if o.push},
        )

    @property
    def _known(self) -> frozenset[str]:
        count = len(self.channel.secrets)
        return OF_CHANNEL | {f"secret{n}" for n in range(1, count + 1)}

    def _try(self, at: str, make: Callable[..., T], *arguments: Any) -> T:
        """
        C{None} after a mistake: what is built then is thrown away.
        """
        try:
            return make(*arguments)
        except (TypeError, ValueError) as error:
            self.mistakes.append(f"{error} @ $.{at}")
            return cast(T, None)

    def _names(self, at: str, made: Any, known: Iterable[str]) -> None:
        if made is None:
            return
        for name in sorted(made.names - set(known)):
            self.mistakes.append(f"nothing is known as {{{name}}} @ $.{at}")

    def _asker(self, at: str, ask: Any, known: frozenset[str]) -> Asker:
        """
        Compiled, and filled once with made-up values.
        """
        url = ask.url.replace("{endpoint}", self.channel.endpoint)
        self._try(f"{at}.url", _check_url, url)
        made = self._try(at, Asker.of, ask, self.settings.charset)
        self._names(at, made, known)
        self._try(at, self._rehearse, made, known)
        return made

    def _rehearse(self, asker: Asker | None, known: frozenset[str]) -> None:
        if asker is None or not asker.names <= known:
            return
        values = {name: "1" for name in asker.names if name.startswith("field.")}
        values |= {**_SAMPLE, **_SAMPLES, **_own_values(self.channel, 1e9, "n")}
        asker.request(values.__getitem__)

    def _shared(self, asker: Asker | None) -> None:
        """
        A request of many names each of them, and says of all what holds for all.
        """
        submit = self.settings.submit
        if asker is None or submit.batch == 1:
            return
        if not asker.names & {"numbers", "items"}:
            self.mistakes.append("a batch needs {numbers} or {items} @ $.submit")
        apart = {"number"} if submit.same else set(_SAMPLE) - {"id", "attempt"}
        for name in sorted(asker.names & apart):
            self.mistakes.append(f"{{{name}}} is of the first message @ $.submit")

    def _classes(self, at: str, classes: Mapping[str, str]) -> None:
        for code, name in classes.items():
            if name not in CLASSES or name in ("success", "pending"):
                self.mistakes.append(f"there is no class {name!r} @ $.{at}.{code}")

    def _policy(self) -> TextPolicy:
        settings = self.channel.settings
        text: dict[str, Any] = {n: settings[n] for n in settings if n in _TEXT}
        return self._try("settings", lambda: TextPolicy(**text))

    def _worded(self) -> Iterable[Worded]:
        for place, one in enumerate(self.settings.templates):
            at = f"templates[{place}].pattern"
            yield Worded(one.template, self._try(at, _pattern, one.pattern))

    def _reader(self, at: str, reports: Reports) -> ReportReader:
        if at == "inbound" and not reports.text:
            self.mistakes.append("required key is missing @ $.inbound.text")
        if at == "receipts" and not (reports.id and (reports.state or reports.code)):
            self.mistakes.append("id and state (or code) are needed @ $.receipts")
        per_request = self.settings.answer.id_per == "request"
        charset = self.settings.charset
        return self._try(at, ReportReader.of, reports, charset, per_request)

    def _polled(self, at: str, poll: Poll) -> Polled:
        at, charset = f"{at}.poll", self.settings.charset
        acknowledge = None
        if poll.acknowledge is not None:
            known = {"ids", "count"} | _fields_of(poll.acknowledge, charset)
            acknowledge = self._asker(
                f"{at}.acknowledge", poll.acknowledge, self._known | known
            )
        return Polled(
            poll,
            self._asker(f"{at}.ask", poll.ask, self._known),
            self._try(f"{at}.answer", SuccessReader.of, poll.answer, charset),
            acknowledge,
        )

    def _pushed(self, at: str, push: Push) -> Pushed:
        at, charset = f"{at}.push", self.settings.charset
        token = self._try(f"{at}.token", Template.parse, push.token, charset)
        self._names(f"{at}.token", token, self._known)
        signer = self._try(f"{at}.sign", Signer.of, push.sign, charset)
        if signer is not None:
            pushed = {n for n in signer.names if n.partition(".")[0] in _PLACES}
            self._names(f"{at}.sign", signer, self._known | pushed | {"body"})
        for word in ("token_at", "sign_at"):
            self._try(f"{at}.{word}", _check_place, getattr(push, word))
        return Pushed(push, token, signer)


def _fields_of(ask: Any, charset: str) -> set[str]:
    """
    C{field.X} is what a poll's answer has at path X.
    """
    try:
        names = Asker.of(ask, charset).names
    except ValueError:
        return set()
    return {name for name in names if name.startswith("field.")}


def _check_place(where: str) -> None:
    place, _, name = where.partition(":")
    if where not in ("", "path") and (place not in _PLACES or not name):
        raise ValueError(f"{where!r} is no place")
    if place == "field":
        Path.parse(name)


def _check_url(url: str) -> None:
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"expected http:// or https://, got {url!r}")
    if not urlsplit(url).netloc:
        raise ValueError(f"{url!r} names no host")


def _pattern(source: str) -> re.Pattern[str]:
    try:
        return re.compile(source, re.DOTALL)
    except re.error as error:
        raise ValueError(f"{source!r} is no pattern: {error}") from error
