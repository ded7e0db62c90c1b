"""
What a carrier's code means to us, on every channel: words, class, whose fault it
is, whether it counts for the success rate, and what another try is worth.

The codes are the tables of L{smsgw.protocols.codes}; a channel may have overrides.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import attrs

from smsgw.directory import Channel
from smsgw.protocols.codes import CLASSES, Class, Meaning, lookup, sgip, smgp, smpp
from smsgw.protocols.codes.tables import KEPT, UNKNOWN, meaning, read_tables
from smsgw.rules.blame import counts, responsible

__all__ = [
    "ADVICE",
    "PROTOCOLS",
    "Encyclopaedia",
    "Entry",
    "Override",
    "chapters",
    "meaning_of",
]

PROTOCOLS = ("cmpp", "sgip", "smgp", "smpp")
ADVICE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "none": ("无需重发", "nothing to do"),
        "wait": ("等待最终状态", "wait for the final state"),
        "never": ("不要重发", "do not send again"),
        "later": ("稍后重发", "send again later"),
        "soon": ("换通道或稍候重发", "another channel, or again soon"),
        "slower": ("降速后重发", "send again, slower"),
        "next_period": ("下一周期再发", "not before the next period"),
        "never_same_text": ("修改内容、签名或模板后再发", "never the same text"),
        "after_fix": ("修正配置后重发，可换通道", "after a fix, or another channel"),
        "other_carrier": ("换运营商通道重发", "by the number's new carrier"),
        "never_blindly": ("结果未知，确认后再发", "only when sure that it failed"),
    }
)
_UNTOLD = {UNKNOWN["zh"], read_tables("smgp")["families"]["other"]["zh"]}
_CLASSES, _LOGIN = "classes", frozenset({"connect", "login", "bind"})


@attrs.frozen
class Override:
    """
    What a code means on one channel; empty words are the table's.
    """

    channel: str
    code: str
    class_: str
    zh: str = ""
    en: str = ""


@attrs.frozen
class Entry:
    """
    All there is to say of a code. C{known}: some table or override has it.
    """

    code: str
    zh: str
    en: str
    class_: Class
    state: str
    responsible: str
    counts: bool
    known: bool = True
    overridden: bool = False

    @property
    def advice(self) -> tuple[str, str]:
        """
        What another try is worth, in Chinese and English.
        """
        return ADVICE[self.class_.retry]


def meaning_of(
    protocol: str,
    code: str,
    receipt: bool,
    settings: Mapping[str, Any] = MappingProxyType({}),
) -> Meaning:
    """
    A code as our facts have it: of an answer to a submit, or of a receipt.

    Vendors' codes, and those of protocols nobody knows, are read as CMPP's.
    """
    of_receipt, of_answer = _LOOKUPS.get(protocol, _LOOKUPS["cmpp"])
    if receipt:
        return of_receipt(code)
    try:
        number = int(code, 0) if code.startswith("0x") else int(code)
    except ValueError:
        return meaning(code, UNKNOWN)
    return of_answer(number, settings)


def _smgp_answer(number: int, settings: Mapping[str, Any]) -> Meaning:
    table = str(settings.get("status_table", "standard"))
    known = table if table in smgp.STATUS_TABLES else "standard"
    return smgp.submit_status(number, known)


def _sgip_receipt(code: str) -> Meaning:
    error = sgip.error_of(code)
    if error >= 0:
        return sgip.report(sgip.FAILED, error)
    return lookup.stat(code)


_Lookups = tuple[Callable[[str], Meaning], Callable[[int, Mapping[str, Any]], Meaning]]
_LOOKUPS: Mapping[str, _Lookups] = MappingProxyType(
    {
        "cmpp": (lookup.stat, lambda number, _: lookup.submit_result(number)),
        "sgip": (_sgip_receipt, lambda number, _: sgip.submit_result(number)),
        "smgp": (lambda code: smgp.report(*_halves(code)), _smgp_answer),
        "smpp": (
            lambda code: smpp.receipt(*_halves(code)),
            lambda number, _: smpp.command_status(number),
        ),
    }
)


def _halves(code: str) -> tuple[str, str]:
    """
    C{UNDELIV/005} as stat and err.
    """
    stat, _, err = code.partition("/")
    return stat, err


@lru_cache(KEPT)
def _entry(said: Meaning) -> Entry:
    known, class_ = said.zh not in _UNTOLD, said.class_.name
    return Entry(
        said.code,
        said.zh,
        said.en,
        said.class_,
        said.state,
        responsible(said.code, class_) if known else "unknown",
        counts(said.code, class_),
        known,
    )


@attrs.frozen(eq=False)
class Encyclopaedia:
    """
    Channels with their overrides, by channel and code.
    """

    channels: Mapping[str, Channel] = attrs.field(factory=dict)
    overrides: Mapping[tuple[str, str], Override] = attrs.field(factory=dict)

    @classmethod
    def of(
        cls, channels: Mapping[str, Channel], overrides: Iterable[Override] = ()
    ) -> "Encyclopaedia":
        """
        What channels' own settings say of classes is overridden by the rows; those
        with a class that is none are left out.
        """
        told = (one for channel in channels.values() for one in _settings_of(channel))
        fitting = (one for one in (*told, *overrides) if one.class_ in CLASSES)
        return cls(channels, {(one.channel, one.code): one for one in fitting})

    def entry(self, channel: str, code: str, receipt: bool) -> Entry:
        """
        A code of a channel, of a receipt or of an answer to a submit.
        """
        found = self.channels.get(channel)
        if found is None:
            plain = _entry(meaning_of("cmpp", code, receipt))
        else:
            plain = _entry(meaning_of(found.protocol, code, receipt, found.settings))
        override = self.overrides.get((channel, code))
        return plain if override is None else _overridden(plain, override)

    def class_of(self, channel: str, code: str, receipt: bool, said: str = "") -> str:
        """
        Only its class; C{said} is the dialect's own, where it told one.
        """
        override = self.overrides.get((channel, code))
        if override is not None:
            return override.class_
        return said or self.entry(channel, code, receipt).class_.name


def _settings_of(channel: Channel) -> Iterator[Override]:
    """
    Classes in a vendor's contract, and in that of an SMPP channel; what is wrong
    there is for others to tell.
    """
    answer = channel.vendor.get("answer")
    classes = answer.get("classes") if isinstance(answer, Mapping) else None
    for code, name in classes.items() if isinstance(classes, Mapping) else ():
        if code != "*" and name in CLASSES:
            words = CLASSES[name]
            yield Override(channel.id, code, name, words.zh, words.en)
    for pair in str(channel.settings.get("status_classes", "")).split():
        status, _, name = pair.partition("=")
        with contextlib.suppress(ValueError):
            yield Override(channel.id, smpp.status_text(int(status, 0)), name)


def _overridden(plain: Entry, override: Override) -> Entry:
    class_ = override.class_
    return attrs.evolve(
        plain,
        zh=override.zh or plain.zh,
        en=override.en or plain.en,
        class_=CLASSES[class_],
        responsible=responsible(plain.code, class_),
        counts=counts(plain.code, class_),
        known=True,
        overridden=True,
    )


def chapters(protocol: str) -> Mapping[str, Mapping[str, Entry]]:
    """
    The tables of a protocol: their rows by the codes, or ranges, they are for.
    """
    found: dict[str, dict[str, Entry]] = {}
    for name, rows in read_tables(protocol).items():
        if name != _CLASSES:
            found[name] = {key: _of_row(name, key, row) for key, row in rows.items()}
    return found


def _of_row(name: str, key: str, row: Mapping[str, Any]) -> Entry:
    entry = _entry(meaning(key, row))
    if name in _LOGIN:  # no message ends by a login
        return attrs.evolve(entry, counts=False)
    return attrs.evolve(entry, known=True)
