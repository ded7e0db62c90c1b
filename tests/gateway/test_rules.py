"""
The rules at work on the way of a message: at the door, at dispatch, before it goes.
"""

from typing import Any

import attrs
import pytest

from smsgw.directory import (
    Account,
    Frequency,
    Group,
    Price,
    Rule,
    SendWindow,
    Share,
    Signature,
    Template,
    Variable,
)
from smsgw.errors import Refused
from smsgw.gateway.brakes import HUSH, PAUSED
from smsgw.gateway.consent import Consent, Decision
from smsgw.message import Accepted, Inbound, Item, Submission
from smsgw.numbering.plan import NumberPlan
from smsgw.numbering.ported import PortedNumber
from smsgw.numbering.regions import Regions
from smsgw.rules.blocked import BY_REPLY, Block
from smsgw.rules.book import Rulebook
from smsgw.rules.words import Word, WordFilter
from tests.support.shards import ACCOUNT, LONG, NOW, PHONE, World, directory, done

OTHER = "13900139000"


def blocked(world: World, *blocks: Block) -> None:
    """
    These become known to the node.
    """
    gateway = world.shard.gateway
    lists = gateway.book.lists
    lists = attrs.evolve(lists, blocked=lists.blocked.with_changes(blocks))
    gateway.book = Rulebook.of(gateway.directory, lists)


def test_a_blocked_number_ends_at_dispatch() -> None:
    """
    Its message is rejected with the scope; others go.
    """
    world = World()
    blocked(world, Block(PHONE))
    world.accept(PHONE, OTHER)
    world.move()
    assert [OTHER] == [one.message.to for one in world.cm.flights]
    [fact] = world.facts("rejected")
    assert ("rejected", "4101", "all") == (fact.state, fact.code, fact.note)


def test_an_opt_out_reaches_what_waits_in_the_queue() -> None:
    """
    Dispatched already, it is looked at once more when a channel takes it.
    """
    world = World()
    world.cm.segments = 0
    world.accept(PHONE, category="report")
    world.move()
    blocked(world, Block(PHONE, source=BY_REPLY))
    world.cm.segments = 100
    world.move()
    world.move()
    assert world.cm.flights == []
    [fact] = world.facts("final")
    assert ("rejected", "4101") == (fact.state, fact.code)


def test_an_opt_out_does_not_stop_a_critical_value() -> None:
    """
    Nor a code that somebody waits for.
    """
    world = World()
    blocked(world, Block(PHONE, source=BY_REPLY))
    world.accept(PHONE, category="critical")
    world.accept(PHONE, category="otp")
    world.move()
    assert ["critical", "otp"] == [one.message.category for one in world.cm.flights]


def test_a_newer_directory_keeps_the_lists() -> None:
    """
    What an operator changes elsewhere lifts no block.
    """
    world = World()
    blocked(world, Block(PHONE))
    world.shard.gateway.directory = attrs.evolve(world.directory, version=9)
    scope = world.shard.gateway.book.blocked_for(PHONE, "his", "notice", NOW)
    assert "all" == scope


def test_what_waits_for_someone_who_just_opted_out() -> None:
    """
    It is given back until the lists know; what is urgent goes.
    """
    world = World()
    world.cm.segments = 0
    world.accept(PHONE)
    world.accept(PHONE, category="otp")
    world.move()
    world.reply(
        Inbound("cm", "d", f"86{PHONE}", "1069", "ＴＤ".encode("utf-16-be"), 8, NOW)
    )
    world.move()
    world.cm.segments = 100
    world.move()
    world.move()
    assert ["otp"] == [one.message.category for one in world.cm.flights]
    world.move(HUSH + 1)
    world.move()
    assert ["otp", "notice"] == [one.message.category for one in world.cm.flights]


