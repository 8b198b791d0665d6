"""Words about booking: whether one must and how one does, and the wish to book whatever intent was seen."""

from __future__ import annotations

import re
from dataclasses import replace

from actions import answers, finding, hall_replies
from actions.booking.sentence import read_sentence
from actions.turn import Reply, Turn, Way

# Whether one must book, or how one does; 我要预约 is neither.
_ABOUT = re.compile(
    r"预约[吗么不]|约号[吗么不]|(?:怎么|如何|咋个?|哪里?|啥地方)(?:来|去|样)?(?:预约|约)|不(?:用|要)?(?:提前)?预?约.{0,6}[吗么]"
    r"|没(?:有)?预?约.{0,8}[吗么]|(?:需要|必须|非得|用不用|要不要|是不是要|得不得).{0,3}预?约"
)
# The wish stands first, and is no part of a name (网络预约出租汽车).
_WISH = re.compile(
    r"^(?:你好|您好|请问|麻烦|我|俺|请|你|您|能不能|可不可以|可以|能|想|要|需要|打算|准备|再|先|帮忙|帮|给|替|代|"
    r"爸|妈|爷爷|奶奶|老公|老婆|父亲|母亲|朋友|一下|[,。 ])*(?:预约(?!出租)|约(?![定束会谈摸])|挂个?号)"
)


# About an appointment that stands already.
_STANDING = re.compile(r"取消|退(?!休|役|伍|税|还|款)|撤|改[约期签到成]|换到|我约|的预约|约了|约的|约好")


def about_booking(turn: Turn) -> Reply | None:
    """The answer to 要预约吗 and the like; None where the words want to book."""
    if not turn.text or not _ABOUT.search(turn.text) or read_sentence(turn.text, turn.desk.now).tells:
        return None
    found = finding.find(turn)
    if isinstance(found, finding.Taken):
        reply = answers.about(turn, found.item, ["booking"])
        ways = [way for way in reply.ways if not way.payload.startswith("/book_appointment")]
        first = (Way.to("现在约", "book_appointment", item=found.item.code),) if found.item.bookable else ()
        return replace(reply, ways=(*first, *ways[-3:]))
    if isinstance(found, finding.Unsure):
        return None
    said = hall_replies.of_centre(turn) or hall_replies.in_own_words(turn)
    return replace(said, ways=(Way.to("现在约", "book_appointment"), *said.ways[:3])) if said else None


def wants_to_book(turn: Turn) -> bool:
    """Whether the words want to book, though another intent was seen in them."""
    text = turn.text
    if not text or _WISH.match(text) is None or _ABOUT.search(text) or _STANDING.search(text):
        return False
    aspects = {mention.aspect for mention in turn.mentions} - {"booking", "hours"}
    return not aspects
