"""All actions of the product, as the understanding takes them."""

from __future__ import annotations

from actions import (
    appointments,
    cases,
    fallback,
    feedback,
    guide,
    hall_info,
    human,
    my_data,
    papers,
    queue,
    smalltalk,
)
from actions.answering import Answering

_TOPICS = (
    appointments,
    cases,
    fallback,
    feedback,
    guide,
    hall_info,
    human,
    my_data,
    papers,
    queue,
    smalltalk,
)


def all_actions() -> list[Answering]:
    """An instance of every action that domain.yml names."""
    classes = {
        found
        for topic in _TOPICS
        for found in vars(topic).values()
        if isinstance(found, type) and issubclass(found, Answering) and found is not Answering
    }
    return [found() for found in sorted(classes, key=lambda found: found.action)]