def test_too_many_to_a_number_are_told() -> None:
    """
    The rule that was reached is in the fact.
    """
    world = World()
    gateway = world.shard.gateway
    few = {"few": Frequency("few", 1, 60)}
    gateway.directory = attrs.evolve(world.directory, frequencies=few)
    world.accept(PHONE, OTHER, PHONE)
    world.move()
    assert [PHONE, OTHER] == [one.message.to for one in world.cm.flights]
    assert ["few"] == [one.note for one in world.facts("rejected")]


def test_marketing_waits_for_the_morning() -> None:
    """
    In the queue, until the window opens; a wish to ignore it is granted.
    """
    world = World()
    gateway = world.shard.gateway
    opens = NOW + 3 * 3600 - (NOW + 8 * 3600) % 3600
    hour = int((opens + 8 * 3600) % 86400 // 3600)
    window = SendWindow("day", f"{hour:02}:00-{(hour + 5) % 24:02}:00")
    gateway.directory = attrs.evolve(world.directory, windows={"day": window})
    world.accept(PHONE, category="marketing")
    world.accept(OTHER, category="marketing", any_hour=True)
    world.move()
    assert [OTHER] == [one.message.to for one in world.cm.flights]
    world.move(opens - NOW)
    assert [OTHER, PHONE] == [one.message.to for one in world.cm.flights]


def test_a_ported_number_goes_by_its_new_carrier() -> None:
    """
    As soon as the node knows.
    """
    world = World(directory("cm", "cu"))
    gateway = world.shard.gateway
    plan = NumberPlan().with_ported([PortedNumber(PHONE, "unicom")])
    rules = (Rule("u", 1, "nowhere", carrier="unicom"),)
    lists = attrs.evolve(gateway.book.lists, numbers=plan)
    gateway.book = Rulebook.of(attrs.evolve(world.directory, rules=rules), lists)
    world.accept(PHONE)
    world.move()
    [fact] = world.facts("rejected")
    assert "no channel of nowhere" in fact.note


def careful(world: World) -> Account:
    """
    An account whose submissions to more than one number wait for consent.
    """
    account = attrs.evolve(ACCOUNT, review_above=1)
    world.shard.gateway.directory = attrs.evolve(
        world.directory, accounts={account.id: account}
    )
    return account


def ask(world: World, account: Account, **fields: Any) -> Accepted:
    """
    A submission to two numbers.
    """
    submission = Submission([Item(PHONE), Item(OTHER)], "您好", **fields)
    return done(world.shard.gateway.accept(account, submission, world.clock.now()))


def decide(world: World, answer: Accepted, decision: Decision) -> int:
    """
    Somebody decided about all of it.
    """
    shard = world.shard
    consent = Consent(shard.queue, shard.dispatcher.counting)
    chosen = {answer.batch_id: decision}
    book, epoch = shard.gateway.book, shard.exchange.epoch
    return done(consent.act(chosen, book, epoch, world.clock.now()))


def test_what_waits_for_consent_goes_when_it_is_given() -> None:
    """
    Not before, and once, however often the decision is carried out.
    """
    world = World()
    answer = ask(world, careful(world))
    assert ["held", "held"] == [one.state for one in answer.items]
    world.move()
    assert world.cm.flights == []
    approved = Decision("approved", "liu")
    assert [2, 0] == [decide(world, answer, approved) for _ in range(2)]
    world.move()
    assert [PHONE, OTHER] == [one.message.to for one in world.cm.flights]


def test_consent_does_not_send_before_its_time() -> None:
    """
    A submission for later waits on after it was approved.
    """
    world = World()
    answer = ask(world, careful(world), send_at=NOW + 60)
    assert 2 == decide(world, answer, Decision("approved"))
    world.move()
    assert world.cm.flights == []
    world.move(61)
    assert 2 == len(world.cm.flights)


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("refused", ("rejected", "4104", "liu: 内容不妥")),
        ("expired", ("expired", "", "")),
    ],
)
def test_refused_or_too_late_it_ends(state: str, told: tuple[str, str, str]) -> None:
    """
    Each message has its end and its reason.
    """
    world = World()
    answer = ask(world, careful(world))
    refused = Decision("refused", "liu", "内容不妥")
    decision = refused if state == "refused" else Decision(state)
    assert 2 == decide(world, answer, decision)
    world.move()
    assert world.cm.flights == []
    facts = world.facts("rejected")
    assert [told] * 2 == [(one.state, one.code, one.note) for one in facts]
    counts = done(world.queue.counts())
    assert {2} == {one["ended"] for one in counts.values()}


