"""
What people may do in the console: permissions by name, and whose data they see.
"""

from collections.abc import Mapping

import attrs

from smsgw.directory import Directory, Person, Role

__all__ = ["ADMINISTRATOR", "PERMISSIONS", "Visitor", "accounts_seen"]

#: What a role's permissions mean, in words.
PERMISSIONS: Mapping[str, tuple[str, str]] = {
    "overview": ("看运行概览", "see the overview"),
    "send": ("发送短信", "send messages"),
    "messages": ("查询短信与回复", "find messages and replies"),
    "phones": ("看完整号码和内容", "see whole numbers and texts"),
    "contacts": ("通讯录", "address books"),
    "templates": ("模板与签名", "templates and signatures"),
    "lists": ("敏感词与黑名单", "sensitive words and blocked numbers"),
    "reviews": ("审核", "consent to what others wrote"),
    "schedules": ("定时任务", "schedules"),
    "reports": ("报表", "reports"),
    "channels": ("通道", "channels"),
    "routes": ("路由", "routes"),
    "organisation": ("机构、账号与人员", "organisation, accounts and people"),
    "changes": ("变更记录", "change log"),
    "raw": ("看原始报文", "see raw PDUs"),
}
EVERYTHING = "*"
ADMINISTRATOR = Role("administrator", "系统管理员", (EVERYTHING,), "all")


@attrs.frozen
class Visitor:
    """
    Who asks for a page: a person with a role.
    """

    person: Person
    role: Role

    def may(self, permission: str) -> bool:
        """
        Whether the role allows it; '' asks for nothing but a login.
        """
        held = self.role.permissions
        return not permission or permission in held or EVERYTHING in held


def accounts_seen(visitor: Visitor, directory: Directory) -> frozenset[str] | None:
    """
    The accounts whose data a visitor sees; C{None} for all.

    C{own} is the person's account, C{department} the accounts of the department
    and of those below it.
    """
    match visitor.role.scope:
        case "all":
            return None
        case "department":
            return frozenset(
                account.id
                for account in directory.accounts.values()
                if _within(account.department, visitor.person.department, directory)
            ) | ({visitor.person.account} - {""})
        case _:
            return frozenset({visitor.person.account} - {""})


def _within(department: str, above: str, directory: Directory) -> bool:
    seen: set[str] = set()
    while department and department not in seen:
        if department == above:
            return True
        seen.add(department)
        found = directory.departments.get(department)
        department = found.parent if found else ""
    return False
