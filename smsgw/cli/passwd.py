"""
C{smsgw passwd PERSON}: a one-time password for the console, printed once.
"""

import argparse
import getpass
import time

from smsgw.cli.stores import add_config, in_reactor, open_record
from smsgw.config import load
from smsgw.security.passwords import hash_password, one_time
from smsgw.storage.directory_store import load_directory
from smsgw.storage.logins import set_password, set_seed

__all__ = ["configure", "run"]

FIRST = "admin"


def configure(parser: argparse.ArgumentParser) -> None:
    """
    The command's arguments.
    """
    add_config(parser)
    parser.add_argument("person", help="a person of the directory, or admin")
    parser.add_argument(
        "--reset-codes", action="store_true", help="forget the one-time codes' phone"
    )


def run(arguments: argparse.Namespace) -> int:
    """
    It must be changed at the next login; a lock ends.
    """
    settings, person = load(arguments.config), arguments.person
    who, now, password = getpass.getuser(), time.time(), one_time()

    async def work(_: object) -> bool:
        database = await open_record(settings)
        try:
            known = (await database.read(load_directory)).people
            if person != FIRST and person not in known:
                return False
            hashed = hash_password(password)
            await database.write(set_password, person, hashed, True, who, now)
            if arguments.reset_codes:
                await database.write(set_seed, person, None, who, now)
            return True
        finally:
            database.close()

    if not in_reactor(work):
        print(f"{person}: no such person 没有这个人员; see [[people]] 见人员")
        return 1
    print(f"{person}  {password}\n首次登录须修改 to be changed at the first login")
    return 0