def test_few_need_no_consent() -> None:
    """
    As many as the account may without.
    """
    world = World()
    account = careful(world)
    submission = Submission([Item(PHONE)], "您好")
    done(world.shard.gateway.accept(account, submission, world.clock.now()))
    world.move()
    assert 1 == len(world.cm.flights)


def signed(world: World, *signatures: Signature) -> None:
    """
    These signatures become known.
    """
    gateway = world.shard.gateway
    known = {one.id: one for one in signatures}
    gateway.directory = attrs.evolve(gateway.directory, signatures=known)


def test_a_new_signature_gives_way_where_it_is_not_accepted() -> None:
    """
    Each channel carries what its carrier accepts by the time it takes the message.
    """
    world = World()
    mine = ACCOUNT.signature
    world.accept(PHONE)
    signed(world, Signature("s", mine, filings={"cm": "filed"}, former="旧签名"))
    world.move()
    [flight] = world.cm.flights
    assert "旧签名" == flight.message.signature


def test_a_signature_that_was_written_is_put_on_once() -> None:
    """
    Also where the channel carries another one; a heading in brackets stays.
    """
    world = World()
    mine = ACCOUNT.signature
    signed(world, Signature("s", mine, filings={"cm": "filed"}, former="旧签名"))
    world.accept(PHONE, text=f"【{mine}】您好")
    world.accept(PHONE, text="【停水通知】您好")
    world.move()
    assert ["您好", "【停水通知】您好"] == [
        one.message.text for one in world.cm.flights
    ]
    assert {"旧签名"} == {one.message.signature for one in world.cm.flights}


def test_no_channel_may_carry_it() -> None:
    """
    Known at dispatch, or learned while it waited: it ends and says why.
    """
    world = World()
    suspended = Signature("s", ACCOUNT.signature, filings={"cm": "suspended"})
    world.cm.segments = 0
    world.accept(PHONE)
    world.move()
    signed(world, suspended)
    world.accept(OTHER)
    world.move()
    [fact] = world.facts("rejected")
    assert ("4105", ACCOUNT.signature) == (fact.code, fact.note)
    world.cm.segments = 100
    world.move()
    world.move()
    assert (["4105"], []) == ([f.code for f in world.facts("final")], world.cm.flights)


def test_another_channel_of_the_group_carries_it() -> None:
    """
    The set without the one that may not; and while it waits already, it goes over.
    """
    world = World(directory("cm", "cu"))
    filed = Signature("s", ACCOUNT.signature, filings={"cm": "filed"})
    world.carriers["cu"].segments = world.cm.segments = 0
    world.accept(PHONE)
    world.move()
    signed(world, filed)
    world.accept(OTHER)
    world.carriers["cu"].segments = world.cm.segments = 100
    for _ in range(3):
        world.move()
    assert ([], 2) == (world.cm.flights, len(world.carriers["cu"].flights))
    assert {ACCOUNT.signature} == {
        one.message.signature for one in world.carriers["cu"].flights
    }


VISIT = Template(
    "visit",
    "预约",
    "{姓名}您好，请于{时间}到{科室}就诊。",
    "appointment",
    extension="77",
    variables=(Variable("姓名", "name"), Variable("时间", "time")),
)


def with_template(world: World) -> None:
    """
    A template becomes known.
    """
    gateway = world.shard.gateway
    gateway.directory = attrs.evolve(gateway.directory, templates={"visit": VISIT})


