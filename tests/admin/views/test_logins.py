"""
Passwords and keys that are shown once.
"""

import hashlib
import re

from smsgw.directory import Credential
from smsgw.storage.directory_store import load_directory, put_object
from smsgw.storage.logins import login_of, set_seed
from tests.support.console import House
from tests.support.record import FIELDS, NOW, now_or_never


def test_a_one_time_password(house: House) -> None:
    """
    It works once: then it must be changed. The old session ends.
    """
    house.login("zhang")
    old = dict(house.cookies)
    house.login()
    page = house.post("/logins/zhang/reset").text
    found = re.search(r'user-select-all">([^<]+)<', page)
    assert found is not None
    assert found[1] not in house.get("/logins").text
    house.cookies = old
    assert house.get("/").where.startswith("/login")
    house.cookies = {}
    house.post("/login", person="zhang", password=found[1])
    assert "/password" == house.get("/").where
    house.login()
    assert 404 == house.post("/logins/unknown/reset").status


def test_codes_and_sessions(house: House) -> None:
    """
    A lost phone, and everybody out.
    """
    house.allow("zhang")
    kept = FIELDS.wrap(b"seed")
    now_or_never(house.database.write(set_seed, "zhang", kept, "t", NOW))
    house.login()
    assert "重置动态码" in house.get("/logins").text
    house.post("/logins/zhang/codes")
    assert now_or_never(house.database.read(login_of, "zhang")).seed is None
    assert 404 == house.post("/logins/unknown/codes").status
    house.post("/logins/liu/end")
    assert house.get("/").where.startswith("/login")


def test_keys(house: House) -> None:
    """
    The new one beside the last, then alone; only hashes of bearer keys.
    """
    one = Credential("app", "his", ("first",))
    now_or_never(house.database.write(put_object, "credentials", one, "t", NOW))
    house.desk.gateway.directory = now_or_never(house.database.read(load_directory))
    house.login()

    def made(kind: str) -> str:
        found = re.search(
            r'user-select-all">([^<]+)<', house.post("/keys/app", kind=kind).text
        )
        house.desk.gateway.directory = now_or_never(house.database.read(load_directory))
        return found[1] if found else ""

    secret = made("secret")
    assert (secret, "first") == house.desk.directory.credentials["app"].secrets
    assert "作废旧密钥" in house.get("/keys/app").text
    assert "" == made("only")
    assert (secret,) == house.desk.directory.credentials["app"].secrets
    bearer = made("bearer")
    hashed = house.desk.directory.credentials["app"].bearer_hash
    assert hashlib.sha256(bearer.encode()).hexdigest() == hashed
    assert 404 == house.post("/keys/app", kind="nonsense").status
    assert 404 == house.get("/keys/none").status
    assert 404 == house.post("/keys/none", kind="secret").status
