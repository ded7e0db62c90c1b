"""
The long lists: sensitive words, blocked numbers, and what waits for consent.
"""

from collections.abc import Iterator

from smsgw.admin.page import Menu, Moved, Page, Reply, Route, Visit
from smsgw.errors import Refused
from smsgw.numbering import normalise
from smsgw.rules.blocked import ALL, Block
from smsgw.rules.personal import personal_data
from smsgw.rules.words import LEVELS, Word, WordFilter
from smsgw.storage.blocklist import block_numbers, blocks_of, newest_blocks
from smsgw.storage.reviews import Review, decide_review, waiting_reviews
from smsgw.storage.wordlist import change_words, words_of
from smsgw.text.folding import fold

__all__ = ["ROUTES"]

PAGE, LONGEST, BAD = 50, 100, 2001
_LEVEL_WORDS = {
    "refuse": ("拒绝", "refuse"),
    "review": ("转审核", "review"),
    "replace": ("替换", "replace"),
    "mark": ("仅标记", "mark"),
}
_SOURCES = {
    "operator": ("人工", "operator"),
    "reply": ("回复退订", "reply"),
    "page": ("网页退订", "page"),
    "import": ("导入", "import"),
}


# Words.


async def words(visit: Visit) -> Reply:
    """
    The list, narrowed; and a text tried on it.
    """
    found, _ = await visit.desk.read(words_of)
    wanted, level = visit.query.get("q", "").strip(), visit.query.get("level", "")
    text = visit.query.get("text", "")
    shown = [
        one
        for one in sorted(found, key=lambda one: (one.level, one.text))
        if wanted in one.text and level in ("", one.level)
    ]
    hits = WordFilter.of(found).scan(text).hits if text else ()
    skip = visit.number("skip", 0, len(shown))
    return Page(
        "lists/words.html",
        {
            "rows": shown[skip : skip + PAGE],
            "total": len(shown),
            "all": len(found),
            "skip": skip,
            "size": PAGE,
            "q": wanted,
            "level": level,
            "levels": {name: visit.say(*told) for name, told in _LEVEL_WORDS.items()},
            "text": text,
            "hits": hits,
            "personal": personal_data(text) if text else [],
        },
    )


async def add_words(visit: Visit) -> Reply:
    """
    One a line: word, level, replacement, account or department.
    """
    wanted = list(_words(visit.form.get("words", ""), visit.form.get("level", "")))
    if not wanted:
        raise Refused(BAD, "请至少写一个词 / write at least one word", "words")
    told = await visit.desk.write(change_words, wanted, visit.who, visit.now)
    words = visit.say(
        f"新增 {told.added} 个，修改 {told.changed} 个，一秒内生效。",
        f"{told.added} new, {told.changed} changed; they act within a second.",
    )
    return Moved("/words", words)


def _words(text: str, level: str) -> Iterator[Word]:
    for line in text.replace("，", ",").splitlines():
        if not line.strip():
            continue
        parts = [part.strip() for part in line.split(",")] + ["", "", ""]
        one = Word(parts[0], parts[1] or level, parts[2], parts[3])
        if one.level not in LEVELS:
            raise Refused(BAD, f"{line[:20]}：级别不对 / {line[:20]}: no such level")
        if not fold(one.text) or len(one.text) > LONGEST:
            raise Refused(
                BAD, f"{line[:20]}：1–100 个字 / {line[:20]}: 1–100 characters"
            )
        yield one


async def drop_words(visit: Visit) -> Reply:
    """
    Those that were chosen.
    """
    found, _ = await visit.desk.read(words_of)
    chosen = set(visit.lists.get("word", ()))
    gone = [one for one in found if f"{one.text}|{one.scope}" in chosen]
    told = await visit.desk.write(change_words, [], visit.who, visit.now, gone)
    return Moved("/words", visit.say(f"删除 {told.gone} 个。", f"{told.gone} gone."))


# Numbers.


async def blacklist(visit: Visit) -> Reply:
    """
    The newest, or all that is known of one number.
    """
    number, after = visit.query.get("to", "").strip(), ""
    fields = visit.desk.fields
    if number:
        found = await visit.desk.read(blocks_of, fields, normalise(number))
    else:
        start = visit.query.get("after", "")
        found, after = await visit.desk.read(newest_blocks, fields, start, PAGE)
    return Page(
        "lists/blacklist.html",
        {
            "rows": found,
            "to": number,
            "after": after,
            "sources": {name: visit.say(*told) for name, told in _SOURCES.items()},
            "scopes": _scopes(visit),
        },
    )


