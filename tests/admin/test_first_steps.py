"""
The first steps: each gets its tick from what is there.
"""

import attrs

from smsgw.admin.first_steps import STEPS, walk
from smsgw.admin.page import Visit
from smsgw.admin.rights import ADMINISTRATOR, Visitor
from smsgw.directory import Credential, Directory, Person
from smsgw.storage.contacts import Contact, save_contact
from smsgw.storage.logins import set_seed
from smsgw.storage.sendings import Sending, note_sending
from tests.support.console import House
from tests.support.record import FIELDS, IDS, NOW, chunk, ended, facts, record, sent
from tests.support.record import now_or_never as now


def done(house: House) -> list[str]:
    """
    The steps with a tick, for the administrator.
    """
    person = Person("admin", "管理员", "", "")
    visit = Visit(house.desk, Visitor(person, ADMINISTRATOR), "zh", NOW)
    return [one.step.name for one in now(walk(visit)) if one.done]


def test_an_empty_house(house: House) -> None:
    """
    Nothing is done where nothing is.
    """
    house.desk.gateway.directory = Directory()  # type: ignore[misc]
    assert [] == done(house)


def test_what_the_directory_shows(house: House) -> None:
    """
    A channel, its way, an account, a template; a key is one that was made.
    """
    assert ["channel", "route", "account", "template"] == done(house)


def test_all_of_it(house: House) -> None:
    """
    From the login to the result.
    """
    write = house.database.write
    house.allow("admin")
    now(write(set_seed, "admin", b"x", "test", NOW))
    one = Sending("a" * 32, "his", "admin", recipients=1, batches=(IDS[0],))
    now(write(note_sending, FIELDS, one, NOW))
    assert "test" in done(house)
    assert "batch" not in done(house)
    assert "result" not in done(house)
    later = attrs.evolve(one, id="b" * 32, send_at=NOW + 3600)
    now(write(note_sending, FIELDS, later, NOW))
    record(house.database, chunk(), facts(*sent(), *ended()), directory=house.directory)
    contact = Contact("张三", "13800138000")
    now(write(save_contact, FIELDS, contact, "admin", NOW))
    key = Credential("his", "his", secrets=("made-up",))
    house.desk.gateway.directory = attrs.evolve(  # type: ignore[misc]
        house.directory, credentials={"his": key}
    )
    assert [step.name for step in STEPS] == done(house)
