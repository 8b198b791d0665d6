"""Where the counters of a matter are, when they are open, whom to call: 社保窗口在几楼, 公积金周六上班吗."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from actions import matters
from actions.aspects import bare
from actions.hall_replies import ways
from actions.turn import Reply, Turn
from actions.wording import halls
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView, Place

_COUNTER = re.compile(r"窗口|柜台")
_PHONE = re.compile(r"(?:咨询|联系|服务)?(?:电话|热线|座机)(?:号码)?(?:是)?(?:多少|几号|什么)?")
_WHERE = re.compile(r"哪|几楼|怎么走|怎么去|几号|位置")
# What stands around the matter in such a question.
_AROUND = re.compile(
    r"请问|你们|那边|那个|这边|今天|明天|后天|周末|双休日?|(?:下?个?)?(?:周|星期|礼拜)[一二三四五六日天]|中午|上午|下午|"
    r"现在|业务|办理|有人|[办的在吗呢啊呀个号去是几楼哪里儿,。?! ]"
)


def asked_for(turn: Turn) -> Reply | None:
    """Where a matter's counters are, or when they are open; None where the text asks for something else."""
    matter = _matter(turn)
    if matter is None:
        return None
    view = turn.desk.catalogue
    if _PHONE.search(turn.text):
        return Reply(halls.phones(matter.name, _phones(matter), view, turn.desk.now), ways("phone"))
    places = [place for place in _places(view, matter.items) if not turn.halls or place.hall in turn.halls]
    if not places:
        return None
    return Reply(halls.counters(matter.name, places, view, turn.desk.now, turn.text), ways())


def _matter(turn: Turn) -> matters.Matter | None:
    """The matter of which counters, hours or telephone are asked, and nothing else."""
    asked = {mention.aspect for mention in turn.mentions}
    if not turn.text or asked - {"hours", "place", "conditions"}:
        return None
    of_counter = _COUNTER.search(turn.words) and ("hours" in asked or _WHERE.search(turn.words))
    if not of_counter and "hours" not in asked and not _PHONE.search(turn.text):
        return None
    left = _AROUND.sub("", _COUNTER.sub("", _PHONE.sub("", bare(turn.words, turn.mentions))))
    matter = matters.named(turn.desk.catalogue, left, "局中心方面")
    spoken_of = turn.desk.catalogue.get(turn.memory.item)
    if matter is None or (not of_counter and spoken_of in matter.items):
        return None
    return matter


def _phones(matter: matters.Matter) -> dict[str, str]:
    """The telephone of most items of each topic of a department; that of a topic itself."""
    found: dict[str, Counter[str]] = {}
    for item in matter.items:
        topic = matter.name if matter.is_topic else (item.topics or (matter.name,))[0]
        if item.phone:
            found.setdefault(topic, Counter())[item.phone] += 1
    return {topic: numbers.most_common(1)[0][0] for topic, numbers in found.items()}


def _places(view: CatalogueView, items: Sequence[Item]) -> list[Place]:
    """The counters that do the items, each once, in the order of the halls."""
    found = {
        (place.hall.code, place.counter): place for item in items for place in view.offered_at(item.code)
    }
    order = {code: number for number, code in enumerate(view.halls)}
    return sorted(found.values(), key=lambda place: (order[place.hall.code], place.counter))