def _scopes(visit: Visit) -> list[tuple[str, str]]:
    """
    What the visitor may block for: everybody only who sees everything.
    """
    directory, seen = visit.desk.directory, visit.accounts
    scopes = [
        (f"account:{one.id}", f"{visit.say('账号', 'account')} {one.name}")
        for one in directory.accounts.values()
        if seen is None or one.id in seen
    ]
    if seen is not None:
        return scopes
    departments = [
        (f"department:{one.id}", f"{visit.say('科室', 'department')} {one.name}")
        for one in directory.departments.values()
    ]
    marketing = ("category:marketing", visit.say("营销类", "marketing"))
    everybody = (ALL, visit.say("全院", "everybody"))
    return [everybody, marketing, *departments, *scopes]


async def block(visit: Visit) -> Reply:
    """
    Numbers, one a line, that get nothing (or, lifted, get messages again).
    """
    form = visit.form
    scope, reason = form.get("scope", ALL), form.get("reason", "").strip()
    if scope not in dict(_scopes(visit)):
        raise Refused(BAD, "不在您的数据范围内 / not within your data", "scope")
    lift = form.get("what") == "lift"
    days = int(form.get("days", "0") or 0) if form.get("days", "0").isdigit() else 0
    until = visit.now + 86_400 * days if days else 0.0
    lines = form.get("numbers", "").replace(",", "\n").splitlines()
    blocks = [
        Block(normalise(line.strip()), scope, until, "operator", not lift)
        for line in lines
        if line.strip()
    ]
    if not blocks:
        raise Refused(BAD, "请至少写一个号码 / write at least one number", "numbers")
    changed = await visit.desk.write(
        block_numbers, visit.desk.fields, blocks, reason, visit.who, visit.now
    )
    words = visit.say(
        f"{changed} 个号码已{'解除' if lift else '加入黑名单'}，一秒内生效。",
        f"{changed} numbers {'lifted' if lift else 'blocked'}; in effect in a second.",
    )
    return Moved("/blacklist", words)


# What waits for consent.


async def reviews(visit: Visit) -> Reply:
    """
    Submissions that wait; one's own can only be looked at.
    """
    waiting = await visit.desk.read(waiting_reviews)
    seen = visit.accounts
    rows = [one for one in waiting if seen is None or one.account in seen]
    shown = []
    for one in rows[:PAGE]:
        sample = await visit.desk.reader.message(one.account, one.id)
        shown.append((one, sample.text if sample else ""))
    return Page("lists/reviews.html", {"rows": shown, "total": len(rows)})


async def decide(visit: Visit) -> Reply:
    """
    Approve or refuse; the one who wrote it may not.
    """
    batch, state = visit.path["batch"], visit.form.get("state", "")
    waiting = await visit.desk.read(waiting_reviews)
    seen = visit.accounts
    mine: list[Review] = [
        one
        for one in waiting
        if one.batch == batch and (seen is None or one.account in seen)
    ]
    if not mine or state not in ("approved", "refused"):
        return Page("error.html", {"status": 404, "why": ""}, 404)
    note = visit.form.get("note", "").strip()
    if visit.who in {one.maker for one in mine}:
        raise Refused(1008, "自己写的短信由别人审核 / somebody else must consent")
    many = await visit.desk.write(
        decide_review, batch, state, visit.who, note, visit.now
    )
    done = (
        visit.say("已同意", "approved")
        if state == "approved"
        else visit.say("已驳回", "refused")
    )
    return Moved("/reviews", f"{done}: {many}")


ROUTES = (
    Route(
        "/words", words, "lists", menu=Menu("rules", "ban", "敏感词", "Sensitive words")
    ),
    Route("/words", add_words, "lists", "POST"),
    Route("/words/drop", drop_words, "lists", "POST"),
    Route(
        "/blacklist", blacklist, "lists",
        menu=Menu("rules", "eye-off", "黑名单与退订", "Blocked numbers"),
    ),
    Route("/blacklist", block, "lists", "POST"),
    Route(
        "/reviews", reviews, "reviews",
        menu=Menu("work", "rubber-stamp", "审核", "Reviews"),
    ),
    Route("/reviews/<batch>", decide, "reviews", "POST"),
)  # fmt: skip
