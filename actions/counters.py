"""Where the counters of a matter are, and when they are open: 社保窗口在几楼, 周六公积金窗口上班吗."""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions import matters
from actions.aspects import bare
from actions.hall_replies import ways
from actions.turn import Reply, Turn
from actions.wording import halls
from hall.catalogue.schema import Item
from hall.catalogue.view import CatalogueView, Place

_COUNTER = re.compile(r"窗口|柜台")
_WHERE = re.compile(r"哪|几楼|怎么走|怎么去|几号|位置")
# What stands around the matter in such a question.
_AROUND = re.compile(
    r"请问|你们|那边|那个|这边|今天|明天|后天|周末|双休日?|(?:下?个?)?(?:周|星期|礼拜)[一二三四五六日天]|中午|上午|下午|"
    r"现在|业务|办理|有人|[办的在吗呢啊呀个号去是几楼哪里儿,。?! ]"
)


def asked_for(turn: Turn) -> Reply | None:
    """Where a matter's counters are, or when they are open; None where the text asks for something else."""
    if not _COUNTER.search(turn.words):
        return None
    asks_when = any(mention.aspect == "hours" for mention in turn.mentions)
    if not asks_when and not _WHERE.search(turn.words):
        return None
    left = _AROUND.sub("", _COUNTER.sub("", bare(turn.words, turn.mentions)))
    matter = matters.named(turn.desk.catalogue, left, "局中心方面")
    if matter is None:
        return None
    view = turn.desk.catalogue
    places = [place for place in _places(view, matter.items) if not turn.halls or place.hall in turn.halls]
    if not places:
        return None
    return Reply(halls.counters(matter.name, places, view, turn.desk.now, turn.text), ways())


def _places(view: CatalogueView, items: Sequence[Item]) -> list[Place]:
    """The counters that do the items, each once, in the order of the halls."""
    found = {
        (place.hall.code, place.counter): place for item in items for place in view.offered_at(item.code)
    }
    order = {code: number for number, code in enumerate(view.halls)}
    return sorted(found.values(), key=lambda place: (order[place.hall.code], place.counter))
