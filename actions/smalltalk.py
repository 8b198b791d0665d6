"""Greetings, thanks, yes and no, stop, help: short, and never in the way of a question that comes along."""

from __future__ import annotations

import re
from dataclasses import replace

from actions import answers, browse, finding, forms, kept_questions
from actions.answering import Answering
from actions.aspects import names_something
from actions.guide_replies import answer_question
from actions.memory import ANY
from actions.turn import Reply, Turn
from actions.wording import talk

# Not the item that was taken to be meant.
_DENIAL = re.compile(
    r"^(?:哎|诶|啊)?(?:不是|不对|错了?|搞错了|弄错了|不要)(?:这个|那个|这件事|的|了)?[,。!? ]*"
    r"(?:我)?(?:是?(?:说|问|要办?|想办?|要问|想问)的?(?:是|事)?|是)?[,:]?"
)
_WRONG = re.compile(r"不是(?:这|那|我要|我问|问)|不对|错了|搞错|弄错|答非所问")


class Greet(Answering):
    """greet."""

    action = "action_greet"

    async def answer(self, turn: Turn) -> Reply:
        """A greeting with the centre's name; a question that came with it is answered instead."""
        if turn.mentions or (turn.text and names_something(turn.text, turn.mentions) and _found(turn)):
            return await answer_question(turn)
        top = next((c.name for c in turn.desk.catalogue.centres.values() if c.parent is None), "政务服务中心")
        return Reply(response="utter_greet", values={"centre": top})


class Thanks(Answering):
    """thanks."""

    action = "action_thanks"

    async def answer(self, turn: Turn) -> Reply:
        """You're welcome."""
        return await answer_question(turn) if turn.mentions else Reply(response="utter_thanks")


class Goodbye(Answering):
    """goodbye."""

    action = "action_goodbye"

    async def answer(self, turn: Turn) -> Reply:
        """Farewell; 再问一下 is none."""
        return (
            await answer_question(turn)
            if turn.mentions or "问" in turn.text
            else Reply(response="utter_goodbye")
        )


class Affirm(Answering):
    """affirm."""

    action = "action_affirm"

    async def answer(self, turn: Turn) -> Reply:
        """Yes: to the one item that was offered."""
        pending = turn.memory.pending
        offered = finding.known_items(turn, turn.memory.candidates)
        if pending is not None and pending.kind == "item" and offered:
            if len(offered) > 1:
                return answers.offer(turn, offered)
            return answers.about(turn, offered[0], list(turn.memory.aspects) or ["whole"])
        return Reply(response="utter_affirm")


class Deny(Answering):
    """deny: no; also 不是这件事 and 以上都不是, which come as choices."""

    action = "action_deny"
    goes_on = False

    async def answer(self, turn: Turn) -> Reply:
        """What else may have been meant; ways to find it where nothing is left to offer."""
        if (instead := _instead(turn)) is not None:
            return await answer_question(instead)
        wrong = turn.given("item")
        pending = turn.memory.pending
        if wrong and wrong != ANY:
            return await _others(turn, wrong)
        if wrong == ANY or (pending is not None and pending.kind == "item"):
            return await _rejected(turn)
        if turn.memory.item and _WRONG.search(turn.text):
            return await _others(turn, turn.memory.item)
        turn.memory.pending = None
        return Reply(response="utter_deny")


class Stop(Answering):
    """stop."""

    action = "action_stop"
    goes_on = False

    async def answer(self, turn: Turn) -> Reply:
        """Leave whatever is going on, and say so."""
        left = await forms.leave(turn)
        running = turn.memory.pending is not None
        turn.memory.settle()
        if left:
            return Reply(left)
        return Reply(response="utter_stopped" if running else "utter_nothing_to_stop")


class Help(Answering):
    """help."""

    action = "action_help"
    goes_on = False

    async def answer(self, turn: Turn) -> Reply:
        """What the bot can do."""
        return Reply(response="utter_help")


def _instead(turn: Turn) -> Turn | None:
    """The turn with what is meant instead (不是,我说的是身份证丢了); None where nothing is named."""
    meant = replace(turn, text=_DENIAL.sub("", turn.text))
    if not turn.text or meant.text == turn.text:
        return None
    return meant if finding.likely(meant) else None


def _found(turn: Turn) -> bool:
    return isinstance(finding.find(turn), finding.Taken | finding.Unsure)


async def _others(turn: Turn, wrong: str) -> Reply:
    """The items next to the one wrongly taken: what the search had behind it, then its siblings."""
    memory = turn.memory
    behind = memory.candidates if wrong in memory.candidates else ()
    codes = dict.fromkeys(code for code in behind if code != wrong)
    if wrong in turn.desk.catalogue.items:
        codes |= dict.fromkeys(item.code for item in turn.desk.catalogue.siblings(wrong))
    if memory.item == wrong:
        memory.item = ""
    items = finding.known_items(turn, codes)
    return answers.offer(turn, items, talk.other_items()) if items else await _rejected(turn)


async def _rejected(turn: Turn) -> Reply:
    """None of what was offered: the question is kept for the admin, who can give an item its next alias."""
    kept = await kept_questions.keep(turn, turn.memory.offered_for)
    turn.memory.pending = None
    turn.memory.item = ""
    return Reply(talk.rejected(kept=kept), browse.topic_ways())
