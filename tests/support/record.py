"""
A record for tests: run at once, with a fixed key and made-up messages.
"""

from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

from smsgw.directory import Account, Channel, Directory
from smsgw.message import Chunk, Fact, Inbound, Receipt, encode
from smsgw.security.fields import Fields
from smsgw.storage.database import Database
from smsgw.storage.recording import Recording, position_of

__all__ = [
    "DIRECTORY",
    "FIELDS",
    "IDS",
    "NOW",
    "PHONE",
    "chunk",
    "ended",
    "facts",
    "now_or_never",
    "orphan",
    "record",
    "reply",
    "sent",
]

T = TypeVar("T")
NOW = 1_790_000_000.0
PHONE = "13800138000"
IDS = [f"1HCQMR8000{n:03d}" for n in range(200)]
FIELDS = Fields(key=bytes(range(32)))
DIRECTORY = Directory(
    accounts={
        "his": Account("his", "HIS", "main", extension="01"),
        "lis": Account("lis", "LIS", "main", extension="02", events=False),
    },
    channels={
        "cmcc": Channel(
            "cmcc",
            "移动",
            "mobile",
            "cmpp",
            "tcp:127.0.0.1:7890",
            "900001",
            "",
            access_number="10690001",
        )
    },
)


def now_or_never(work: Coroutine[Any, Any, T]) -> T:
    """
    The result of a coroutine that waits for nothing.
    """
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    work.close()
    raise AssertionError("the coroutine waits for something")


def chunk(
    ids: Sequence[str] = IDS[:1],
    account: str = "his",
    at: float = NOW,
    segments: int = 1,
    to: str = PHONE,
) -> tuple[str, bytes]:
    """
    An accepted chunk as the queue gives it.
    """
    return "chunk", encode(
        Chunk(
            1,
            ids[0],
            account,
            ids[0],
            "notice",
            "notice",
            "市一医院",
            "",
            at,
            0.0,
            at + 3600,
            "back",
            {"visit": "V1"},
            "您的检查报告已出。",
            list(ids),
            [str(int(to) + n) for n in range(len(ids))],
            [],
            [f"ref-{n}" for n in range(len(ids))],
            [segments] * len(ids),
        )
    )


def facts(*some: Fact) -> tuple[str, bytes]:
    """
    Facts as the queue gives them.
    """
    return "facts", encode(list(some))


def sent(message: str = IDS[0], parts: int = 1, at: float = NOW + 1) -> list[Fact]:
    """
    A message's segments are taken by the carrier.
    """
    return [
        *(
            Fact(
                "answered", message, at, "", "cmcc", k, "", f"C{message}{k}", "", "his"
            )
            for k in range(1, parts + 1)
        ),
        Fact("submitted", message, at, "submitted", "cmcc", account="his"),
    ]


def ended(
    message: str = IDS[0],
    state: str = "delivered",
    code: str = "DELIVRD",
    at: float = NOW + 2,
) -> list[Fact]:
    """
    The receipt of a message's only segment.
    """
    carrier_id = f"C{message}1"
    return [
        Fact("receipt", message, at, "", "cmcc", 1, code, carrier_id, state, "his"),
        Fact("final", message, at, state, "cmcc", 0, code, "", "", "his"),
    ]


def orphan(carrier_id: str, state: str = "delivered", at: float = NOW + 600) -> Fact:
    """
    A receipt that the queue could not place.
    """
    receipt = Receipt("cmcc", carrier_id, state, "DELIVRD", PHONE, at)
    return Fact("orphan", "", at, "", "cmcc", receipt=receipt)


def reply(
    access: str = "10690001",
    text: str = "已收到",
    number: str = PHONE,
    name: str = "d1",
) -> Fact:
    """
    A reply.
    """
    inbound = Inbound("cmcc", name, number, access, b"", 8, NOW + 60, text=text)
    return Fact("inbound", f"cmcc|{name}|{number}", NOW + 60, inbound=inbound)


def record(
    database: Database,
    *items: tuple[str, bytes],
    directory: Directory = DIRECTORY,
    fields: Fields = FIELDS,
) -> int:
    """
    Record items as one stretch; how many facts were strays.
    """
    before = now_or_never(database.read(position_of, 0))
    recording = Recording(fields, directory, 0, round(NOW * 1000))
    return now_or_never(
        database.write(recording.record, before, before + len(items), items)
    )
