"""
Which out queues a channel may take from: its groups' sets of channels.

A set is named by its group and the channels that failed: C{all}, C{all!cm1}.
"""

from collections.abc import Callable, Iterable, Sequence

from smsgw.directory import Directory, Group

__all__ = ["others", "set_name", "sets_of"]


def set_name(group: str, failed: Iterable[str]) -> str:
    """
    The set of a group's channels without those that failed.
    """
    return "!".join([group, *sorted(set(failed))])


def sets_of(
    directory: Directory,
    known: Iterable[str],
    channel: str,
    live: Callable[[str], bool],
    full: Callable[[str, str], bool],
    off: Sequence[str] = (),
) -> list[str]:
    """
    The sets this channel takes from now, a group's own after those in which others
    failed: what waits there has waited longer. A backup takes only while no primary
    is live that is not full and did not fail; C{full} tells of a group and a channel.

    C{known} are the sets that have, or had, messages. A set that no channel is
    left for is anybody's of its group again; nobody waits for those that are C{off}.
    """
    sets = []
    parted = [name.split("!") for name in known]
    for group in directory.groups.values():
        for base, *failed in parted:
            if base != group.id or not failed:
                continue
            anybodys = not others(directory, base, (*failed, *off))
            if (anybodys or channel not in failed) and _serves(
                group, channel, live, full, failed
            ):
                sets.append(set_name(base, failed))
        if _serves(group, channel, live, full):
            sets.append(group.id)
    return sets


def _serves(
    group: Group,
    channel: str,
    live: Callable[[str], bool],
    full: Callable[[str, str], bool],
    failed: Sequence[str] = (),
) -> bool:
    if any(share.channel == channel for share in group.primaries):
        return not full(group.id, channel)
    if channel not in group.backups:
        return False
    before = group.backups[: group.backups.index(channel)]
    better = [*(share.channel for share in group.primaries), *before]
    return not any(
        one not in failed and live(one) and not full(group.id, one) for one in better
    )


def others(directory: Directory, group: str, failed: Iterable[str]) -> bool:
    """
    Whether the group has an active channel besides those that failed.
    """
    found = directory.groups.get(group)
    if found is None:
        return False
    names = {share.channel for share in found.primaries} | set(found.backups)
    names -= set(failed)
    return any(
        name in directory.channels and directory.channels[name].active for name in names
    )
