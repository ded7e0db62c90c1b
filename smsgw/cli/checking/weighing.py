"""
What facts about queue servers and the database mean. Pure.
"""

from collections.abc import Iterator

from smsgw.cli.checking.findings import Finding, error, ok, warning
from smsgw.cli.checking.servers import Record, Server

__all__ = ["judge_clock", "judge_record", "judge_server", "judge_step"]

OLDEST_QUEUE = (7, 0)
OLDEST = {"postgresql": (14,), "sqlite": (3, 35)}
CLOCK_WARNS, CLOCK_STOPS = 1.0, 30.0
STRICT = {
    "appendonly": "yes",
    "appendfsync": "always",
    "maxmemory-policy": "noeviction",
}


def judge_server(one: Server, strict: bool) -> Iterator[Finding]:
    """
    Reachable, young enough, durable, whole.
    """
    if one.idle:
        yield ok("queue", f"{one.name}：随网关启动 runs with its gateway")
        return
    if one.trouble:
        yield error(
            "queue",
            f"{one.name}：连不上 {one.trouble}",
            "检查地址、密码、防火墙 look at [queue], password, firewall",
        )
        return
    words = f"{one.name}：{one.kind} {one.version}，{one.used // 2**20} MiB"
    if _parts(one.version)[:2] < OLDEST_QUEUE:
        yield error("queue", words, "升级到 7.0 以上 upgrade to 7.0 or newer")
    else:
        yield ok("queue", words)
    yield from _settings(one, strict)
    yield from _state(one)
    yield from judge_clock(one.name, one.ahead, one.spread)


def _parts(version: str) -> tuple[int, ...]:
    return tuple(int(one) for one in version.split(".") if one.isdigit())


def _settings(one: Server, strict: bool) -> Iterator[Finding]:
    told = dict(one.settings)
    if not told:
        yield warning(
            "queue",
            f"{one.name}：读不到设置 its settings cannot be read (CONFIG GET)",
            "允许该用户 allow this user: CONFIG GET",
        )
        return
    for name, wanted in STRICT.items():
        if told.get(name) == wanted:
            continue
        found = told.get(name, "?")
        words = f"{one.name}：{name} = {found}"
        todo = f"CONFIG SET {name} {wanted}，并写入配置文件 and in its file"
        yield (error if strict else warning)("queue", words, todo)
    most = int(told.get("maxmemory", "0") or 0)
    if most and one.used > 0.8 * most:
        yield warning(
            "queue",
            f"{one.name}：内存已用 {one.used / most:.0%} of maxmemory",
            "加大 maxmemory，满了会拒收 raise it: when full, doors refuse",
        )


def _state(one: Server) -> Iterator[Finding]:
    if one.aof != "ok":
        yield error(
            "queue",
            f"{one.name}：追加文件写失败 append-only file: {one.aof}",
            "看它的磁盘和日志 look at its disk and log",
        )
    if one.role not in ("master", ""):
        yield warning(
            "queue",
            f"{one.name}：{one.role}，不是主 not a master",
            "配置主节点的地址 name a master",
        )
    if one.cluster not in ("ok", ""):
        yield error(
            "queue",
            f"{one.name}：cluster_state {one.cluster}",
            "CLUSTER NODES 查看哪个槽无主 see which slots have no master",
        )


def judge_clock(name: str, ahead: float, spread: float) -> Iterator[Finding]:
    """
    A server's clock against ours; what the asking took cannot be told apart.
    """
    off = max(0.0, abs(ahead) - spread / 2)
    way = "快 ahead" if ahead > 0 else "慢 behind"
    words = f"{name} 比本机{way} {abs(ahead):.3f} s"
    todo = "两边都用同一 NTP（chrony） use the same NTP on both"
    if off > CLOCK_STOPS:
        yield error("clock", words, todo)
    elif off > CLOCK_WARNS:
        yield warning("clock", words, todo)
    else:
        yield ok("clock", words)


def judge_step(before: tuple[float, float], after: tuple[float, float]) -> Finding:
    """
    Whether the wall clock moved otherwise than the steady one while we looked.
    """
    moved = (after[0] - before[0]) - (after[1] - before[1])
    if abs(moved) > 0.5:
        return warning(
            "clock",
            f"检查期间跳了 jumped by {moved:+.1f} s",
            "用渐进校时（chrony slew） let NTP slew, not step",
        )
    return ok("clock", "检查期间平稳 steady while we looked")


def judge_record(one: Record) -> Iterator[Finding]:
    """
    Reachable, young enough, at a step we know.
    """
    if one.absent:
        yield ok("database", f"{one.name}：首次启动建立 made at the first start")
        return
    if one.trouble or one.standing is None:
        yield error(
            "database",
            f"{one.name}：连不上 {one.trouble}",
            "检查 [database]、服务器是否运行 is its server running, may we log in",
        )
        return
    found = one.standing
    version = ".".join(map(str, found.version))
    words = (
        f"{one.name}：{found.kind} {version}，{found.step} {found.revision}".rstrip()
    )
    if found.version < OLDEST.get(found.kind, ()):
        least = ".".join(map(str, OLDEST[found.kind]))
        yield error("database", words, f"至少 at least {least}")
    elif found.step == "stranger":
        yield error(
            "database",
            words,
            "库是别的版本建的，装回那个版本 another release's tables: install that one",
        )
    elif found.step == "older":
        yield warning(
            "database",
            words,
            "启动时自动升级，先备份 the next start upgrades it; back up first",
        )
    else:
        yield ok("database", words)
    if found.now:
        yield from judge_clock(found.kind, one.ahead, 0.0)
