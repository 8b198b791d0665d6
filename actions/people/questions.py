"""The questions about people as replies, with their ways on."""

from __future__ import annotations

from typing import Any

from actions.people import relations
from actions.people.keeping import Known
from actions.people.steps import way
from actions.turn import MOST_WAYS, Reply, Turn, Way
from actions.wording import contacts
from actions.wording import people as wording
from hall.catalogue.schema import Item

PRIVACY_PATH = "/h5/privacy"
HUMAN = Way.to("找工作人员", "human")
_SELF = way("给我自己办", "for", "self")


def item_of(turn: Turn, state: dict[str, Any]) -> Item | None:
    """The item that the questions are asked for."""
    form = turn.memory.form or {}
    code = state.get("item") or form.get("item") or turn.memory.item
    return turn.desk.catalogue.get(code) if isinstance(code, str) else None


def privacy_url(turn: Turn) -> str:
    """The address of the notice; "" where the desk has no address."""
    return f"{turn.desk.public_url.rstrip('/')}{PRIVACY_PATH}" if turn.desk.public_url else ""


def who(state: dict[str, Any]) -> str:
    """What the bot calls whom it concerns: 您妈妈, 对方."""
    called = str(state.get("called") or "")
    return f"您{called}" if called else "对方"


def consent(turn: Turn, said: str, *, short: bool = False) -> Reply:
    """Whether personal data may be kept."""
    text = wording.consent_again() if short else wording.consent(privacy_url(turn))
    ways = (way("同意", "consent", "yes"), way("不同意", "consent", "no"), way("为什么要", "why"))
    return Reply(_joined(said, text), ways)


def refused(turn: Turn, state: dict[str, Any]) -> Reply:
    """What is possible without consent."""
    item, view = item_of(turn, state), turn.desk.catalogue
    hall = contacts.main_hall(view)
    text = wording.refused(f"【{hall.name}】" if hall else "", contacts.phone(view, item))
    again = (Way.to("改主意了,同意", "book_appointment", item=item.code),) if item is not None else ()
    return Reply(text, (Way.to("大厅在哪", "hall_info", info="address"), *again, HUMAN))


def own(field: str, said: str, *, first: bool, for_other: bool) -> Reply:
    """A datum of the citizen's own."""
    text = wording.ask_own(field, first=first)
    if field == "name" and for_other:
        text = f"{wording.own_first()}\n{text}"
    return Reply(_joined(said, text), _data_ways(field, for_other=for_other))


def other(field: str, state: dict[str, Any], said: str) -> Reply:
    """A datum of whom it concerns."""
    return Reply(_joined(said, wording.ask_other(field, who(state))), _data_ways(field, for_other=True))


def again(field: str, said: str) -> Reply:
    """A datum anew."""
    return Reply(_joined(said, wording.again(field)), _data_ways(field, for_other=True))


def _data_ways(field: str, *, for_other: bool) -> tuple[Way, ...]:
    ways = [way("替别人办", "for")] if field == "name" and not for_other else []
    if field == "id_number":
        ways.append(way("没有 18 位号码", "no_number"))
    ways.append(way("为什么要", "why"))
    if field != "name":
        ways.append(way("姓名写错了", "redo", "name"))
    return (*ways, HUMAN)


def sure(masked: str, said: str) -> Reply:
    """Whether an unusual word is a name."""
    ways = (way("是", "sure", "yes"), way("不是", "sure", "no"), HUMAN)
    return Reply(_joined(said, wording.name_sure(masked)), ways)


def whom(known: Known, said: str) -> Reply:
    """For whom: of those who are kept, or somebody new."""
    kept = [
        way(f"{person.called or '替'} {person.name}".strip(), "person", str(person.id))
        for person in known.others
    ]
    if not kept:
        return Reply(_joined(said, wording.whom()), (_SELF, HUMAN))
    ways = (*kept[: MOST_WAYS - 2], way("另一个人", "for", "new"), _SELF)
    return Reply(_joined(said, wording.whom_of_kept()), ways)


def proxy(state: dict[str, Any], masked: str, said: str) -> Reply:
    """Whether whom it concerns agrees; of a child, whether the citizen is the guardian."""
    if state.get("minor"):
        text, yes, no = wording.guardian(_with_name(state, masked)), "我是监护人", "不是"
    else:
        asked = wording.proxy(_with_name(state, masked), comes=bool(state.get("comes")))
        text, yes, no = asked, "是,已经同意", "还没问过"
    ways = (way(yes, "proxy", "yes"), way(no, "proxy", "no"), HUMAN)
    return Reply(_joined(said, text), ways)


def proxy_refused(state: dict[str, Any]) -> Reply:
    """Without their consent: for oneself, or later."""
    text = wording.guardian_refused(who(state)) if state.get("minor") else wording.proxy_refused(who(state))
    return Reply(text, (_SELF, way("已经同意了", "for", "again"), HUMAN))


def barred(state: dict[str, Any], item: Item, said: str) -> Reply:
    """The item asks for the person themselves; they can be booked for all the same."""
    text = wording.barred(item.name, item.proxy, who(state))
    ways = (way("帮着约,本人来", "come", "yes"), way("改成给我自己办", "for", "self"), HUMAN)
    return Reply(_joined(said, text), ways)


def is_barred(item: Item | None) -> bool:
    """Whether the item asks for the person themselves."""
    return item is not None and relations.bars_proxy(item.proxy)


def _with_name(state: dict[str, Any], masked: str) -> str:
    called = who(state)
    return f"{called}({masked})" if masked and called != "对方" else masked or called


def _joined(said: str, text: str) -> str:
    return f"{said}\n{text}" if said else text
