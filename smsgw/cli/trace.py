"""
C{smsgw trace ID}: the history of one message, from the record.
"""

import argparse
from datetime import UTC, datetime, timedelta, timezone

from smsgw.cli.stores import add_config, fields_of, in_reactor, open_record
from smsgw.config import load
from smsgw.numbering import mask, mask_text
from smsgw.storage.reader import StoreReader
from smsgw.views import MessageView, Step

__all__ = ["configure", "run"]

_CHINA = timezone(timedelta(hours=8))


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_config(parser)
    parser.add_argument("id", help="the message id")
    parser.add_argument("--plain", action="store_true", help="show number and text")


def run(arguments: argparse.Namespace) -> int:
    """
    Number and text are masked unless asked for.
    """
    settings = load(arguments.config)

    async def work(_: object) -> tuple[MessageView | None, list[Step]]:
        database = await open_record(settings)
        reader = StoreReader(database, fields_of(settings))
        try:
            owner = await reader.owner(arguments.id)
            found = await reader.message(owner, arguments.id)
            return found, await reader.timeline(owner, arguments.id)
        finally:
            database.close()

    message, steps = in_reactor(work)
    if message is None:
        print(f"{arguments.id}: not in the record 无此短信")
        return 1
    to = message.to if arguments.plain else mask(message.to)
    text = message.text if arguments.plain else mask_text(message.text)
    print(f"{message.id}  {message.account}  {to}  {message.state}  {text}")
    for step in steps:
        place = f"#{step.part}" if step.part else ""
        words = (step.kind + place, step.state, step.channel, step.code)
        rest = (step.carrier_id, step.note)
        print(_time(step.at), *[word for word in (*words, *rest) if word], sep="  ")
    return 0


def _time(at: float) -> str:
    return (
        datetime.fromtimestamp(at, UTC)
        .astimezone(_CHINA)
        .isoformat(" ", "milliseconds")
    )
