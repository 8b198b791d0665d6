"""Questions about booking itself: whether one must, how one does."""

from __future__ import annotations

from actions import answers, finding, hall_replies
from actions.booking.sentence import read_sentence
from actions.turn import Reply, Turn, Way


def about_booking(turn: Turn) -> Reply | None:
    """The answer to 要预约吗 and the like; None where the words want to book."""
    if not turn.text or all(mention.aspect != "booking" for mention in turn.mentions):
        return None
    said = read_sentence(turn.text, turn.desk.now)
    if said.tells:
        return None
    found = finding.find(turn)
    if isinstance(found, finding.Taken):
        reply = answers.about(turn, found.item, ["booking"])
        return Reply(
            reply.text, (Way.to("现在约", "book_appointment", item=found.item.code), *reply.ways[1:])
        )
    if isinstance(found, finding.Unsure):
        return None
    return hall_replies.of_centre(turn)
