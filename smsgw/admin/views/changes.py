"""
The change log: who changed what, when, before and after side by side.
"""

import json
from collections.abc import Mapping
from typing import Any

import attrs

from smsgw.admin.page import Menu, Page, Reply, Route, Visit
from smsgw.storage.journal import Entry, changes_of

__all__ = ["ROUTES", "differences"]

PAGE = 50
#: What tables are called where their objects' pages are called otherwise.
_TABLES = {
    "rules": "route_rules",
    "groups": "route_groups",
    "retries": "retry_rules",
    "windows": "send_windows",
}
_NAMES = {
    "departments": ("科室", "departments"),
    "accounts": ("账号", "accounts"),
    "credentials": ("接口凭证", "credentials"),
    "channels": ("通道", "channels"),
    "route_groups": ("通道组", "groups"),
    "route_rules": ("路由规则", "routing rules"),
    "webhooks": ("回调", "webhooks"),
    "peers": ("协议接入", "protocol logins"),
    "signatures": ("签名", "signatures"),
    "templates": ("模板", "templates"),
    "retry_rules": ("重发策略", "retry rules"),
    "prices": ("价格", "prices"),
    "schedules": ("定时任务", "schedules"),
    "schedule_states": ("定时任务", "schedules"),
    "keywords": ("回复关键词", "keywords"),
    "frequencies": ("频次限制", "frequencies"),
    "send_windows": ("发送时段", "send windows"),
    "roles": ("角色", "roles"),
    "people": ("人员", "people"),
    "words": ("敏感词", "words"),
    "blocked": ("黑名单", "blocked numbers"),
    "reviews": ("审核", "reviews"),
    "ledger": ("充值", "ledger"),
    "logins": ("登录", "logins"),
    "contacts": ("通讯录", "contacts"),
    "channel_orders": ("通道切换", "channels switched"),
    "traces": ("报文跟踪", "traces"),
    "batch_stops": ("批次", "batches"),
}


@attrs.frozen
class Difference:
    """
    A field that differs, as text.
    """

    name: str
    before: str
    after: str


def differences(entry: Entry) -> list[Difference]:
    """
    What an entry changed, field by field.
    """
    before: Mapping[str, Any] = entry.before or {}
    after: Mapping[str, Any] = entry.after or {}
    names = [*before, *(name for name in after if name not in before)]
    return [
        Difference(name, _text(before.get(name)), _text(after.get(name)))
        for name in names
        if before.get(name) != after.get(name)
    ]


def _text(value: Any) -> str:
    if value is None or value in ("", [], {}):
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


async def show(visit: Visit) -> Reply:
    """
    Newest first, narrowed by table, object or person.
    """
    asked = visit.query.get("table", "")
    table, row_id = _TABLES.get(asked, asked), visit.query.get("id", "")
    who, before = visit.query.get("who", "").strip(), visit.number("before")
    found = await visit.desk.read(changes_of, table, row_id, who, before, PAGE)
    return Page(
        "changes.html",
        {
            "entries": [(one, differences(one)) for one in found],
            "names": {name: visit.say(*words) for name, words in _NAMES.items()},
            "more": found[-1].id if len(found) == PAGE else 0,
            "table": table,
            "row_id": row_id,
            "who": who,
        },
    )


ROUTES = (
    Route(
        "/changes",
        show,
        "changes",
        menu=Menu("house", "history", "变更记录", "Changes"),
    ),
)
