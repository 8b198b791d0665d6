"""The guide questions: how something is done, and one line of it. One action for each asking intent."""

from __future__ import annotations

from actions.answering import Answering
from actions.guide_replies import answer_question
from actions.turn import Reply, Turn


class _GuideQuestion:
    """What the asking actions have in common; no action by itself, so that no nameless one is registered."""

    async def answer(self, turn: Turn) -> Reply:
        """Answer what was asked about the item that was named."""
        return await answer_question(turn)


class Guide(_GuideQuestion, Answering):
    """ask_guide."""

    action = "action_guide"


class Materials(_GuideQuestion, Answering):
    """ask_materials."""

    action = "action_materials"


class Conditions(_GuideQuestion, Answering):
    """ask_conditions."""

    action = "action_conditions"


class Process(_GuideQuestion, Answering):
    """ask_process."""

    action = "action_process"


class TimeLimit(_GuideQuestion, Answering):
    """ask_time_limit."""

    action = "action_time_limit"


class FeeQuestion(_GuideQuestion, Answering):
    """ask_fee."""

    action = "action_fee"


class PlaceQuestion(_GuideQuestion, Answering):
    """ask_place."""

    action = "action_place"


class HoursQuestion(_GuideQuestion, Answering):
    """ask_hours."""

    action = "action_hours"


class Online(_GuideQuestion, Answering):
    """ask_online."""

    action = "action_online"


class Proxy(_GuideQuestion, Answering):
    """ask_proxy."""

    action = "action_proxy"


class ResultQuestion(_GuideQuestion, Answering):
    """ask_result."""

    action = "action_result"
