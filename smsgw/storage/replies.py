"""
Replies: whose they are, and which message they answer.
"""

from collections.abc import Sequence
from typing import Any

import attrs
import msgspec
from sqlalchemy import Connection, insert, select

from smsgw.directory import Directory
from smsgw.message import Fact, Inbound
from smsgw.numbering import normalise_many
from smsgw.security.fields import Fields
from smsgw.storage.columns import NONE
from smsgw.storage.fold import Event
from smsgw.storage.line import millis_of
from smsgw.storage.tables import inbound, messages

__all__ = ["Owner", "keep_reply", "owner_of"]

_WINDOW_MS = 7 * 86_400_000
_LOOK = 50
_json = msgspec.json.Encoder().encode


@attrs.frozen
class Owner:
    """
    Whose a reply is, and the rule that said so.

    C{rule}: extension (the digits after the channel's number are an account's),
    channel (newest message to the number by this channel), number (newest
    message to the number), '-' for none.
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
    fitting = [
        account
        for account in directory.accounts.values()
        if account.extension and extension.startswith(account.extension)
    ]
    longest = max(fitting, key=lambda one: len(one.extension), default=None)
    return "" if longest is None else longest.id


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
    row: dict[str, Any] = {
        "id": row_id,
        "phone_blob": fields.seal("phone", number),
        "phone_index": index,
        "text_blob": fields.seal("text", reply.text),
        "note": fact.note or None,
        "created_at": now_ms,
    }
    connection.execute(insert(inbound).values(row | _plain(reply, owner, at)))
    account = directory.accounts.get(owner.account)
    if account is None or not account.events:
        return []
    return [_event(row_id, owner, at)]


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


def _event(row_id: str, owner: Owner, at: int) -> Event:
    body = _json({"inbound_id": row_id, "matched_by": owner.rule}).decode()
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
        .order_by(columns.id.desc())
        .limit(_LOOK)
    )
    return [(row.id, row.account, row.channel) for row in rows]
