"""What is said of the data that is kept: showing, copying, erasing. Pure; personal data comes masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from actions.wording.people import link
from actions.wording.texts import listed
from hall.centres.opening import SHANGHAI
from hall.people.access import AccessLine
from hall.people.service import MaskedPerson
from hall.wording import dates

# People named in a message; more are counted.
_MOST_NAMED = 5
_WHAT = {"export": "导出", "reveal": "查看", "erase": "删除"}
_OWN = "citizen"


@dataclass(frozen=True, slots=True)
class Kept:
    """What stands open of a citizen at the desks: bookings to come, all bookings, tickets of today."""

    to_come: int = 0
    bookings: int = 0
    tickets: int = 0


def nothing(conversation: str) -> str:
    """Nothing personal is kept; `conversation` is what this talk holds."""
    return f"我没有存您的姓名、证件号和电话。\n{conversation}"


def conversation(kept: Sequence[str]) -> str:
    """What this conversation holds."""
    return f"这段对话里记着:{';'.join(kept)}。" if kept else "这段对话里没有记着您问过的事。"


def shown(own: MaskedPerson | None, others: Sequence[MaskedPerson], consent: str, kept: Kept) -> str:
    """What is kept, with numbers masked."""
    lines = ["我这里存着(号码只露几位):"]
    if own is not None:
        lines.append(f"本人:{_person(own)}")
    if others:
        names = [" ".join(part for part in (person.called, person.name) if part) for person in others]
        lines.append(f"替办的人:{listed(names, most=_MOST_NAMED, unit='人')}")
    if consent:
        lines.append(f"同意:{consent}")
    lines.append(f"预约:没办的 {kept.to_come} 个,一共记了 {kept.bookings} 个")
    return "\n".join(lines)


def consented(day: str, wording: str) -> str:
    """When the citizen agreed, and to what."""
    return f"{day},《{wording}》"


def looked(lines: Sequence[AccessLine]) -> str:
    """Who looked, in one line."""
    if not lines:
        return "看过的人:没有。"
    last = lines[-1]
    return f"看过的人:{len(lines)} 次,最近是{_who(last)}({_day(last)})"


def accesses(lines: Sequence[AccessLine]) -> str:
    """Who looked, the last ones."""
    if not lines:
        return "还没有人看过您的信息。工作人员每看一次都会记下是谁、为什么。"
    told = [
        f"{_day(line)} {_who(line)}{_WHAT.get(line.action, line.action)}" for line in lines[-_MOST_NAMED:]
    ]
    return "看过您信息的(最近几次):\n" + "\n".join(told)


def how_long(url: str) -> str:
    """How long what is kept, and where that stands."""
    return f"姓名和号码存到您删为止;别的存多久、您有哪些权利,看{link(url, '《个人信息处理告知》')}"


def copy(url: str) -> str:
    """The page with everything in the open, to be read and taken along."""
    return (
        f"{link(url, '打开我的资料')}\n"
        "只有您打得开,一小时内有效。能看全部内容,也能下载一份。每看一次都会记下。"
    )


def no_copy() -> str:
    """This desk has no pages of its own."""
    return "这里打不开您的资料页。请回到公众号里说“我的信息”。"


def what_to_change() -> str:
    """Which datum is to be corrected."""
    return "要改哪一样?"


def saved(named: str) -> str:
    """What was asked for is kept."""
    return f"记好了:{named}。下次办事不用再填。"


def left() -> str:
    """The form was left."""
    return "好,先不填了。已经记下的还在,说“我的信息”能看、能删。"


def whom_to_remove() -> str:
    """Which person is to be forgotten."""
    return "删掉谁?"


def remove(person: MaskedPerson) -> str:
    """Before a person is forgotten."""
    return f"删掉{_named(person)}:姓名、证件号和同意您代办的记录都会删。已经约好的号不受影响。"


def removed(named: str) -> str:
    """A person was forgotten."""
    return f"{named}的信息删掉了。"


def gone_already() -> str:
    """There is no such person any more."""
    return "这一条已经不在了。"


def before_erasing(kept: Kept, people: int) -> str:
    """What an erasure takes, what stays and why."""
    goes = ["姓名、证件号、手机号"]
    if people:
        goes.append(f"您记下的 {people} 个人")
    goes.append("这段对话")
    ends = [
        f"取消没办的 {kept.to_come} 个预约" if kept.to_come else "",
        f"退掉 {kept.tickets} 个排号" if kept.tickets else "",
    ]
    lines = [f"会删:{'、'.join(goes)}。"]
    if any(ends):
        lines.append(f"还会{'、'.join(filter(None, ends))}。")
    lines += [
        "会留:没有姓名的办事次数;谁在何时看过、删过的记录(里面没有您的信息,《网络安全法》要求留日志)。",
        "删除前做的备份里还有,备份过期才没有。",
        "删了找不回来。确定吗?",
    ]
    return "\n".join(lines)


def before_withdrawing(kept: Kept) -> str:
    """What withdrawing one's consent means."""
    ends = f",并取消没办的 {kept.to_come} 个预约" if kept.to_come else ""
    return (
        f"撤回同意后,我不再用您的姓名、证件号和手机号,存着的一并删掉{ends}。\n"
        "之前已经办的不受影响;以后要约号,再同意一次就行。\n确定吗?"
    )


def erased(kept: Kept, *, whole: bool) -> str:
    """It is done; `whole` is False where a restriction keeps the account's name for now."""
    lines = ["您的信息都删了,这段对话也清空了。"]
    lines += _ended(kept, whole=whole)
    return "\n".join([*lines, "以后再问,随时写给我。"])


def withdrawn(kept: Kept, *, whole: bool) -> str:
    """The consent is withdrawn and the data gone."""
    return "\n".join(["同意撤回了,存着的姓名、证件号和手机号都删了。", *_ended(kept, whole=whole)])


def nothing_to_erase() -> str:
    """Nothing is kept."""
    return "我没有存您的姓名、证件号和电话。这段对话也清空了。"


def nothing_to_withdraw() -> str:
    """There is no consent."""
    return "您没有给过同意,我也没有存您的姓名、证件号和电话。"


def kept_after_all() -> str:
    """The citizen thought better of it."""
    return "好,都留着,没有删。"


def _ended(kept: Kept, *, whole: bool) -> list[str]:
    lines = []
    if kept.to_come or kept.tickets:
        lines.append("没办的预约和排号也都取消了。")
    if not whole:
        lines.append(
            "有爽约限制还没到期:到期前留着您的账号编号和一个还原不出证件号的标记,防止删了重来;到期自动去掉。"
        )
    return lines


def _day(line: AccessLine) -> str:
    return dates.dated(line.at.astimezone(SHANGHAI).date())


def _named(person: MaskedPerson) -> str:
    return f"{person.called}({person.name})" if person.called else person.name


def _person(person: MaskedPerson) -> str:
    return ",".join(part for part in (person.name, person.id_number, person.phone) if part)


def _who(line: AccessLine) -> str:
    return "您自己" if line.who == _OWN else line.who
