"""
Address books: found by name and number, changed, loaded by the thousand.
"""

from sqlalchemy import select

from smsgw.storage.contact_groups import groups_of
from smsgw.storage.contacts import (
    SHARED,
    Contact,
    Wanted,
    contacts_of,
    count_contacts,
    drop_contacts,
    find_contacts,
    known_numbers,
    load_contacts,
    save_contact,
)
from smsgw.storage.database import Database
from smsgw.storage.lists import Hand
from smsgw.storage.tables import changes
from tests.support.record import FIELDS, NOW, PHONE, now_or_never

HAND = Hand("liu", int(NOW * 1000))
ALL = Wanted((SHARED,))


def phone(number: int) -> str:
    """
    One of many made-up numbers.
    """
    return f"138{number:08}"


def save(database: Database, contact: Contact) -> str:
    """
    Its id.
    """
    return now_or_never(database.write(save_contact, FIELDS, contact, "liu", NOW))


def find(database: Database, wanted: Wanted, after: str = "") -> list[str]:
    """
    The names of what fits.
    """
    found, _ = now_or_never(database.read(find_contacts, FIELDS, wanted, after, 50))
    return [one.name for one in found]


def test_a_contact_is_kept_and_changed(database: Database) -> None:
    """
    All of it comes back; the change log hides the number.
    """
    one = Contact("王芳", PHONE, "心内科", {"床号": "12"}, ("随访", "高血压"))
    name = save(database, one)
    books = (SHARED,)
    known = now_or_never(database.read(contacts_of, FIELDS, books, [name]))
    assert [("王芳", PHONE, "心内科", {"床号": "12"}, {"随访", "高血压"})] == [
        (each.name, each.phone, each.department, each.fields, set(each.groups))
        for each in known
    ]
    save(database, Contact("王芳芳", phone(1), groups=("随访",), id=name))
    [known_now] = now_or_never(database.read(contacts_of, FIELDS, books, [name]))
    assert ("王芳芳", phone(1), "", ("随访",)) == (
        known_now.name,
        known_now.phone,
        known_now.department,
        known_now.groups,
    )
    told = now_or_never(
        database.read(lambda connection: connection.execute(select(changes)).all())
    )
    assert all(PHONE not in f"{row.before_json}{row.after_json}" for row in told)
    assert any("王芳芳" in (row.after_json or "") for row in told)


def test_search(database: Database) -> None:
    """
    By part of a name or department, whole number, group, book; doubles together.
    """
    save(database, Contact("Ann", PHONE, "骨科"))
    save(database, Contact("annette_", phone(2), "内科", groups=("随访",)))
    save(database, Contact("Bea", phone(3), "骨科", book="liu", groups=("随访",)))
    save(database, Contact("Cas", PHONE))
    assert ["Ann", "Cas", "annette_"] == sorted(find(database, ALL))
    assert ["Ann", "annette_"] == sorted(find(database, Wanted((SHARED,), "ANN")))
    assert ["annette_"] == find(database, Wanted((SHARED,), "_"))
    assert ["Ann"] == find(database, Wanted((SHARED,), "骨"))
    both = (SHARED, "liu")
    assert ["Ann", "Bea"] == find(database, Wanted(both, "骨"))
    index = FIELDS.index("phone", PHONE)
    assert ["Ann", "Cas"] == find(database, Wanted(both, index=index))
    assert ["annette_"] == find(database, Wanted((SHARED,), group="随访"))
    assert ["Bea"] == find(database, Wanted(("liu",), group="随访"))
    assert ["Ann", "Cas"] == sorted(find(database, Wanted(both, doubles=True)))
    assert 4 == now_or_never(database.read(count_contacts, Wanted(both)))


def test_pages(database: Database) -> None:
    """
    Each contact once, however the pages are cut.
    """
    entries = [Contact(f"人{one % 7}", phone(one)) for one in range(60)]
    now_or_never(database.write(load_contacts, FIELDS, SHARED, entries, False, HAND))
    for wanted in (ALL, Wanted((SHARED,), "人")):
        seen: list[str] = []
        after = ""
        while True:
            found, after = now_or_never(
                database.read(find_contacts, FIELDS, wanted, after, 7)
            )
            seen += [one.phone for one in found]
            if not after:
                break
        assert sorted(one.phone for one in entries) == sorted(seen)
    doubled = [Contact("又", phone(one)) for one in range(10)]
    for one in doubled:
        save(database, one)
    wanted = Wanted((SHARED,), doubles=True)
    found, after = now_or_never(database.read(find_contacts, FIELDS, wanted, "", 7))
    rest, after = now_or_never(database.read(find_contacts, FIELDS, wanted, after, 50))
    assert (20, "") == (len({one.id for one in [*found, *rest]}), after)


def test_load(database: Database) -> None:
    """
    New ones are made, known ones changed if wanted, and groups filled.
    """
    save(database, Contact("旧", phone(0), "旧科"))
    save(database, Contact("别", phone(0), book="liu"))
    entries = [Contact(f"新{one}", phone(one), groups=("新",)) for one in range(3000)]
    entries.append(Contact("新再", phone(2999), groups=("再",)))
    load = (load_contacts, FIELDS, SHARED, entries)
    loaded = now_or_never(database.write(*load, False, HAND))
    assert (2999, 0) == (loaded.added, loaded.changed)
    assert ["旧"] == find(
        database, Wanted((SHARED,), index=FIELDS.index("phone", phone(0)))
    )
    loaded = now_or_never(database.write(*load, True, HAND))
    assert (0, 3000) == (loaded.added, loaded.changed)
    assert ["新0"] == find(
        database, Wanted((SHARED,), index=FIELDS.index("phone", phone(0)))
    )
    groups = now_or_never(database.read(groups_of, (SHARED, "liu")))
    assert [("再", 1), ("新", 3000)] == sorted(
        (one.name, one.members) for one in groups
    )
    assert ["别"] == find(database, Wanted(("liu",)))
    known = now_or_never(
        database.read(known_numbers, FIELDS, SHARED, [phone(1), phone(9999)])
    )
    assert [phone(1)] == list(known)


def test_drop(database: Database) -> None:
    """
    Out of the book and its groups; another's book is out of reach.
    """
    mine = save(database, Contact("甲", PHONE, book="liu", groups=("组",)))
    drop = (drop_contacts, (SHARED, "zhang"), [mine], "zhang", HAND.at)
    assert 0 == now_or_never(database.write(*drop))
    drop = (drop_contacts, (SHARED, "liu"), [mine, "none"], "liu", HAND.at)
    assert 1 == now_or_never(database.write(*drop))
    assert 0 == now_or_never(database.read(count_contacts, Wanted(("liu",))))
    assert [("组", 0)] == [
        (one.name, one.members)
        for one in now_or_never(database.read(groups_of, ("liu",)))
    ]
