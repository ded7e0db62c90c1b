"""
The way in: passwords, one-time codes, sessions; and the first person of all.
"""

import hashlib
import secrets

import attrs
import msgspec

from smsgw.admin.desk import Desk
from smsgw.admin.rights import ADMINISTRATOR, Visitor
from smsgw.directory import Person
from smsgw.errors import Unavailable
from smsgw.security.one_time_codes import new_seed, step_of
from smsgw.security.passwords import hash_password, one_time, verify, weakness
from smsgw.storage.logins import (
    Login,
    any_login,
    begin_login,
    end_login,
    login_of,
    set_password,
    set_seed,
)

__all__ = ["FIRST", "Entrance", "Session", "first_password"]

FIRST = "admin"
_DAY = 86_400.0
_LONGEST = 12 * 3600.0
_RENEW = 60.0


class Session(msgspec.Struct, frozen=True):
    """
    Who is logged in since when, from where. C{name} is what it is kept under,
    C{token} guards its forms.
    """

    person: str
    token: str
    began: float
    address: str = ""
    agent: str = ""
    seen: float = 0.0


@attrs.frozen
class Entrance:
    """
    Logs people in and out.
    """

    desk: Desk

    @property
    def idle(self) -> int:
        """
        Seconds after which an unused session ends.
        """
        return self.desk.settings.idle_minutes * 60

    def visitor(self, person: str) -> Visitor | None:
        """
        The person with the role as they are now; None for whoever left.
        """
        directory = self.desk.directory
        found = directory.people.get(person)
        if found is None:
            first = Person(FIRST, "系统管理员", "", ADMINISTRATOR.id)
            return Visitor(first, ADMINISTRATOR) if person == FIRST else None
        role = directory.roles.get(found.role)
        if not found.active or role is None or not role.active:
            return None
        return Visitor(found, role)

    async def enter(
        self, person: str, password: str, code: str, address: str, agent: str
    ) -> tuple[str, str]:
        """
        What the browser gets, and why it gets nothing: C{wrong}, C{locked} or
        C{code} (a one-time code is asked for).
        """
        desk, now = self.desk, self.desk.clock.now()
        login = await desk.write(begin_login, person, address, now)
        if login is None:
            return "", "locked"
        right = await desk.read(lambda _: verify(login.password, password))
        if not right or self.visitor(person) is None:
            return "", "wrong"
        step = 0
        if login.seed is not None:
            seed = desk.fields.unwrap(login.seed).decode()
            step = step_of(seed, code, now, login.step)
            if not step:
                return "", "code"
        if not await desk.write(end_login, person, address, step, now):
            return "", "code"
        desk.recent.forget(_login(person))
        return await self.open(person, address, agent), ""

    async def open(self, person: str, address: str, agent: str) -> str:
        """
        A new session; what the browser holds.
        """
        now, ticket = self.desk.clock.now(), secrets.token_urlsafe(32)
        session = Session(
            person, secrets.token_urlsafe(24), now, address, agent[:200], now
        )
        await self._keep(name_of(ticket), session)
        return ticket

    async def _keep(self, name: str, session: Session) -> None:
        body = msgspec.json.encode(session)
        await self.desk.sessions.keep(name, session.person, body, self.idle)

    async def find(self, ticket: str) -> Session | None:
        """
        The session behind what a browser holds, if it goes on.
        """
        name, now = name_of(ticket), self.desk.clock.now()
        body = await self.desk.sessions.find(name)
        if not body:
            return None
        session = msgspec.json.decode(body, type=Session)
        if now - session.began > _LONGEST:
            await self.desk.sessions.drop([name], session.person)
            return None
        if now - session.seen > _RENEW:
            session = msgspec.structs.replace(session, seen=now)
            await self._keep(name, session)
        return session

    async def leave(self, ticket: str, person: str) -> None:
        """
        End this session.
        """
        await self.desk.sessions.drop([name_of(ticket)], person)

    async def owes(self, person: str) -> str:
        """
        What comes before anything else: C{password} when it is too old or was made
        by somebody else, C{code} where everybody needs a second factor; '' for
        nothing.
        """
        settings = self.desk.settings
        login = await self.desk.recent.get(
            _login(person), lambda: self.desk.read(login_of, person)
        )
        old = self.desk.clock.now() - login.changed > settings.password_days * _DAY
        if login.must_change or old:
            return "password"
        needed = settings.two_factor == "required" and login.seed is None
        return "code" if needed else ""

    async def change(self, person: str, old: str, new: str, again: str) -> str:
        """
        A new password; '' or why not. Other sessions of the person end.
        """
        desk, now = self.desk, self.desk.clock.now()
        login = await desk.write(begin_login, person, "", now)
        if login is None:
            return "locked"
        if not await desk.read(lambda _: verify(login.password, old)):
            return "wrong"
        why = "differ" if new != again else weakness(new, person)
        if not why and new == old:
            why = "same"
        if why:
            return why
        hashed = await desk.read(lambda _: hash_password(new))
        await desk.write(set_password, person, hashed, False, person, now)
        desk.recent.forget(_login(person))
        await self.end_all(person)
        return ""

    async def end_all(self, person: str) -> None:
        """
        Every session of the person.
        """
        names = await self.desk.sessions.of(person)
        await self.desk.sessions.drop(list(names), person)

    async def enrol(self, person: str, seed: str, code: str) -> bool:
        """
        One-time codes from now on, if this code proves that the phone has the seed.
        """
        now = self.desk.clock.now()
        if not step_of(seed, code, now):
            return False
        kept = self.desk.fields.wrap(seed.encode())
        await self.desk.write(set_seed, person, kept, person, now)
        self.desk.recent.forget(_login(person))
        return True

    async def login(self, person: str) -> Login:
        """
        How the person logs in.
        """
        return await self.desk.read(login_of, person)

    def seed(self) -> str:
        """
        One to enrol with.
        """
        return new_seed()


def _login(person: str) -> tuple[str, str]:
    return "login", person


def name_of(ticket: str) -> str:
    """
    What a session is kept under: whoever reads the store cannot use it.
    """
    return hashlib.sha256(ticket.encode()).hexdigest()


async def first_password(desk: Desk) -> str:
    """
    A one-time password for C{admin} when nobody can log in yet, else ''.
    """
    try:
        if await desk.read(any_login):
            return ""
        password = one_time()
        hashed = await desk.read(lambda _: hash_password(password))
        now = desk.clock.now()
        await desk.write(set_password, FIRST, hashed, True, "gateway", now)
    except Unavailable:
        return ""
    return password
