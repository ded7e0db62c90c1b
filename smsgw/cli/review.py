"""
C{smsgw review}: what waits for consent, approved or refused by somebody else than
who wrote it.
"""

import argparse
import getpass
import time
from datetime import datetime, timedelta, timezone
from typing import Any

from smsgw.cli.stores import add_config, in_reactor, open_record
from smsgw.config import load
from smsgw.storage.reviews import Review, decide_review, waiting_reviews

__all__ = ["configure", "run"]

_CHINA = timezone(timedelta(hours=8))
_STATES = {"approve": "approved", "refuse": "refused"}


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_config(parser)
    parser.add_argument("what", choices=("list", "approve", "refuse"))
    parser.add_argument("batches", nargs="*", help="submissions to decide")
    parser.add_argument("--note", default="", help="why, for the record")


def run(arguments: argparse.Namespace) -> int:
    """
    The gateway acts on a decision within a second.
    """
    settings = load(arguments.config)
    who, now = getpass.getuser(), time.time()

    async def work(_: object) -> Any:
        database = await open_record(settings)
        try:
            if arguments.what == "list":
                return await database.read(waiting_reviews)
            state = _STATES[arguments.what]
            return [
                await database.write(
                    decide_review, batch, state, who, arguments.note, now
                )
                for batch in arguments.batches
            ]
        finally:
            database.close()

    told = in_reactor(work)
    if arguments.what == "list":
        print("\n".join(map(_line, told)) or "nothing waits 没有待审核的短信")
        return 0
    for batch, messages in zip(arguments.batches, told, strict=True):
        print(f"{batch}  {_STATES[arguments.what]}  {messages} messages 条")
    return 0


def _line(review: Review) -> str:
    at = datetime.fromtimestamp(review.at, _CHINA).strftime("%Y-%m-%d %H:%M:%S")
    return (
        f"{review.batch}  {at}  {review.account}  {review.category}  "
        f"{review.messages} messages 条  {review.reason}"
    )