def test_a_template_makes_each_text() -> None:
    """
    Values of the item over those of all; category and extension are its own.
    """
    world = World()
    with_template(world)
    items = [
        Item(PHONE, vars={"姓名": "张三", "时间": "8:30"}),
        Item(OTHER, vars={"姓名": "李四"}),
    ]
    shared = {"时间": "上午", "科室": "心内科"}
    world.accept(items=items, text="", template="visit", vars=shared, batch=True)
    world.move()
    told = [one.message for one in world.cm.flights]
    assert [
        "张三您好，请于8:30到心内科就诊。",
        "李四您好，请于上午到心内科就诊。",
    ] == [one.text for one in told]
    assert {("appointment", "77")} == {(one.category, one.extension) for one in told}


@pytest.mark.parametrize(
    ("fields", "code", "field"),
    [
        ({"template": "gone"}, 4001, "template_id"),
        ({"template": "visit", "vars": {"姓名": "张三"}}, 4003, "vars.时间"),
        ({"template": "visit", "vars": {"x": "1"}}, 4004, "vars.x"),
        ({"vars": {"x": "1"}}, 2004, "text"),
    ],
)
def test_a_template_that_cannot_be_filled(
    fields: dict[str, Any], code: int, field: str
) -> None:
    """
    The whole is refused, and the field named.
    """
    world = World()
    with_template(world)
    with pytest.raises(Refused) as caught:
        world.accept(PHONE, text="", **fields)
    assert (code, field) == (caught.value.code, caught.value.field)


def test_a_wrong_value_is_its_items_fault() -> None:
    """
    In a batch the others go on.
    """
    world = World()
    with_template(world)
    good = {"姓名": "张三", "时间": "8:30", "科室": "内科"}
    items = [Item(PHONE, vars=good), Item(OTHER, vars={**good, "时间": "noon"})]
    answer = world.accept(items=items, text="", template="visit", batch=True)
    assert [(0, ""), (4006, "items[1].vars.时间")] == [
        (one.code, one.field) for one in answer.items
    ]


def test_an_account_that_is_closed_sends_nothing() -> None:
    """
    From the second on at which it ends.
    """
    world = World()
    gateway = world.shard.gateway
    for account in (
        attrs.evolve(ACCOUNT, active=False),
        attrs.evolve(ACCOUNT, valid_until=NOW),
    ):
        with pytest.raises(Refused) as caught:
            done(gateway.accept(account, Submission([Item(PHONE)], "您好"), NOW))
        assert 1009 == caught.value.code


def test_free_text_finds_its_category() -> None:
    """
    Written after a template, it has the template's.
    """
    world = World()
    with_template(world)
    account = attrs.evolve(ACCOUNT, category="auto")
    texts = ["张三您好，请于8:30到心内科就诊。", "随便说说"]
    items = [Item(PHONE, text) for text in texts]
    submission = Submission(items, batch=True)
    answer = done(world.shard.gateway.accept(account, submission, NOW))
    assert ["appointment", "notice"] == [one.category for one in answer.items]
    world.move()
    assert ["appointment", "notice"] == [
        one.message.category for one in world.cm.flights
    ]


def test_regions_and_texts_decide() -> None:
    """
    Each message by what it says and where its number is; the rule is told.
    """
    world = World(directory("cm", "cu"))
    gateway = world.shard.gateway
    groups = {name: Group(name, (Share(name),)) for name in ("cm", "cu")}
    rules = (
        Rule("urgent", 1, "cu", text="加急"),
        Rule("north", 2, "cu", region="北京"),
        Rule("rest", 3, "cm"),
    )
    regions = Regions.of([(OTHER[:7], "北京", "北京", "")])
    lists = attrs.evolve(gateway.book.lists, numbers=NumberPlan(regions))
    objects = attrs.evolve(world.directory, groups=groups, rules=rules)
    gateway.book = Rulebook.of(objects, lists)
    items = [Item(PHONE, "加急通知"), Item(PHONE, "通知"), Item(OTHER, "通知")]
    world.accept(items=items, text="", batch=True)
    world.move()
    assert ["通知"] == [one.message.text for one in world.cm.flights]
    others = world.carriers["cu"].flights
    assert [PHONE, OTHER] == [one.message.to for one in others]
    [fact] = world.facts("routed")
    assert {"urgent", "north", "rest"} <= set(fact.note.replace(" ->", "").split())


