"""What is said when personal data is asked for and kept. Pure; everything personal comes in masked."""

from __future__ import annotations

from collections.abc import Mapping

from hall.people.id_numbers import Reason as IdReason
from hall.people.phones import Reason as PhoneReason

_FIELDS = {"name": "姓名", "id_number": "身份证号", "phone": "手机号"}
_ID_WRONG: Mapping[IdReason, str] = {
    "empty": "没有看到号码。",
    "old": "这是 15 位的老号码,2013 年起不用了。请发现在身份证上的 18 位号码。",
    "length": "身份证号是 18 位,您发来的位数不对,请数一数再发。",
    "characters": "身份证号只有数字,最后一位可以是 X。请再看一下。",
    "place": "号码开头的地区码不对,请对着证件再看一下。",
    "birth": "号码里的出生日期(第 7 到 14 位)不是一个日期,请再看一下。",
    "future": "号码里的出生日期还没到,请看看年份。",
    "too_old": "号码里的出生年份太早了,请看看年份。",
    "checksum": "号码对不上校验位,多半是有一位输错了,请对着证件再看一下。",
}
_PHONE_WRONG: Mapping[PhoneReason, str] = {
    "empty": "没有看到号码。",
    "unreadable": "这个电话号码没看懂,请只发数字。",
    "impossible": "号码的位数不对。手机号是 11 位,座机请带区号。",
    "not_assigned": "没有这样的号码。手机号是 11 位,请数一数,看有没有输错。",
}


def link(url: str, title: str) -> str:
    """A link as it stands in a chat; the title alone where there is no address."""
    return f'<a href="{url}">{title}</a>' if url else title


def consent(url: str) -> str:
    """Before the first personal datum: what for, how it is kept, what the citizen can do."""
    return (
        "约号要记下姓名、身份证号和手机号,只用来约号、核对身份、到号通知您。\n"
        "加密保存,您随时能看、能改、能删。\n"
        f"详见{link(url, '《个人信息处理告知》')}\n"
        "您同意记下吗?"
    )


def consent_again() -> str:
    """The same once more, short."""
    return "您同意我记下姓名、身份证号和手机号吗?"


def not_kept_yet() -> str:
    """Personal data came before consent was given."""
    return "您发来的信息我还没有记。先要您同意:"


def why(url: str) -> str:
    """Why the data is needed and what becomes of it."""
    return (
        "姓名和身份证号用来核对是您本人来办,也防黄牛占号;手机号只在约好、改期、快叫到您时用。\n"
        "加密保存,存到您删为止;不卖,不给无关的人,谁看过都有记录。说“我的信息”随时能看、能删。\n"
        f"{link(url, '《个人信息处理告知》')}"
    )


def refused(where: str, phone: str) -> str:
    """Without consent: what is possible then."""
    return (
        "好,什么都没有记。没有这些信息,我不能替您约号。\n"
        f"不约也能办:开门时间直接到{where or '大厅'}现场取号;或打 {phone} 问。\n"
        "材料、流程、费用照样可以问我。"
    )


def ask_own(field: str, *, first: bool) -> str:
    """A datum of the citizen's own."""
    if field == "name":
        more = "\n身份证号、手机号可以一起发,空格隔开就行。" if first else ""
        return f"请发您的姓名,和身份证上一样。{more}"
    if field == "id_number":
        return "您的身份证号是多少?(18 位)"
    return "您的手机号是多少?约好、快叫到您时通知用。"


def ask_other(field: str, who: str) -> str:
    """A datum of somebody the citizen acts for."""
    if field == "name":
        return f"请发{who}的姓名,身份证号可以一起发。"
    return f"{who}的身份证号是多少?(18 位)"


def own_first() -> str:
    """Both are named where somebody acts for another."""
    return "替别人办,要先记下您自己的,再记对方的。"


def again(field: str) -> str:
    """A datum is to be given anew."""
    return f"好,请重新发{_FIELDS[field]}。"


