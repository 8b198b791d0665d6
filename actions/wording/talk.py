"""Sentences of the conversation itself, around the answers. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.wording.texts import quoted, shortened
from hall.catalogue.masking import masked
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView
from hall.centres.schema import Hall, LifeEvent

MOST_STEPS = 12
MOST_TOPICS = 40

_BRACKETS = re.compile(r"\([^()]*\)$")


def despair() -> str:
    """To somebody who may want to end their life. 12356: the national line for psychological aid."""
    return (
        "听您这么说,我很担心您。您不用一个人扛着。\n"
        "请现在就打 12356(全国心理援助热线),有人愿意听您说。\n"
        "如果正有危险,请马上打 110 或 120,或者告诉身边的人。"
    )


def condolence() -> str:
    """Before the answer to somebody whose relative has died."""
    return "请节哀。"


def not_ours() -> str:
    """What was asked is not the centre's affair."""
    return "这个我答不了,我只管政务服务中心办事的事。"


def hello() -> str:
    """A greeting in the middle of something."""
    return "您好,我在。"


def welcome() -> str:
    """Thanked in the middle of something."""
    return "不客气。"


def all_right() -> str:
    """A yes or no that answers nothing in particular."""
    return "好的。"


def going_on(item: Item, question: str) -> str:
    """Back to the question that was left open."""
    return f"接着说【{shortened(item.name, 24)[0]}】:{question}"


def which_item() -> str:
    """Asked where a question names no item."""
    return "您问的是哪件事?说事的名字就行,例如:身份证到期换领。"


def check_what() -> str:
    """Asked to check materials, but not for what."""
    return "您要办哪件事?说事的名字,我按您的情况列出要带什么。"


def unknown(text: str, *, kept: bool = True) -> str:
    """Nothing near in the catalogue; `kept` where the question is kept for the admin."""
    noted = "您的问题已记下,交给工作人员补充。" if kept else ""
    return f"目录里没找到{quoted(masked(text))}这件事。{noted}\n可以换个说法再问一次,或者:"


def not_understood() -> str:
    """Neither the intent nor an item was clear."""
    return "这句我没看懂。您想办什么事?说事就行,例如:身份证丢了怎么补。"


def unclear() -> str:
    """The same in the middle of something, whose open question follows."""
    return "这句我没看懂。"


def rejected(*, kept: bool) -> str:
    """None of the items offered was meant; `kept` where the question is kept for the admin."""
    noted = "您的问题已记下,交给工作人员补充。\n" if kept else ""
    return f"明白,都不是。{noted}请换个说法,说清是谁、办什么证或什么事,例如:给孩子上户口。也可以:"


def perhaps() -> str:
    """Doubtful whether it is ours at all."""
    return "这句我没有把握。您是要办下面的事吗?都不是的话,请换个说法。"


def other_items() -> str:
    """The item taken was not the one meant."""
    return "抱歉,认错了。是下面哪一件?"


def topics(view: CatalogueView) -> str:
    """All topics, to choose from."""
    names = list(view.by_topic())
    return f"按主题找,共 {len(names)} 类,说其中一个就行:\n{'、'.join(names[:MOST_TOPICS])}。"


def items_of(name: str, items: Sequence[Item]) -> str:
    """The head of a list of items of a topic or a department."""
    return f"【{name}】有 {len(items)} 件事可办。选一件,或直接说事的名字。"


def no_items_of(name: str) -> str:
    """A topic or department without items."""
    return f"目录里没有{quoted(name)}的事项。"


def topics_of_hall(hall: Hall, names: Sequence[str]) -> str:
    """What is done in a hall."""
    return f"【{hall.name}】能办这些类里的事:{'、'.join(names)}。\n说您要办的事,我看那里能不能办、带什么。"


def more() -> str:
    """The head of a further page of a list."""
    return "还有这些:"


def short_name(item: Item) -> str:
    """The item's name without what stands in brackets behind it: short enough for a list of many."""
    return _BRACKETS.sub("", item.name) or item.name


def life_events(view: CatalogueView) -> str:
    """All life events, to choose from."""
    names = [event.name for event in view.life_events]
    return f"一件事(按人生大事把要办的排好):{'、'.join(names)}。您是哪一种?"


def life_event(event: LifeEvent, view: CatalogueView) -> str:
    """The items of a life event in their order."""
    lines = [f"【{event.name}】要办的事,按先后:"]
    listed_items = [(view.get(entry.code), entry.note) for entry in event.items]
    known = [(item, note) for item, note in listed_items if item is not None]
    for item, note in known[:MOST_STEPS]:
        lines.append(f"· {short_name(item)}{f':{note}' if note else ''}")
    if len(known) > MOST_STEPS:
        lines.append(f"…共 {len(known)} 件")
    lines.append("不是每件都要办,看您家的情况。想细问哪件?")
    return "\n".join(lines)
