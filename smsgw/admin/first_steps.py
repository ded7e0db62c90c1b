"""
The first steps of a newcomer, and which of them are done already.
"""

from collections.abc import Iterator, Sequence

import attrs

from smsgw.admin.books import books_of
from smsgw.admin.entrance import Entrance
from smsgw.admin.page import Visit
from smsgw.directory import Directory
from smsgw.message import FINAL
from smsgw.storage.contacts import Wanted, count_contacts
from smsgw.storage.sendings import Sending, find_sendings, sending_progress

__all__ = ["STEPS", "Step", "Walked", "walk"]

Words = tuple[str, str]
_LOOKED = 50
_FOLLOWED = 10


@attrs.frozen
class Step:
    """
    What to do, on which page, and how one knows how.
    """

    name: str
    path: str
    permission: str
    words: Words
    how: Words


@attrs.frozen
class Walked:
    """
    A step, and whether it is done.
    """

    step: Step
    done: bool


STEPS = (
    Step(
        "login", "/account", "", ("登录与动态码", "Login and two-factor"),
        ("用一次性密码登录后改成自己的密码；在“登录与安全”扫描二维码，启用动态码。",
         "Log in with the one-time password and choose your own; scan the picture "
         "under Login and security to use one-time codes."),
    ),
    Step(
        "channel", "/channels", "channels", ("一条通道", "A channel"),
        ("新建通道：填运营商给的网关地址、登录名、密码和接入号。没有运营商时先用沙箱。",
         "Make a channel with the address, login, secret and access number from the "
         "carrier. Without a carrier begin with the sandbox."),
    ),
    Step(
        "route", "/rules", "routes", ("通道组和路由规则", "A group and a routing rule"),
        ("在“通道组”里把通道放进一个组，再建一条路由规则指向这个组。",
         "Put the channel into a group, then make a routing rule that names it."),
    ),
    Step(
        "account", "/accounts", "organisation", ("一个账号", "An account"),
        ("账号是短信的名义：业务系统或科室，带签名和默认类别。",
         "An account is whoever messages are sent for: a system or a department, with "
         "a signature and a category."),
    ),
    Step(
        "key", "/credentials", "organisation", ("接口凭证和密钥", "A key"),
        ("给账号建凭证，打开“密钥”生成一个；只显示一次，交给业务系统保存。",
         "Make a credential for the account, open Keys and make one; it is shown "
         "once, for the system to keep."),
    ),
    Step(
        "template", "/templates", "templates", ("一个模板", "A template"),
        ("写下常用的短信，变量放在大括号里，如“{姓名}您好”。",
         "Write down a usual text with variables in braces, as in “{name}, hello”."),
    ),
    Step(
        "contacts", "/contacts", "contacts", ("通讯录", "Contacts"),
        ("从 Excel 导入，或新建联系人；再放进一个分组。",
         "Import an Excel file or make contacts, and put them into a group."),
    ),
    Step(
        "test", "/send", "send", ("一条测试短信", "A test message"),
        ("在“发送短信”里给自己的手机发一条：写内容、填号码、预览、确认。",
         "Send one to your own phone: a text, the number, preview, confirm."),
    ),
    Step(
        "batch", "/send", "send", ("一次定时群发", "A scheduled batch"),
        ("选分组和模板，填“定时”，预览并确认；也可以建一个定时任务。",
         "Choose a group and a template, fill in “Send at”, look, confirm; a schedule "
         "does as well."),
    ),
    Step(
        "result", "/batches", "send", ("看结果", "Its result"),
        ("在“发送记录”里打开它：多少送达、多少失败、为什么。",
         "Open it under Sendings: how many were delivered, how many failed, why."),
    ),
)  # fmt: skip


async def walk(visit: Visit) -> list[Walked]:
    """
    All steps in order.
    """
    done = {*_of_directory(visit.desk.directory)}
    if (await Entrance(visit.desk).login(visit.who)).seed is not None:
        done.add("login")
    books = Wanted(books_of(visit))
    if await visit.desk.read(count_contacts, books):
        done.add("contacts")
    done |= await _of_sendings(visit)
    return [Walked(step, step.name in done) for step in STEPS]


def _of_directory(directory: Directory) -> Iterator[str]:
    known = {
        "channel": any(one.active for one in directory.channels.values()),
        "route": bool(directory.groups) and any(one.active for one in directory.rules),
        "account": any(one.active for one in directory.accounts.values()),
        "key": any(
            one.active and (one.secrets or one.bearer_hash)
            for one in directory.credentials.values()
        ),
        "template": any(one.active for one in directory.templates.values()),
        "batch": any(one.active for one in directory.schedules.values()),
    }
    return (name for name, is_so in known.items() if is_so)


async def _of_sendings(visit: Visit) -> set[str]:
    desk = visit.desk
    scope = desk.fields, visit.accounts, visit.who
    found, _ = await desk.read(find_sendings, *scope, "", _LOOKED)
    done = {"test"} if found else set()
    if any(one.send_at > one.at + 1 for one in found):
        done.add("batch")
    if await _any_ended(visit, found[:_FOLLOWED]):
        done.add("result")
    return done


async def _any_ended(visit: Visit, sendings: Sequence[Sending]) -> bool:
    for one in sendings:
        if not one.batches:
            continue
        told = await visit.desk.read(sending_progress, one.account, one.batches)
        if FINAL & told.states.keys():
            return True
    return False
