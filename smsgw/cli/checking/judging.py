"""
What facts about the machine and the settings mean. Pure.
"""

import re
from collections.abc import Iterator

from smsgw.cli.checking.findings import Finding, error, ok, warning
from smsgw.cli.checking.machine import Folder, Machine, Port, Secret
from smsgw.config import Settings

__all__ = ["fits", "judge_machine", "judge_settings"]

MEBIBYTE = 1024 * 1024
OLDEST_PYTHON = (3, 11)
FILES, FILES_LEAST = 8192, 1024
_CLAUSE = re.compile(r"(<=|>=|==|!=|~=|<|>)\s*([0-9][0-9.]*)")


def judge_settings(settings: Settings) -> Iterator[Finding]:
    """
    Settings that are allowed but seldom meant.
    """
    area = "settings"
    if settings.queue.durability == "relaxed":
        yield warning(
            area,
            "队列可丢失最近一秒 the queue may lose the last second",
            'queue.durability = "strict"',
        )
    if settings.shards > 1 and not settings.database.url.startswith("postgresql"):
        yield warning(
            area,
            "多分片使用 SQLite several shards on SQLite",
            "改用 PostgreSQL set database.url to PostgreSQL",
        )
    seen: dict[str, str] = {}
    for name, endpoint in _doors(settings):
        if endpoint in seen:
            yield error(
                area,
                f"{endpoint} 重复 twice: {seen[endpoint]}, {name}",
                "改其中一个 listen change one of them",
            )
        seen[endpoint] = name


def _doors(settings: Settings) -> Iterator[tuple[str, str]]:
    yield from (("http", str(one)) for one in settings.http.listen)
    yield from (("admin", str(one)) for one in settings.admin.listen)
    for server in settings.servers:
        yield from ((server.protocol, str(one)) for one in server.listen)


def judge_machine(
    machine: Machine, settings: Settings, now: float
) -> Iterator[Finding]:
    """
    Everything that needs no server.
    """
    yield from _versions(machine)
    yield from _clock(machine, now)
    for one in machine.folders:
        yield from _folder(one)
    yield from _room(machine.folders[0], settings)
    for secret in machine.secrets:
        yield _secret(secret)
    yield from _limits(machine)
    for port in machine.ports:
        yield _port(port)


def fits(requirement: str, version: str) -> bool:
    """
    Whether a version is in the range of a requirement such as C{attrs<26,>=24.2}.
    """
    found = _numbers(version)
    compare = {
        ">=": lambda wanted: found >= wanted,
        "<": lambda wanted: found < wanted,
        ">": lambda wanted: found > wanted,
        "<=": lambda wanted: found <= wanted,
    }
    return all(
        compare.get(sign, lambda _: True)(_numbers(wanted))
        for sign, wanted in _CLAUSE.findall(requirement.partition(";")[0])
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))


def _versions(machine: Machine) -> Iterator[Finding]:
    python = ".".join(map(str, machine.python))
    if machine.python[:2] < OLDEST_PYTHON:
        yield error("versions", f"Python {python}", "需要 needs Python 3.11")
    wrong = [
        f"{wanted} ({version or '缺 missing'})"
        for wanted, version in machine.libraries
        if not version or not fits(wanted, version)
    ]
    if wrong:
        yield error(
            "versions",
            f"{len(wrong)} 个库不符 libraries out of range: {', '.join(wrong)}",
            "重新安装离线包 install the bundle again (docs/operating.md)",
        )
    else:
        count = len(machine.libraries)
        yield ok(
            "versions",
            f"Python {python}，{count} 个库符合 libraries fit，{machine.system}",
        )


def _clock(machine: Machine, now: float) -> Iterator[Finding]:
    back = machine.newest - now
    if back > 60:
        yield error(
            "clock",
            f"比数据里最新的文件早 {back:.0f} s before the newest file of the data",
            "时钟曾被拨回，先校时再启动 it was set back: set it right, then start",
        )


def _folder(one: Folder) -> Iterator[Finding]:
    where = f"{one.path}"
    if not one.writable:
        yield error(
            "disk",
            f"{where} 不可写 cannot be written (mode {one.mode:o})",
            f"chown/chmod {one.near}，用服务的用户运行检查 check as the service's user",
        )
    elif one.exists and (one.mode & 0o027 or not one.own):
        yield warning(
            "disk",
            f"{where} 权限 {one.mode:o}，别人可读写 open to others",
            f"chmod 700 {where}，属主为服务用户 owned by the service's user",
        )
    else:
        made = "可写 writable" if one.exists else "启动时建立 made at the start"
        yield ok("disk", f"{where} {made}")


def _room(one: Folder, settings: Settings) -> Iterator[Finding]:
    """
    The marks are L{smsgw.disk}'s.
    """
    least = settings.limits.disk_mib * MEBIBYTE
    low, critical = min(0.05 * one.total, least), min(0.01 * one.total, least / 5)
    words = f"剩 {one.free // MEBIBYTE} MiB free，水位 mark {int(low) // MEBIBYTE} MiB"
    todo = "清理磁盘或加盘 make room or add a disk"
    if one.free < critical:
        yield error("disk", f"{words}，不接受任何消息 nothing is accepted", todo)
    elif one.free < low:
        yield error("disk", f"{words}，只收紧急 only the critical lane", todo)
    elif one.free < 2 * low:
        yield warning("disk", f"{words}，快到水位 close to the mark", todo)
    else:
        yield ok("disk", words)


def _secret(one: Secret) -> Finding:
    if not one.mode:
        if not one.needed:
            return ok("secrets", f"{one.name}：{one.path} 首次启动生成 made at first")
        return error(
            "secrets",
            f"{one.name}：{one.path} 不存在 is not there",
            "写入密钥，权限 600 put the secret there, mode 600",
        )
    if not one.readable or not one.size:
        return error(
            "secrets",
            f"{one.name}：{one.path} 读不到或为空 not readable, or empty",
            "属主应为服务用户 its owner must be the service's user",
        )
    if one.mode & 0o077:
        return warning(
            "secrets",
            f"{one.name}：{one.path} 权限 {one.mode:o}，别人可读 open to others",
            f"chmod 600 {one.path}",
        )
    return ok("secrets", f"{one.name}：{one.path} {one.mode:o}")


def _limits(machine: Machine) -> Iterator[Finding]:
    words = f"文件句柄上限 {machine.files} open files"
    todo = "LimitNOFILE=65536（etc/smsgw.service），手工启动时 or: ulimit -n 65536"
    if 0 <= machine.files < FILES_LEAST:
        yield error("limits", words, todo)
    elif 0 <= machine.files < FILES:
        yield warning("limits", words, todo)
    else:
        yield ok("limits", words)
    if machine.overcommit not in (-1, 1):
        yield warning(
            "limits",
            f"vm.overcommit_memory = {machine.overcommit}",
            "sysctl vm.overcommit_memory=1，否则内存过半时队列文件无法重写"
            " else the queue's file cannot be rewritten once memory is half used",
        )


def _port(one: Port) -> Finding:
    words = f"{one.name} {one.endpoint}"
    if not one.trouble:
        return ok("ports", f"{words} 可用 free")
    if "smsgw" in one.holder or "twistd" in one.holder:
        return ok("ports", f"{words} 本网关在用 our own gateway has it")
    return error(
        "ports",
        f"{words} 不可用 {one.trouble}: {one.holder or '? '}".rstrip(),
        "停掉占用者或改 listen end what listens there, or change listen",
    )