def test_what_is_billed_is_reserved() -> None:
    """
    Segments at the dearest price they may cost; what ends at dispatch costs nothing.
    """
    world = World()
    gateway = world.shard.gateway
    prices = {
        "all": Price("all", 450),
        "spare": Price("spare", 800, channel="spare"),
    }
    gateway.directory = attrs.evolve(world.directory, prices=prices)
    blocked(world, Block(OTHER))
    account = attrs.evolve(ACCOUNT, billing="prepaid")
    run = gateway.accept
    with pytest.raises(Refused) as caught:
        done(run(account, Submission([Item(PHONE)], "您好"), NOW))
    assert 3003 == caught.value.code
    done(world.queue.grant(account.id, 1, 10_000))
    done(run(account, Submission([Item(PHONE), Item(OTHER)], LONG), NOW))
    [item] = done(gateway.preview(account, Submission([Item(PHONE)], LONG), NOW))
    cost = 800 * item.segments
    assert cost == item.price
    wallet = done(world.queue.wallets([account.id]))[account.id]
    assert (10_000 - 2 * cost, 2 * cost) == (wallet.available, wallet.reserved)
    world.move()
    wallet = done(world.queue.wallets([account.id]))[account.id]
    assert (10_000 - cost, cost) == (wallet.available, wallet.reserved)


@pytest.mark.parametrize(
    ("state", "spent"), [("delivered", 450), ("undelivered", 0), ("unknown", 450)]
)
def test_what_ends_costs_what_it_went_by(state: str, spent: int) -> None:
    """
    The channel's price, not the dearest; a failure costs nothing.
    """
    world = World()
    gateway = world.shard.gateway
    prices = {"cm": Price("cm", 450, channel="cm"), "s": Price("s", 800, channel="s")}
    account = attrs.evolve(ACCOUNT, billing="prepaid")
    gateway.directory = attrs.evolve(
        world.directory, prices=prices, accounts={account.id: account}
    )
    done(world.queue.grant(account.id, 1, 10_000))
    done(gateway.accept(account, Submission([Item(PHONE)], "您好"), NOW))
    world.move()
    [(flight, part)] = world.cm.send()
    if state == "unknown":
        world.shard.settlement.end(flight, "unknown", "", NOW)
    else:
        world.take(flight, part, "C1")
        world.deliver("C1", state)
    world.move()
    world.move()
    wallet = done(world.queue.wallets([account.id]))[account.id]
    assert (10_000 - spent, 0, spent) == (
        wallet.available,
        wallet.reserved,
        wallet.spent,
    )


def test_a_quota_is_told_with_its_end() -> None:
    """
    Which one, and how long to wait.
    """
    world = World()
    account = attrs.evolve(ACCOUNT, per_minute=2, per_day=3)
    accept = world.shard.gateway.accept
    two = Submission([Item(PHONE), Item(OTHER)], "您好")
    done(accept(account, two, NOW))
    with pytest.raises(Refused) as caught:
        done(accept(account, two, NOW))
    assert (3002, "per_minute 2") == (caught.value.code, caught.value.detail)
    assert 0 < caught.value.retry_after <= 60
    with pytest.raises(Refused) as caught:
        done(accept(account, two, NOW + 60))
    assert "per_day 3" == caught.value.detail


def watched(world: World, *words: Word) -> None:
    """
    These words become known.
    """
    gateway = world.shard.gateway
    lists = attrs.evolve(gateway.book.lists, words=WordFilter.of(words))
    gateway.book = Rulebook.of(gateway.directory, lists)


