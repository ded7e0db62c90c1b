"""
Replies: whose they are, and which message they answer.
"""

from collections.abc import Sequence
from typing import Any

import attrs
import msgspec
from sqlalchemy import Connection, insert, select

from smsgw.directory import Directory, Keyword
from smsgw.message import Fact, Inbound
from smsgw.numbering import normalise_many
from smsgw.rules.blocked import ALL, BY_REPLY, Block
from smsgw.rules.keywords import keyword_of, plain
from smsgw.security.fields import Fields
from smsgw.storage.blocklist import block_numbers
from smsgw.storage.columns import NONE
from smsgw.storage.fold import Event
from smsgw.storage.line import millis_of
from smsgw.storage.tables import inbound, messages

__all__ = ["Owner", "keep_reply", "owner_of"]

_WINDOW_MS = 7 * 86_400_000
_LOOK = 50
_NEVER_SENT = ("held", "scheduled", "rejected", "canceled")
_json = msgspec.json.Encoder().encode


@attrs.frozen
class Owner:
    """
    Whose a reply is, and the rule that said so.

    C{rule}: extension (the digits after the channel's number are an account's or
    one of its templates'), channel (newest message to the number by this channel),
    number (newest message to the number), '-' for none.
    """

    account: str = NONE
    message_id: str = NONE
    rule: str = NONE


def owner_of(
    reply: Inbound, recent: Sequence[tuple[str, str, str]], directory: Directory
) -> Owner:
    """
    Pick from the newest messages (id, account, channel) to the reply's number.
    """
    account = _by_extension(reply, directory)
    if account:
        for message_id, owner, _channel in recent:
            if owner == account:
                return Owner(account, message_id, "extension")
        return Owner(account, NONE, "extension")
    for message_id, owner, channel in recent:
        if channel == reply.channel:
            return Owner(owner, message_id, "channel")
    for message_id, owner, _channel in recent:
        return Owner(owner, message_id, "number")
    return Owner()


def _by_extension(reply: Inbound, directory: Directory) -> str:
    channel = directory.channels.get(reply.channel)
    number = channel.access_number if channel is not None else ""
    if not number or not reply.access_number.startswith(number):
        return ""
    extension = reply.access_number[len(number) :]
    given = [
        *((one.extension, one.id) for one in directory.accounts.values()),
        *((one.extension, one.account) for one in directory.templates.values()),
    ]
    fitting = [one for one in given if all(one) and extension.startswith(one[0])]
    longest = max(fitting, key=lambda one: len(one[0]), default=("", ""))
    return longest[1]


def keep_reply(
    connection: Connection,
    fields: Fields,
    directory: Directory,
    fact: Fact,
    now_ms: int,
) -> list[Event]:
    """
    Write a reply, once; the event it makes for its account.
    """
    reply = fact.inbound
    if reply is None:
        return []
    row_id = fields.index("phone", fact.message)
    there = select(inbound.c.id).where(inbound.c.id == row_id)
    if connection.execute(there).first() is not None:
        return []
    at = millis_of(reply.at)
    number = normalise_many([reply.number])[0] or reply.number
    index = fields.index("phone", number)
    owner = owner_of(reply, _recent(connection, index, at), directory)
    keyword = _asked(connection, fields, directory, owner, (number, reply))
    row: dict[str, Any] = {
        "id": row_id,
        "phone_blob": fields.seal("phone", number),
        "phone_index": index,
        "text_blob": fields.seal("text", reply.text),
        "note": fact.note or None,
        "action": keyword.action if keyword else NONE,
        "answer": (keyword and keyword.answer) or NONE,
        "created_at": now_ms,
    }
    connection.execute(insert(inbound).values(row | _plain(reply, owner, at)))
    account = directory.accounts.get(owner.account)
    if account is None or not account.events:
        return []
    return [_event(row_id, owner, at, keyword.action if keyword else "")]


def _asked(
    connection: Connection,
    fields: Fields,
    directory: Directory,
    owner: Owner,
    reply: tuple[str, Inbound],
) -> Keyword | None:
    """
    What the reply asks for, done if it is ours to do: who opts out is blocked for
    the account, or for all where nobody knows whose reply it is.
    """
    number, inbound = reply
    keyword = keyword_of(inbound.text, owner.account, directory.keywords.values())
    if keyword is not None and keyword.action in ("opt_out", "opt_in"):
        scope = ALL if owner.account == NONE else f"account:{owner.account}"
        active = keyword.action == "opt_out"
        block = Block(number, scope, source=BY_REPLY, active=active)
        why = f"reply {plain(inbound.text)}"
        block_numbers(connection, fields, [block], why, "recorder", inbound.at)
    return keyword


def _plain(reply: Inbound, owner: Owner, at: int) -> dict[str, Any]:
    return {
        "channel": reply.channel,
        "access_number": reply.access_number or NONE,
        "account": owner.account,
        "message_id": owner.message_id,
        "matched_by": owner.rule,
        "at_ms": at,
        "created_by": "recorder",
    }


def _event(row_id: str, owner: Owner, at: int, action: str) -> Event:
    told = {"inbound_id": row_id, "matched_by": owner.rule}
    if action:
        told["action"] = action
    body = _json(told).decode()
    return Event(
        f"{row_id}.received",
        owner.account,
        "inbound.received",
        owner.message_id,
        at,
        body,
    )


def _recent(connection: Connection, index: str, at: int) -> list[tuple[str, str, str]]:
    columns = messages.c
    rows = connection.execute(
        select(columns.id, columns.account, columns.channel)
        .where(columns.phone_index == index)
        .where(columns.accepted_ms >= at - _WINDOW_MS)
        .where(columns.state.not_in(_NEVER_SENT))
        .order_by(columns.id.desc())
        .limit(_LOOK)
    )
    return [(row.id, row.account, row.channel) for row in rows]
