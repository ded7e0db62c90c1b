"""
Rules decide by number, content, count and chance.
"""

import pytest

from smsgw.simulator.rules import PLAIN, Rule, Rules

NUMBER = "13800138007"


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        (Rule(suffix="8007"), True),
        (Rule(suffix="8008"), False),
        (Rule(prefix="138"), True),
        (Rule(prefix="139"), False),
        (Rule(prefix="138", suffix="7"), True),
        (Rule(prefix="139", suffix="7"), False),
        (Rule(content="回复|TD"), True),
        (Rule(content="^回复"), False),
        (Rule(share=0.4), True),
        (Rule(share=0.2), False),
        (Rule(), True),
    ],
)
def test_all_conditions_must_hold(rule: Rule, holds: bool) -> None:
    """
    Suffix, prefix, content and share, each and together.
    """
    made = Rules.of([visible(rule)])

    assert holds is (13 == made.outcome(NUMBER, "请回复1", lambda: 0.3).result)


def visible(rule: Rule) -> Rule:
    """
    The rule with a consequence that is easily seen.
    """
    return Rule(rule.prefix, rule.suffix, rule.content, rule.share, result=13)


def test_without_a_rule_all_is_well() -> None:
    """
    No rule holds: delivered.
    """
    assert PLAIN == Rules.of([]).outcome(NUMBER, "")


def test_the_first_that_holds_decides() -> None:
    """
    The file's order counts, for general and suffix rules alike.
    """
    general, special = Rule(stat="EXPIRED"), Rule(suffix="7", stat="UNDELIV")

    assert "EXPIRED" == Rules.of([general, special]).outcome(NUMBER, "").stat
    assert "UNDELIV" == Rules.of([special, general]).outcome(NUMBER, "").stat


def test_first_counts_each_number() -> None:
    """
    Only the first submit to a number is struck, then the next rule's turn comes.
    """
    rules = Rules.of([Rule(suffix="7", first=1, result=8)])

    assert [8, 0, 0] == [rules.outcome(NUMBER, "").result for _ in range(3)]
    assert 8 == rules.outcome("13800138017", "").result


def test_counts_are_bounded() -> None:
    """
    The number seen longest ago is forgotten.
    """
    rules = Rules.of([Rule(first=1, result=8)])
    rules.most = 2
    for number in ("1", "2", "3"):
        rules.outcome(number, "")

    assert [0, 0, 8] == [rules.outcome(n, "").result for n in ("3", "2", "1")]


def test_replies_are_apart() -> None:
    """
    A rule with a reply decides no outcome; one without makes no reply.
    """
    rules = Rules.of([Rule(suffix="7", reply="1 确认", result=13), Rule(result=6)])
    reply = rules.reply(NUMBER, "")

    assert reply is not None
    assert "1 确认" == reply.reply
    assert [True, False] == [rules.may_reply(n) for n in (NUMBER, "13800138008")]
    assert rules.reply("13800138008", "") is None
    assert 6 == rules.outcome(NUMBER, "").result


def test_outcomes_have_names() -> None:
    """
    Counted by their own name, else by code or Stat.
    """
    assert "double" == Rule(name="double").outcome().name
    assert "result_8" == Rule(result=8).outcome().name
    assert "EXPIRED" == Rule(stat="EXPIRED").outcome().name


def test_a_rule_picks_one_of_many() -> None:
    """
    By the number's last digits, or by chance.
    """
    by_number = Rules.of([Rule(results=(8, 9), stats=("EXPIRED",), pick="number")])
    seen = [by_number.outcome(f"1380013{n:04d}", "") for n in range(4)]
    assert [8, 9, 0, 8] == [one.result for one in seen]
    assert ("EXPIRED", "expired") == (seen[2].stat, seen[2].state)

    by_chance = Rules.of([Rule(all_stats=True)], "sgip")
    outcome = by_chance.outcome("13800138000", "", lambda: 0.999)
    assert outcome.stat.startswith("IB:")


def test_a_word_has_to_be_known() -> None:
    """
    One of those that every protocol can say.
    """
    assert Rule(word="throttled").outcome().refused
    with pytest.raises(ValueError, match="throttled"):
        Rule(word="tired")
