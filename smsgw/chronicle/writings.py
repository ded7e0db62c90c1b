"""
What the applications of a hospital write, how much and when.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

import attrs

from smsgw.chronicle.people import Chances, Patient, pick
from smsgw.directory import Account

__all__ = ["Habit", "habit_of", "written"]

_PLACES = ("门诊楼二层", "门诊楼三层", "医技楼一层", "住院楼五层", "滨海院区一层")
_CLINICS = ("心内科", "儿科", "骨科", "眼科", "呼吸内科", "消化内科", "妇产科")
_ITEMS = ("血常规", "肝功能", "胸部CT", "心电图", "甲状腺超声", "核磁共振", "病理")
_DRUGS = ("降压药", "降糖药", "抗凝药", "中药饮片")
_VALUES = ("血钾 6.8 mmol/L", "血糖 1.9 mmol/L", "肌钙蛋白 2.4 ng/mL")
_TALKS = ("高血压防治", "糖尿病饮食", "母乳喂养", "流感疫苗接种", "骨质疏松筛查")


@attrs.frozen
class Habit:
    """
    C{share} of the day's messages, C{weekend} how much of that on a weekend,
    C{campaign} the share that goes out in batches, C{answers} how many are replied to.
    """

    share: float
    curve: str
    weekend: float
    texts: tuple[str, ...]
    category: str = ""
    campaign: float = 0.0
    answers: float = 0.0
    template: str = ""


_APPOINTMENT = (
    "{姓名}您好，您预约了{日期}{时间}{科室}就诊，请携带医保卡提前15分钟到{地点}报到。"
    "如需取消请回复2。",
    "{姓名}您好，{科室}专家号已为您预约成功，就诊时间{日期}{时间}，请按时到{地点}取号。",
)
_REPORT = (
    "{姓名}您好，您的{项目}检查报告已出，可在自助机或公众号查询，取报告地点{地点}。",
    "{姓名}您好，您的{项目}结果已出，请于{日期}前到{科室}复诊，并携带既往病历与用药记录。"
    "报告可在公众号“我的报告”中查看，如有疑问请致电门诊服务台。",
)
_NOTICE = (
    "{姓名}您好，请于{日期}{时间}到{地点}办理入院手续，携带身份证、医保卡及既往检查资料。",
    "{姓名}家属您好，患者已办理出院，请按医嘱服药，{日期}到{科室}复查。",
)
_OTP = (
    "您的验证码是 {码}，5 分钟内有效，请勿告知他人。",
    "登录验证码 {码}，如非本人操作请忽略。",
)
_CRITICAL = ("【危急值】{姓名}，{值}，请{科室}值班医生立即处理并回复确认。",)
_MEDICATION = (
    "{姓名}您好，您的{药}已配好，请凭取药码 {码} 到{地点}取药。",
    "{姓名}您好，请按时服用{药}，{日期}前请到{科室}复诊续方。",
)
_MARKETING = (
    "健康讲座：{讲座}，{日期}{时间}在{地点}举行，欢迎参加。拒收请回复R。",
    "体检中心推出{讲座}专项套餐，{日期}前预约享优惠。拒收请回复R。",
)
_PAY = ("{姓名}您好，您本次就诊费用 {额} 元已支付成功，电子发票已开具。",)
_STAFF = ("各位同事：{日期}{时间}在{地点}召开{讲座}工作会，请准时参加。",)

_BY_CATEGORY: Mapping[str, Habit] = MappingProxyType(
    {
        "appointment": Habit(
            0.30,
            "afternoon",
            0.55,
            _APPOINTMENT,
            "appointment",
            0.5,
            0.06,
            "appointment",
        ),
        "report": Habit(0.17, "office", 0.35, _REPORT, "report", 0.0, 0.01),
        "notice": Habit(0.07, "always", 0.6, _NOTICE, "notice", 0.3, 0.015),
        "otp": Habit(0.12, "always", 0.7, _OTP, "otp"),
        "critical": Habit(0.01, "always", 1.0, _CRITICAL, "critical", 0.0, 0.9),
        "medication": Habit(0.07, "office", 0.4, _MEDICATION, "medication", 0.0, 0.01),
        "marketing": Habit(0.05, "office", 0.2, _MARKETING, "marketing", 1.0, 0.004),
        "bulk": Habit(0.03, "office", 0.05, _STAFF, "bulk", 1.0, 0.02),
    }
)
_BY_ACCOUNT: Mapping[str, Habit] = MappingProxyType(
    {
        "pay": Habit(0.12, "office", 0.5, _PAY, "notice"),
        "pacs": Habit(0.08, "office", 0.3, _REPORT, "report", 0.0, 0.01),
        "followup": Habit(0.05, "afternoon", 0.3, _NOTICE, "notice", 0.5, 0.05),
    }
)


def habit_of(account: Account) -> Habit:
    """
    What an account does; one that is not known does as its category does.
    """
    usual = _BY_CATEGORY.get(account.category, _BY_CATEGORY["notice"])
    return _BY_ACCOUNT.get(account.id, usual)


def _two(chance: Chances) -> str:
    return f"{1 + int(chance() * 28)}"


_FILLED: tuple[tuple[str, Callable[[Chances], str]], ...] = (
    ("{日期}", lambda chance: f"{1 + int(chance() * 12)}月{_two(chance)}日"),
    ("{时间}", lambda chance: f"{8 + int(chance() * 9):02d}:{pick(chance, '0134')}0"),
    ("{科室}", lambda chance: pick(chance, _CLINICS)),
    ("{地点}", lambda chance: pick(chance, _PLACES)),
    ("{项目}", lambda chance: pick(chance, _ITEMS)),
    ("{药}", lambda chance: pick(chance, _DRUGS)),
    ("{值}", lambda chance: pick(chance, _VALUES)),
    ("{讲座}", lambda chance: pick(chance, _TALKS)),
    ("{码}", lambda chance: f"{100_000 + int(chance() * 900_000)}"),
    ("{额}", lambda chance: f"{20 + int(chance() * 90_000) / 100:.2f}"),
)


def written(chance: Chances, text: str, people: Iterable[Patient]) -> list[str]:
    """
    The text for each of these; one text where nobody is named.
    """
    for name, fill in _FILLED:
        if name in text:
            text = text.replace(name, fill(chance))
    if "{姓名}" not in text:
        return [text]
    return [text.replace("{姓名}", one.name) for one in people]
