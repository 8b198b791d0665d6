"""The answer to a guide question: which item, what about it, or what else the words ask for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from actions import answers, browse, compare, desk_replies, fallback_replies, finding, hall_replies
from actions.aspects import IN_WHOLE
from actions.memory import Pending
from actions.turn import Reply, Turn
from actions.wording import talk

Unanswered = Callable[[Turn], Awaitable[Reply]]


async def answer_question(turn: Turn, *, unknown: Unanswered | None = None) -> Reply:
    """The answer to a guide question, whatever intent it came by; `unknown` says that nothing fits."""
    for other in (browse.chosen, compare.asked_for, browse.asked_for, hall_replies.counters):
        if (reply := other(turn)) is not None:
            return reply
    if (desk := desk_replies.awaiting(turn)) and turn.text and answers.only_names(turn):
        return await desk_replies.at_desk(turn, desk)
    found = finding.find(turn)
    event = _life_event(turn, found)
    if event is not None:
        return event
    if isinstance(found, finding.Taken):
        return answers.about(turn, found.item, answers.asked(turn, found.item))
    if isinstance(found, finding.NotNamed):
        return not_named(turn)
    _keep_aspects(turn)
    if isinstance(found, finding.Unsure):
        return answers.offer(turn, found.items)
    if (of_centre := hall_replies.by_information(turn)) is not None:
        return of_centre
    return await (unknown or fallback_replies.unknown)(turn)


def not_named(turn: Turn) -> Reply:
    """A question without an item: about the centre itself, or which item."""
    of_centre = hall_replies.of_centre(turn)
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
