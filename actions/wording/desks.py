"""What is said where a desk is not open in this account yet: that it is not, and what works today. Pure.

Never pretends: nothing here says that something was booked, taken, handed in or registered.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from actions import situations
from actions.wording import contacts, guide, limits, lines, places
from actions.wording.lines import Told
from actions.wording.texts import sentence
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView


def ticket(view: CatalogueView, item: Item | None, now: datetime) -> str:
    """Tickets are taken in the hall."""
    parts = ["我这里还不能取号,请到大厅现场取号。"]
    if item is not None:
        parts += [guide.header(item), _where(item, view)]
    return _joined([*parts, contacts.open_now(view, item, now)])


def queue(view: CatalogueView, item: Item | None, now: datetime) -> str:
    """How many wait is not known here."""
    return _joined(
        [
            "我这里还看不到排队人数,不敢乱说。",
            f"可打 {contacts.phone(view, item)} 问现在人多不多。",
            contacts.open_now(view, item, now),
        ]
    )


def online(item: Item, view: CatalogueView, now: datetime) -> str:
    """Whether and where the item can be applied for online."""
    told = Told.about(item, view, now, {})
    return _joined(
        [
            guide.header(item),
            lines.line(told, "online"),
            "我这里还不能直接申报,请按上面的办法,或到窗口办。",
            guide.footer(item),
        ]
    )


def online_of_what() -> str:
    """Asked to apply, but not for what."""
    return "您想办哪件事?说事的名字,我告诉您能不能网上办、在哪办。\n先说明白:我这里还不能直接申报。"


def progress(view: CatalogueView, item: Item | None, now: datetime) -> str:
    """Where to ask how far an application is."""
    parts = ["我这里还查不到您的办件进度。"]
    if item is not None and (limit := limits.limit(item)):
        parts.append(f"【{item.name}】一般 {limit},从受理那天算。")
    parts.append(f"可打 {contacts.phone(view, item)} 问,报姓名和受理单上的编号。")
    return _joined([*parts, contacts.open_now(view, item, now)])


def upload(item: Item | None) -> str:
    """Photographs cannot be looked at here."""
    of = f"【{item.name}】" if item is not None else ""
    return f"我这里还不能收材料照片,请带原件到窗口。\n想先对一遍{of}要带什么,我可以按您的情况列出来。"


def rating(view: CatalogueView, item: Item | None) -> str:
    """Where to praise or blame."""
    return f"我这里还不能打分。办得好不好,都可以打 {_complaints(view, item)} 说。"


def complaint(view: CatalogueView, item: Item | None) -> str:
    """Where a complaint is taken today."""
    return (
        f"让您受气了,对不起。请打 {_complaints(view, item)} 投诉,说清时间、窗口和经过。\n"
        "我这里还不能登记投诉,写在这里没有人会处理,所以请打电话。"
    )


def report() -> str:
    """Where something that others do is reported."""
    return (
        f"举报请打 {contacts.HOTLINE}(政务服务热线),说清什么事、在哪里,会转给管这件事的部门。\n"
        "我这里还不能登记举报,写在这里没有人会处理,所以请打电话。"
    )


def suggestion(view: CatalogueView, item: Item | None) -> str:
    """Where a suggestion is taken today."""
    return f"谢谢您费心。我这里还不能登记建议,请打 {_complaints(view, item)} 说,会有人记下。"


def lost(view: CatalogueView, now: datetime) -> str:
    """Where to ask for things left behind."""
    phone = contacts.phone(view, None)
    return _joined(
        [
            f"我这里还不能登记失物。请打 {phone},说东西的样子、什么时候落在哪儿;捡到的也请打这个电话。",
            contacts.open_now(view, None, now),
        ]
    )


def person(view: CatalogueView, item: Item | None, now: datetime) -> str:
    """How to reach a person today."""
    about = f"问【{item.name}】的事,打" if item is not None and item.phone else "请打"
    return _joined(
        [
            f"我这里还不能转给工作人员聊天。{about} {contacts.phone(view, item)}。",
            contacts.open_now(view, item, now),
            f"没人接的时候可打 {contacts.HOTLINE}(政务服务热线)。也可以接着问我。",
        ]
    )


def my_data(item: Item | None, known: Mapping[str, str]) -> str:
    """What this conversation holds about the citizen."""
    kept = []
    if item is not None:
        kept.append(f"您最近问的是【{item.name}】")
        kept += [f"您选过:{label}" for label in situations.labels(item, known)]
    told = f"这段对话里记着:{';'.join(kept)}。" if kept else "这段对话里没有记着您问过的事。"
    return f"我没有存您的姓名、证件号和电话。\n{told}"


def forgotten() -> str:
    """The conversation's memory is cleared."""
    return "好,您问过的事和选过的情况都清掉了。"


def _where(item: Item, view: CatalogueView) -> str:
    told = places.in_line(item, view)
    return sentence(f"在哪办:{told}") if told else ""


def _complaints(view: CatalogueView, item: Item | None) -> str:
    number = contacts.complaints(view, item)
    return f"{number} 或 {contacts.HOTLINE}" if number else contacts.HOTLINE


def _joined(parts: list[str]) -> str:
    return "\n".join(part for part in parts if part)
