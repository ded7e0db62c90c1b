"""
Words, blocked numbers, reviews.
"""

import attrs
import msgspec

from smsgw.message import Chunk
from smsgw.rules.words import Word
from smsgw.storage.blocklist import newest_blocks
from smsgw.storage.reviews import keep_reviews, waiting_reviews
from smsgw.storage.wordlist import words_of
from tests.support.console import House
from tests.support.record import FIELDS, IDS, NOW, PHONE, now_or_never, record
from tests.support.record import chunk as accepted


def test_words(house: House) -> None:
    """
    Added, found, tried, taken away.
    """
    house.login()
    text = "赌博\n发票，review\n加微信,replace,***,his"
    assert 303 == house.post("/words", words=text, level="refuse").status
    kept, _ = now_or_never(house.database.read(words_of))
    assert {
        Word("赌博", "refuse"),
        Word("发票", "review"),
        Word("加微信", "replace", "***", "his"),
    } == set(kept)
    assert "发票" not in house.get("/words?q=赌").text.split("试一段文字")[0]
    assert "没有命中" in house.get("/words?text=您好").text
    assert "赌博" in house.get("/words?text=来赌 博吧").text.split("试一段文字")[1]
    house.post("/words/drop", word=["赌博|"])
    kept, _ = now_or_never(house.database.read(words_of))
    assert "赌博" not in {one.text for one in kept}


def test_bad_words_are_refused(house: House) -> None:
    """
    All or nothing.
    """
    house.login()
    for text in ("", "  ", "好词\n坏词,nonsense", "x" * 101, "，，"):
        assert 422 == house.post("/words", words=text, level="refuse").status, text
    assert [] == now_or_never(house.database.read(words_of))[0]


def test_numbers(house: House) -> None:
    """
    Blocked for a while, found, lifted.
    """
    house.login()
    form = {"scope": "all", "reason": "投诉", "days": "30", "what": "block"}
    assert (
        303
        == house.post("/blacklist", numbers=f"{PHONE}\n+86 13900139000", **form).status
    )
    found, _ = now_or_never(house.database.read(newest_blocks, FIELDS, "", 10))
    assert {PHONE, "13900139000"} == {one.block.number for one in found}
    assert NOW + 30 * 86_400 == found[0].block.until
    assert "投诉" in house.get("/blacklist").text
    house.post("/blacklist", numbers=PHONE, scope="all", what="lift")
    assert "已解除" in house.get(f"/blacklist?to={PHONE}").text
    assert 422 == house.post("/blacklist", numbers="12", **form).status
    assert 422 == house.post("/blacklist", numbers="", **form).status


def test_nobody_blocks_for_others(house: House) -> None:
    """
    A department blocks for its own accounts only.
    """
    roles = dict(house.directory.roles)
    roles["sender"] = attrs.evolve(roles["sender"], permissions=("lists",))
    house.desk.gateway.directory = attrs.evolve(house.directory, roles=roles)
    house.login("zhang")
    assert 422 == house.post("/blacklist", numbers=PHONE, scope="all").status
    mine = {"numbers": PHONE, "scope": "account:ward"}
    assert 303 == house.post("/blacklist", **mine).status
    assert PHONE not in house.get("/blacklist").text


def hold(house: House, maker: str) -> None:
    """
    A submission of C{his} that waits.
    """
    kind, body = accepted()
    assert kind == "chunk"
    held = msgspec.msgpack.decode(body, type=Chunk)
    held.held, held.maker = "群发", maker
    record(house.database, (kind, body), directory=house.directory)
    now_or_never(
        house.database.write(keep_reviews, [held], ("gateway", int(NOW * 1000)))
    )


def test_reviews(house: House) -> None:
    """
    Somebody else consents; what is not there cannot be decided.
    """
    hold(house, "zhang")
    house.login()
    assert "群发" in house.get("/reviews").text
    answer = house.post(f"/reviews/{IDS[0]}", state="approved", note="可以")
    assert "told=" in answer.where
    assert [] == now_or_never(house.database.read(waiting_reviews))
    assert 404 == house.post(f"/reviews/{IDS[0]}", state="approved").status


def test_ones_own_is_for_others(house: House) -> None:
    """
    The maker is not the checker.
    """
    hold(house, "liu")
    house.login()
    assert "请另一位" in house.get("/reviews").text
    assert 422 == house.post(f"/reviews/{IDS[0]}", state="approved").status
    assert 404 == house.post(f"/reviews/{IDS[0]}", state="nonsense").status
