"""Appealing (申诉) in chat against what stands against booking: the reason, and what became of it."""

from __future__ import annotations

import re

from actions import forms
from actions.booking import place
from actions.booking.refusals import HUMAN
from actions.booking.times import INTENT
from actions.turn import Reply, Turn, Way
from actions.wording import bans
from hall.appointments import service as desk
from hall.appointments.service import AppealView
from hall.people.citizens import citizen_id_of, register

KIND = "appeal"

# 申诉 alone, or beside what it is about; 劳动仲裁申诉 is an item's affair.
_APPEALS = re.compile(
    r"^(?:我|俺)?(?:要|想|想要|怎么|如何|可以|能)*(?:去|来|提|提出|提交|补充)?(?:一?个)?申诉"
    r"(?:一?下)?(?:吗|吧)?[:,。 ]*(?P<reason>.*)$",
    re.S,
)
_ABOUT = re.compile(r"预约|约[号不]|爽约|黑名单|限制|失约|没来|没去")
_ASKS_STATE = re.compile(r"申诉.{0,8}(?:怎么样|结果|过了|通过|进度|批|处理|到哪|多久|好了)")
_LIFT = re.compile(r"(?:解除|取消|移出|撤销).{0,4}(?:黑名单|约号限制|预约限制|限制预约|禁约)")
# Fewer characters give no reason (因为).
_SHORTEST = 4
_QUESTION = re.compile(r"[吗呢?]$|怎么|多久|什么时候|几点|在哪")


async def heard(turn: Turn) -> Reply | None:
    """What is said to words about an appeal; None where they are about something else."""
    text = turn.text.strip()
    if not text or ("申诉" not in text and _LIFT.search(text) is None):
        return None
    if _ASKS_STATE.search(text):
        return await _state(turn)
    if _LIFT.search(text):
        return await begin(turn)
    found = _APPEALS.match(text)
    if found is None:
        return await begin(turn, text) if _ABOUT.search(text) else None
    reason = found["reason"].strip()
    if reason and not (_ABOUT.search(text) or await _concerned(turn)):
        return None
    return await begin(turn, reason)


async def begin(turn: Turn, reason: str = "") -> Reply:
    """Ask for the reason, or record the one that was said."""
    standing = await place.standing(turn)
    opened = await _opened(turn)
    if standing.clear and opened is None:
        return Reply(bans.nothing_against(), (Way.to("约一个", INTENT), HUMAN))
    if len(reason) >= _SHORTEST:
        return await _record(turn, reason)
    if opened is not None:
        return Reply(bans.appeal_open(opened.id, opened.created, turn.desk.now), (HUMAN,))
    await forms.start(turn, {"kind": KIND})
    turn.memory.pending = None
    return Reply(bans.appeal_reason(), (Way.to("先不申诉", "stop"), HUMAN))


async def _record(turn: Turn, reason: str) -> Reply:
    assert turn.desk.vault is not None  # noqa: S101 - every desk of the product has one
    async with place.changing(turn) as session:
        citizen = await register(session, turn.desk.citizen, now=turn.desk.now)
        number = await desk.appeal(session, turn.desk.vault.seal, citizen, reason, now=turn.desk.now)
    if turn.memory.form is not None and turn.memory.form["kind"] == KIND:
        turn.memory.form = None
    return Reply(bans.appeal_kept(number), (Way.to("现在人多吗", "ask_queue"), HUMAN))


async def _state(turn: Turn) -> Reply:
    """What became of the last appeal."""
    found = await _appeals(turn)
    if not found:
        return await begin(turn)
    last = found[-1]
    if last.state == "open":
        return Reply(bans.appeal_open(last.id, last.created, turn.desk.now), (HUMAN,))
    text = bans.appeal_decided(last.id, granted=last.state == "granted", reason=last.reason)
    way = Way.to("约一个", INTENT) if last.state == "granted" else Way.to("再申诉", INTENT, do="appeal")
    return Reply(text, (way, HUMAN))


async def _concerned(turn: Turn) -> bool:
    """Whether the citizen has anything to appeal against."""
    return not (await place.standing(turn)).clear or await _opened(turn) is not None


async def _opened(turn: Turn) -> AppealView | None:
    return next((found for found in await _appeals(turn) if found.state == "open"), None)


async def _appeals(turn: Turn) -> tuple[AppealView, ...]:
    if turn.desk.vault is None:
        return ()
    async with turn.desk.read() as session:
        citizen = await citizen_id_of(session, turn.desk.citizen)
        if citizen is None:
            return ()
        return await desk.appeals(session, turn.desk.vault.seal, citizen_id=citizen)


class AppealForm:
    """Waits for the reason."""

    async def take(self, turn: Turn) -> Reply | None:
        """Record the reason; None for a question in between."""
        text = turn.text.strip()
        if not text or turn.mentions or _QUESTION.search(text) or len(text) < _SHORTEST:
            return None
        return await _record(turn, text)

    async def again(self, turn: Turn) -> Reply:
        """Why, once more."""
        return Reply(bans.appeal_again(), (Way.to("先不申诉", "stop"), HUMAN))

    def leave(self, turn: Turn) -> str:
        """Nothing was recorded."""
        return bans.appeal_left()


forms.register(KIND, AppealForm())