def kept(name: str, id_number: str, phone: str) -> str:
    """What was just kept, masked; "" for nothing."""
    told = [part for part in (name, id_number, phone) if part]
    return f"记下了:{','.join(told)}。" if told else ""


def id_wrong(reason: IdReason) -> str:
    """What is wrong with an ID number."""
    return _ID_WRONG[reason]


def phone_wrong(reason: PhoneReason) -> str:
    """What is wrong with a phone number."""
    return _PHONE_WRONG[reason]


def name_wrong() -> str:
    """No name of a person."""
    return "这不像姓名。请只发姓名,和身份证上一样,例如:张三。"


def name_sure(masked: str) -> str:
    """Whether an unusual word is a name."""
    return f"“{masked}”是姓名吗?"


def one_at_a_time() -> str:
    """Two ID numbers in one message."""
    return "这里有两个身份证号。请一次只发一个人的。"


def other_paper() -> str:
    """A passport or travel permit was given."""
    return (
        "我这里只认身份证、港澳台居民居住证和外国人永久居留身份证的 18 位号码,护照和通行证的号码没有记。\n"
        "没有 18 位号码也能约,到时带护照或通行证核对。"
    )


def same_as_own(name: str) -> str:
    """The other's ID number is the citizen's own."""
    return f"这个身份证号是您本人({name})的。请发对方的号码;要是给您自己办,选“给我自己办”。"


def same_as_other(name: str) -> str:
    """The citizen's own number stands with somebody they keep."""
    return f"这个身份证号已经记在{name}名下。请再看一下;要先删掉那一条,说“我的信息”。"


def too_many(limit: int) -> str:
    """No room for another person."""
    return f"您已经记了 {limit} 个人,满了。说“我的信息”,删掉不用的再来。"


def too_young() -> str:
    """The citizen is under 16."""
    return (
        "您还不满 16 岁,要由父母或其他监护人来约。\n"
        "请他们用自己的微信找我,说“给孩子约号”。您刚才发的信息我已经删掉了。"
    )


def number_too_young() -> str:
    """The number given anew is a child's; the one kept stays."""
    return "这个身份证号的主人不满 16 岁,我没有改。您的信息还是原来的。"


def whom() -> str:
    """For whom, where nobody is kept yet."""
    return "给谁办?说称呼就行,例如:我妈、孩子、朋友。"


def whom_of_kept() -> str:
    """For whom, of those who are kept."""
    return "给谁办?"


def company() -> str:
    """A company has no name of a person: who comes for it is asked."""
    return "给单位办的事,按经办人约,到时带单位的授权材料。"


def parents() -> str:
    """What concerns a child is done by a parent in their own name."""
    return "这件事由家长来办,按您的信息约。"


def proxy(who: str, *, comes: bool = False) -> str:
    """The consent of whom it concerns; `comes`: they come themselves and are only booked for."""
    what = "代约" if comes else "代办"
    return f"请确认:{who}知道并同意由您{what},也同意我记下姓名和证件号。是吗?"


def guardian(who: str) -> str:
    """A child is acted for by a guardian."""
    return f"{who}不满 16 岁,要由监护人来约。您是监护人(父母等)吗?"


def proxy_refused(who: str) -> str:
    """No consent of whom it concerns."""
    return f"那先不约,{who}的姓名和证件号没有留下。问过本人同意了再来,我接着约。"


def guardian_refused(who: str) -> str:
    """Not the guardian."""
    return f"那要请{who}的监护人来约,姓名和证件号没有留下。"


def barred(item: str, proxy_words: str, who: str) -> str:
    """The item asks for the person themselves."""
    return f"【{item}】{proxy_words.rstrip('。')},不能由您替{who}去办。\n可以帮{who}约,到时本人带证件来。"


def known(named: str) -> str:
    """Nothing is left to ask."""
    return f"给{named}办,信息齐了。"
