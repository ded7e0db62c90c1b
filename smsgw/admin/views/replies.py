"""
Replies, the conversations they belong to, and those that answer nothing known.
"""

from smsgw.admin.page import Menu, Moved, Page, Reply, Route, Visit
from smsgw.errors import Refused
from smsgw.message import Item, Submission
from smsgw.numbering import normalise
from smsgw.views import MessageView

__all__ = ["ROUTES"]

PAGE, TURNS = 50, 100
_RULES = {
    "extension": ("按扩展码", "by extension"),
    "channel": ("按通道、号码与时间", "by channel, number and time"),
    "number": ("按号码与时间", "by number and time"),
}
_ACTIONS = {
    "opt_out": ("退订", "opted out"),
    "opt_in": ("恢复", "opted in"),
    "confirm": ("确认", "confirmed"),
    "cancel": ("取消", "canceled"),
}


async def show(visit: Visit) -> Reply:
    """
    The newest first.
    """
    query = visit.query
    number = query.get("to", "").strip()
    found = await visit.desk.reader.inbox().find(
        visit.accounts,
        query.get("which") == "unmatched",
        normalise(number) if number else "",
        visit.number("before", 0, 10**15),
        PAGE,
    )
    more = int(found[-1].at * 1000) if len(found) == PAGE else 0
    return Page(
        "messages/replies.html",
        {
            "found": found,
            "more": more,
            "query": query,
            "rules": {name: visit.say(*words) for name, words in _RULES.items()},
            "actions": {name: visit.say(*words) for name, words in _ACTIONS.items()},
        },
    )


async def _message(visit: Visit) -> MessageView | None:
    reader = visit.desk.reader
    owner = await reader.owner(visit.path["message"])
    seen = visit.accounts
    if not owner or (seen is not None and owner not in seen):
        return None
    return await reader.message(owner, visit.path["message"])


async def conversation(visit: Visit) -> Reply:
    """
    Both sides with the number of a message, of its account.
    """
    one = await _message(visit)
    if one is None or not one.to:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    inbox = visit.desk.reader.inbox()
    turns = await inbox.conversation(one.account, one.to, TURNS)
    values = {
        "turns": turns,
        "number": one.to,
        "account": one.account,
        "message": one.id,
    }
    return Page("messages/conversation.html", values)


async def answer(visit: Visit) -> Reply:
    """
    Our next word.
    """
    one = await _message(visit)
    account = visit.desk.directory.accounts.get(one.account) if one else None
    if one is None or account is None or not one.to:
        return Page("error.html", {"status": 404, "why": ""}, 404)
    submission = Submission(
        [Item(one.to)],
        visit.form.get("text", "").strip(),
        idempotency_key=f"console|answer|{visit.who}|{visit.form.get('once', '')[:40]}",
        body_hash=b"answer",
        maker=visit.who,
    )
    told = await visit.desk.gateway.accept(account, submission, visit.now)
    item = told.items[0]
    if not item.id:
        raise Refused(item.code, item.detail, item.field)
    words = visit.say("已提交，片刻后出现。", "Submitted; it appears in a moment.")
    return Moved(f"/conversations/{one.id}", words)


ROUTES = (
    Route("/replies", show, "messages", menu=Menu("work", "inbox", "回复", "Replies")),
    Route("/conversations/<message>", conversation, "messages"),
    Route("/conversations/<message>", answer, "send", "POST"),
)
