"""
C{smsgw routes}: what other rules would have done with recorded messages, and which
way one message would go, with the reason.
"""

import argparse
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta, timezone
from pathlib import Path

import attrs

from smsgw.cli.drafts import draft_of
from smsgw.cli.stores import add_config, fields_of, in_reactor, open_record
from smsgw.config import load
from smsgw.directory import Directory
from smsgw.errors import Refused
from smsgw.numbering import mask, normalise
from smsgw.rules.book import Lists, Rulebook
from smsgw.rules.classify import AUTO
from smsgw.rules.conditions import Facts
from smsgw.rules.rehearsal import Rehearsal
from smsgw.rules.routing import Router, caps_of
from smsgw.storage.directory_store import load_directory
from smsgw.storage.history import History
from smsgw.storage.kept_lists import newer_lists

__all__ = ["configure", "run"]

LIMIT = 100_000
_CHINA = timezone(timedelta(hours=8))
_NOBODY = "(no rule 无规则)"


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    verbs = parser.add_subparsers(dest="what", required=True)
    words = "other rules over recorded messages 用历史短信试运行规则"
    verb = verbs.add_parser("dry-run", help=words, description=words)
    add_config(verb)
    verb.add_argument("file", type=Path, help="TOML with [[rules]], maybe [[groups]]")
    verb.add_argument("--limit", type=int, default=LIMIT, help="the newest so many")
    verb.add_argument("--since", type=_time, default=0.0, help="2026-09-21T08:00")
    words = "which way a message would go, and why 解释路由"
    verb = verbs.add_parser("explain", help=words, description=words)
    add_config(verb)
    verb.add_argument("--file", type=Path, help="by the rules of this file")
    verb.add_argument("--account", required=True)
    verb.add_argument("--to", required=True, help="the number")
    verb.add_argument("--text", default="")
    for name in ("category", "signature", "template"):
        verb.add_argument(f"--{name}", default="")
    verb.add_argument("--at", type=_time, default=None, help="2026-09-21T08:00")


def run(arguments: argparse.Namespace) -> int:
    """
    Mistakes in the file end it with status 2; then nothing was tried.
    """
    settings = load(arguments.config)
    work = _rehearse if arguments.what == "dry-run" else _explain

    async def whole(_: object) -> list[str]:
        database = await open_record(settings)
        try:
            fields = fields_of(settings)
            directory = await database.read(load_directory)
            lists = await database.read(newer_lists, fields, Lists())
            book = Rulebook.of(directory, lists)
            return await work(arguments, book, History(database, fields))
        finally:
            database.close()

    print(*in_reactor(whole), sep="\n")
    return 0


def _time(text: str) -> float:
    """
    Local time where no zone is named.
    """
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=_CHINA)).timestamp()


async def _rehearse(
    arguments: argparse.Namespace, book: Rulebook, history: History
) -> list[str]:
    draft = draft_of(arguments.file, book.directory)
    began = time.monotonic()
    numbers = book.lists.numbers
    rehearsal = Rehearsal(book.router, Router.of(draft), numbers)
    history = attrs.evolve(history, texts=rehearsal.needs_text)
    async for page in history.pages(arguments.limit, arguments.since):
        rehearsal.play(page)
    told = _told(rehearsal, time.monotonic() - began)
    return [*told, *_caps(rehearsal, draft)]


def _told(rehearsal: Rehearsal, seconds: float) -> Iterator[str]:
    moved = rehearsal.moves.total()
    yield (
        f"{rehearsal.tried} messages 条, {moved} would go another way 改变路由,"
        f" {seconds:.1f} s"
    )
    if rehearsal.blind:
        yield f"{rehearsal.blind} without a kept number 未保存号码, not tried 未试"
    yield ""
    yield from _groups(*rehearsal.groups)
    if not moved:
        return
    yield ""
    yield "   count 条  account 账号  carrier 运营商  category 类别  group 路由组"
    for move, count in rehearsal.moves.most_common():
        words = (move.account, move.carrier, move.category)
        way = f"{move.before or _NOBODY} -> {move.after or _NOBODY}"
        yield f"{count:>10}  {'  '.join(words)}  {way}"
        yield f"{'':>10}  e.g. 例 {' '.join(rehearsal.examples[move])}"


def _groups(before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[str]:
    yield f"{'before 前':>9} {'after 后':>9} {'diff 差':>9}  group 路由组"
    for group in sorted({*before, *after}):
        old, new = before.get(group, 0), after.get(group, 0)
        yield f"{old:>10} {new:>10} {new - old:>+10}  {group or _NOBODY}"


def _caps(rehearsal: Rehearsal, draft: Directory) -> Iterator[str]:
    """
    The fullest day of every group that has caps, against these.
    """
    for name, (day, count) in sorted(rehearsal.peaks().items()):
        caps = caps_of(draft.groups[name]) if name in draft.groups else {}
        if caps:
            told = ", ".join(f"{channel} {cap}" for channel, cap in caps.items())
            yield (
                f"{name}: {count} messages 条 on {day}, the fullest day 最多的一天;"
                f" at most a day 日上限: {told}"
            )


async def _explain(
    arguments: argparse.Namespace, book: Rulebook, _: History
) -> list[str]:
    if arguments.file:
        draft = draft_of(arguments.file, book.directory)
        book = Rulebook.of(draft, book.lists)
    facts = _facts(arguments, book)
    decision = book.router.explain(facts)
    words = (facts.carrier, facts.region, facts.kind)
    told = [
        f"{mask(normalise(arguments.to))}  {'  '.join(words)}",
        f"{facts.account}  {facts.category}  {facts.signature}".rstrip(),
        *(f"  - {one}" for one in decision.tried),
    ]
    if not decision.group:
        return [*told, "no rule matches 无匹配规则"]
    told.append(f"  = {decision.why}: {', '.join(decision.channels)}")
    return [*told, *(f"    {one}" for one in decision.caps)]


def _facts(arguments: argparse.Namespace, book: Rulebook) -> Facts:
    account = book.directory.accounts.get(arguments.account)
    if account is None:
        raise Refused(7404, arguments.account[:64], "account")
    number, text = normalise(arguments.to), arguments.text
    template = book.directory.templates.get(arguments.template)
    if arguments.template and template is None:
        raise Refused(7404, arguments.template[:64], "template")
    named = template.category if template is not None else ""
    category = arguments.category or named or account.category
    chain, asked = book.chain_of(account), arguments.signature or None
    numbers = book.lists.numbers
    return Facts(
        account.id,
        book.category_of(text, account).category if category == AUTO else category,
        numbers.carrier_of(number),
        numbers.region_of(number),
        numbers.kind_of(number),
        book.signatures.of_message(account, chain, template, asked),
        arguments.template,
        text,
        time.time() if arguments.at is None else arguments.at,
    )
