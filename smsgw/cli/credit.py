"""
C{smsgw credit}: give an account money, or see what it was given.
"""

import argparse
import getpass
import time
from datetime import datetime, timedelta, timezone
from decimal import Decimal, DecimalException
from typing import Any

from smsgw.cli.stores import add_config, in_reactor, open_record
from smsgw.config import load
from smsgw.errors import Refused
from smsgw.storage.directory_store import load_directory
from smsgw.storage.ledger import Entry, entries_of, grant

__all__ = ["configure", "money", "run", "units_of"]

_CHINA = timezone(timedelta(hours=8))
_UNIT = Decimal("0.0001")


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_config(parser)
    parser.add_argument("account")
    parser.add_argument(
        "amount", nargs="?", help="yuan, such as 500 or -12.5; none lists the entries"
    )
    parser.add_argument("--note", default="", help="what it is for")
    parser.add_argument("--key", default="", help="the same key adds nothing again")


def run(arguments: argparse.Namespace) -> int:
    """
    A running gateway lets the account send for it within a second.
    """
    settings = load(arguments.config)
    units = None if arguments.amount is None else units_of(arguments.amount)
    who, now = getpass.getuser(), time.time()

    async def work(_: object) -> Any:
        database = await open_record(settings)
        try:
            directory = await database.read(load_directory)
            if arguments.account not in directory.accounts:
                raise Refused(7404, arguments.account[:64], "account")
            if units is None:
                return await database.read(entries_of, arguments.account)
            note, key = arguments.note, arguments.key
            return await database.write(
                grant, arguments.account, units, note, who, now, key
            )
        finally:
            database.close()

    told = in_reactor(work)
    if units is None:
        print("\n".join(map(_line, told)) or "no entries 没有账目")
    else:
        print(f"{told}  {arguments.account}  {money(units)}")
    return 0


def units_of(text: str) -> int:
    """
    Yuan as units of 0.0001; L{Refused} for what is no such amount.
    """
    try:
        yuan = Decimal(text)
        units = int(yuan / _UNIT)
    except (DecimalException, ValueError, OverflowError):
        raise Refused(2002, text[:32], "amount") from None
    if units * _UNIT != yuan:
        raise Refused(2002, f"{text[:32]}: 0.0001", "amount")
    return units


def money(units: int) -> str:
    """
    Units as an operator reads them.
    """
    return f"{units * _UNIT:,.4f} yuan 元"


def _line(entry: Entry) -> str:
    at = datetime.fromtimestamp(entry.at, _CHINA).strftime("%Y-%m-%d %H:%M:%S")
    words = f"{entry.id}  {at}  {money(entry.amount)}  {entry.who}  {entry.note}"
    return words.rstrip()
