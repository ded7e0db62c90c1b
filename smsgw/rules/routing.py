"""
Which route group carries a message, and why: ordered rules, first match wins.
"""

import attrs

from smsgw.directory import Directory, Group, Rule

__all__ = ["Decision", "channels_of", "route"]


@attrs.frozen
class Decision:
    """
    The chosen group ('' for none), its channels in order of preference, and the
    explanation: C{why} it was chosen, which rules were C{tried} before.
    """

    group: str
    channels: tuple[str, ...]
    why: str
    tried: tuple[str, ...] = ()


def route(directory: Directory, account: str, carrier: str, category: str) -> Decision:
    """
    The first rule that matches and whose group has a channel that is not off.
    """
    tried: list[str] = []
    for rule in directory.rules:
        obstacle = _mismatch(rule, account, carrier, category)
        if obstacle:
            tried.append(f"{rule.id}: {obstacle}")
            continue
        group = directory.groups.get(rule.group)
        channels = channels_of(directory, group) if group else ()
        if channels:
            why = f"{rule.id} -> {rule.group}"
            return Decision(rule.group, channels, why, tuple(tried))
        tried.append(f"{rule.id}: no channel of {rule.group} is on")
    return Decision("", (), "no rule", tuple(tried))


def _mismatch(rule: Rule, account: str, carrier: str, category: str) -> str:
    """
    The first condition that does not hold, in words, or ''.
    """
    for name, wanted, given in (
        ("account", rule.account, account),
        ("carrier", rule.carrier, carrier),
        ("category", rule.category, category),
    ):
        if wanted and wanted != given:
            return f"{name} {given} is not {wanted}"
    return ""


def channels_of(directory: Directory, group: Group) -> tuple[str, ...]:
    """
    The active channels of a group: primaries by weight, then backups in order.
    """
    primaries = sorted(group.primaries, key=lambda share: -share.weight)
    names = dict.fromkeys((*(share.channel for share in primaries), *group.backups))
    return tuple(
        name
        for name in names
        if name in directory.channels and directory.channels[name].active
    )
