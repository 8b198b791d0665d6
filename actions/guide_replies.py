"""The answer to a guide question: which item, what about it, or what else the words ask for."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace

from actions import answers, browse, compare, counters, desk_replies, fallback_replies, finding, hall_replies
from actions.aspects import IN_WHOLE
from actions.memory import Pending
from actions.turn import Reply, Turn
from actions.wording import talk
from hall.catalogue.schema import Item

# Somebody of the family has died. 没了 and 走了 only right behind the person: 孩子身份证没了 is no death.
_BEREAVED = re.compile(
    r"(?:爸|妈|父亲|母亲|爷爷|奶奶|外公|外婆|老伴|丈夫|妻子|老公|老婆|爱人|亲人|家人|老人|岳父|岳母|公公|婆婆)"
    r"(?:刚|刚刚|已经|昨天|上个?月)?(?:去世|过世|离世|病故|(?:走了|没了|不在了)(?=$|[,。?! 怎要后]))"
    r"|(?:去世|过世|离世|病故)了"
)

Unanswered = Callable[[Turn], Awaitable[Reply]]


async def answer_question(turn: Turn, *, unknown: Unanswered | None = None) -> Reply:
    """The answer to a guide question, whatever intent it came by; `unknown` says that nothing fits."""
    reply = await _answered(turn, unknown)
    return replace(reply, text=f"{talk.condolence()}\n{reply.text}") if _BEREAVED.search(turn.text) else reply


async def _answered(turn: Turn, unknown: Unanswered | None) -> Reply:
    for other in (browse.chosen, compare.asked_for, browse.asked_for, counters.asked_for):
        if (reply := other(turn)) is not None:
            return reply
    if (desk := desk_replies.awaiting(turn)) and turn.text and answers.only_names(turn):
        return await desk_replies.at_desk(turn, desk)
    if hall_replies.asks_only_near(turn):
        return hall_replies.near(turn)
    if finding.stands_alone(turn) and (of_centre := hall_replies.in_own_words(turn)) is not None:
        return of_centre
    found = finding.find(turn)
    event = _life_event(turn, found)
    if event is not None:
        return event
    if isinstance(found, finding.Taken):
        return _of_item(turn, found.item)
    if isinstance(found, finding.NotNamed):
        return not_named(turn)
    _keep_aspects(turn)
    if isinstance(found, finding.Unsure):
        unlikely = found.confidence < finding.LIKELY
        of_centre = hall_replies.in_own_words(turn, clauses=True) if unlikely else None
        return of_centre or answers.offer(turn, found.items)
    return hall_replies.by_information(turn) or await (unknown or fallback_replies.unknown)(turn)


def _of_item(turn: Turn, item: Item) -> Reply:
    if hall_replies.asks_near(turn):
        turn.memory.item, turn.memory.pending = item.code, None
        return hall_replies.near(turn)
    return answers.about(turn, item, answers.asked(turn, item))


def not_named(turn: Turn) -> Reply:
    """A question without an item: about the centre itself, or which item."""
    of_centre = hall_replies.answer(turn) if turn.halls else hall_replies.of_centre(turn)
    if of_centre is not None:
        return of_centre
    _keep_aspects(turn)
    awaited = turn.memory.pending
    offered = finding.known_items(turn, turn.memory.candidates)
    if awaited is not None and awaited.kind == "item" and offered:
        return answers.offer(turn, offered)
    turn.memory.pending = Pending("item")
    said = hall_replies.hours_in_line(turn)
    return Reply("\n".join(filter(None, (said, talk.which_item()))), browse.topic_ways())


def _keep_aspects(turn: Turn) -> None:
    """Remember what was asked until it is clear about which item."""
    if not (turn.memory.aspects and answers.only_names(turn)):
        turn.memory.aspects = tuple(answers.asked_of_any(turn))


def _life_event(turn: Turn, found: finding.Found) -> Reply | None:
    """A life event, where the text names one and asks for nothing in particular about an item."""
    if not turn.text:
        return None
    event = browse.named_event(turn.desk.catalogue, turn.text)
    if event is None:
        return None
    asked = set(answers.asked_of_any(turn)) - {"whole", "process"}
    if isinstance(found, finding.Taken) and asked & IN_WHOLE:
        return None
    return browse.of_event(turn, event)