def test_a_forbidden_word_is_refused_with_its_place() -> None:
    """
    In a batch only the item that has it.
    """
    world = World()
    watched(world, Word("违禁词"), Word("别处的", scope="lis"))
    items = [Item(PHONE, "请看违.禁.詞"), Item(OTHER, "别处的")]
    answer = world.accept(items=items, text="", batch=True)
    assert [(4106, "items[0].text"), (0, "")] == [
        (one.code, one.field) for one in answer.items
    ]
    assert "违禁词 (3–7)" == answer.items[0].detail


def test_words_that_are_replaced_or_marked() -> None:
    """
    The phone gets the milder word; the caller is told of both.
    """
    world = World()
    watched(world, Word("最好的", "replace", "很好的"), Word("加微信", "mark"))
    answer = world.accept(PHONE, text="最好的药，加微信")
    assert 2 == len(answer.items[0].warnings)
    world.move()
    assert ["很好的药，加微信"] == [one.message.text for one in world.cm.flights]


def test_a_word_to_be_looked_at_holds_its_text() -> None:
    """
    Only that one waits; the others of the batch go.
    """
    world = World()
    watched(world, Word("内幕", "review"))
    items = [Item(PHONE, "内幕消息"), Item(OTHER, "您好")]
    answer = world.accept(items=items, text="", batch=True)
    assert ["held", "accepted"] == [one.state for one in answer.items]
    world.move()
    assert [OTHER] == [one.message.to for one in world.cm.flights]


def test_a_preview_warns_of_personal_data() -> None:
    """
    Before anything is sent.
    """
    submission = Submission([Item(PHONE)], "您的HIV初筛结果已出")
    [item] = done(World().shard.gateway.preview(ACCOUNT, submission, NOW))
    assert ["含敏感诊断"] == [word.partition(",")[0] for word in item.warnings]


def test_one_text_to_many_is_bulk_unless_it_is_urgent() -> None:
    """
    For accounts whose texts tell the category.
    """
    world = World()
    account = attrs.evolve(ACCOUNT, category="auto")
    many = [Item(f"138{one:08}") for one in range(200)]
    told = [
        done(world.shard.gateway.accept(account, Submission(items, text), NOW))
        for items, text in (
            (many[:5], "请于明天上午到门诊二楼复诊，携带医保卡"),
            (many, "请于明天上午到门诊二楼复诊，携带医保卡"),
            (many, "危急值：请立即处理，全体值班医生到抢救室"),
        )
    ]
    assert ["appointment", "bulk", "critical"] == [
        one.items[0].category for one in told
    ]


def steered(world: World, **stops: str) -> None:
    """
    What callers want of their batches becomes known.
    """
    gateway = world.shard.gateway
    lists = attrs.evolve(gateway.book.lists, stops=stops)
    gateway.book = Rulebook.of(gateway.directory, lists)


def test_a_paused_batch_waits_and_goes_on() -> None:
    """
    What is queued already and what is not; other batches are not touched.
    """
    world = World()
    world.cm.segments = 0
    batch = world.accept(PHONE).batch_id
    world.move()
    steered(world, **{batch: "paused"})
    world.accept(OTHER)
    world.cm.segments = 100
    world.move()
    assert [OTHER] == [one.message.to for one in world.cm.flights]
    steered(world)
    world.move(PAUSED + 1)
    world.move()
    assert [OTHER, PHONE] == [one.message.to for one in world.cm.flights]


def test_a_canceled_batch_ends() -> None:
    """
    In intake and in the queue; what was sent stays sent.
    """
    world = World()
    sent = world.accept(PHONE)
    world.move()
    world.cm.segments = 0
    queued = world.accept(OTHER)
    world.move()
    late = world.accept(OTHER)
    steered(world, **{one.batch_id: "canceled" for one in (sent, queued, late)})
    world.cm.segments = 100
    world.move()
    world.move()
    assert [PHONE] == [one.message.to for one in world.cm.flights]
    facts = [*world.facts("rejected"), *world.facts("final")]
    assert {queued.batch_id, late.batch_id} == {one.message for one in facts}
    assert {("canceled", "7005")} == {(one.state, one.code) for one in facts}
