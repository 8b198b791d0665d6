"""The citizen's own data: showing, correcting, a copy of it, erasing it, withdrawing one's consent."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

from actions import matters, situations
from actions.answering import Answering
from actions.guide_replies import answer_question
from actions.people import data, own_form
from actions.people.data import Held
from actions.people.questions import HUMAN, privacy_url
from actions.turn import Reply, Turn, Way
from actions.wording import desks
from actions.wording import people as people_wording
from actions.wording import people_data as wording
from hall.people import service as people
from hall.people.errors import UnknownPerson

_ERASE = "erase"
# Citizens speak of them as data that are kept about them (我的身份证照片).
_KEPT_ALIKE = frozenset({"身份证"})
# Without one of these words a text is not about what is kept here (注销).
_DATA = re.compile(
    r"我|你们|信息|资料|数据|隐私|账[号户]|绑|授权|同意|记录|手机|电话|照片|实名|个人|地址|名字|姓名|销号|清|删"
)
_MOST_OTHERS = 4
_FIELDS = (("姓名", "name"), ("身份证号", "id_number"), ("手机号", "phone"))
# What a text asks to be done with the data, the first that fits.
_ASKED = (
    ("withdraw", re.compile(r"撤[回销]|取消.{0,4}(?:授权|同意)|不(?:再)?(?:同意|授权)了?$|解除授权")),
    (
        "why",
        re.compile(r"卖|泄[露漏]|安全|保密|第三方|[做干]什么用|隐私|[存留]多久|怎么[存保]|信息(?:保护|处理)"),
    ),
    ("looked", re.compile(r"谁.{0,4}(?:看|查|用)|(?:查看|访问|使用)(?:的)?记录|被.{0,3}(?:看|查)过")),
    (
        "people",
        re.compile(r"(?:删|去|清|移).{0,4}(?:掉|除)?.{0,6}(?:妈|爸|孩子|朋友|一个人|那个人|老人|同事|家人)"),
    ),
    ("erase", re.compile(r"删|注销|销号|清[空掉除]|抹[掉去]|忘[掉了]我")),
    ("copy", re.compile(r"导出|一份|拷贝|副本|下载|带走|完整|全部内容")),
    ("fill", re.compile(r"改|错了?|换(?:了|成|个)?|更新|填|登记一下|录|绑定")),
)


class MyData(Answering):
    """my_data."""

    action = "action_my_data"
    gives_way = "always"
    goes_on = False

    async def answer(self, turn: Turn) -> Reply:
        """What is kept, or what the citizen chose to do with it."""
        if turn.given("info") == _ERASE:
            turn.memory.clear()
            return Reply(desks.forgotten())
        if turn.text and not _is_about_data(turn):
            return await answer_question(turn)
        return await _DO.get(_asked(turn), _show)(turn)


def _asked(turn: Turn) -> str:
    if turn.text:
        return next((name for name, words in _ASKED if words.search(turn.text)), "")
    return turn.given("do")


async def _show(turn: Turn) -> Reply:
    if turn.desk.vault is None:
        return Reply(wording.nothing(_conversation(turn)), _conversation_ways(turn))
    held = await _held(turn)
    if not held.anything:
        fill = _way("先填好我的信息", "fill")
        return Reply(wording.nothing(_conversation(turn)), (*_conversation_ways(turn)[:-1], fill, HUMAN))
    lines = [
        wording.shown(held.known.own, held.known.others, held.consent, held.kept),
        wording.looked(held.accesses),
        _conversation(turn),
        wording.how_long(privacy_url(turn)),
    ]
    third = _way("删掉一个人", "people") if held.known.others else _way("谁看过", "looked")
    ways = (
        _way("修改或补填", "fill"),
        _way("看完整的、下载", "copy"),
        third,
        _way("全部删掉", "erase"),
        _way("撤回同意", "withdraw"),
    )
    return Reply("\n".join(lines), ways)


async def _why(turn: Turn) -> Reply:
    return Reply(people_wording.why(privacy_url(turn)), (own_form.SHOW, HUMAN))


async def _looked(turn: Turn) -> Reply:
    return Reply(wording.accesses((await _held(turn)).accesses), (own_form.SHOW, HUMAN))


async def _copy(turn: Turn) -> Reply:
    if turn.desk.link is None:
        return Reply(wording.no_copy(), (HUMAN,))
    return Reply(wording.copy(turn.desk.link("/h5/my-data")), (own_form.SHOW, HUMAN))


async def _fill(turn: Turn) -> Reply:
    """Fill in what is missing; where nothing is, ask what is to be corrected."""
    own = (await _held(turn)).known.own
    named = next((field for word, field in _FIELDS if word[:2] in turn.text), turn.given("value"))
    if own is None or not own.phone:
        return await own_form.begin(turn, {"for": "self"})
    if named in {field for _, field in _FIELDS}:
        return await own_form.begin(turn, {"for": "self", "redo": named})
    ways = [_way(title, "fill", field) for title, field in _FIELDS]
    return Reply(wording.what_to_change(), (*ways, _way("记一个替办的人", "fill_other"), own_form.SHOW))


async def _fill_other(turn: Turn) -> Reply:
    return await own_form.begin(turn, {"for": "other", "new": True})


async def _people(turn: Turn) -> Reply:
    others = (await _held(turn)).known.others
    if not others:
        return await _show(turn)
    ways = [
        _way(" ".join(part for part in (person.called, person.name) if part), "remove", str(person.id))
        for person in others[:_MOST_OTHERS]
    ]
    return Reply(wording.whom_to_remove(), (*ways, own_form.SHOW))


async def _remove(turn: Turn) -> Reply:
    value = turn.given("value")
    person = (await _held(turn)).known.person(int(value)) if value.isdecimal() else None
    if person is None or person.own:
        return Reply(wording.gone_already(), (own_form.SHOW,))
    return Reply(wording.remove(person), (_way("确定删掉", "remove_sure", value), _way("不删了", "keep")))


async def _remove_sure(turn: Turn) -> Reply:
    value = turn.given("value")
    async with turn.desk.session() as session:
        held = await data.held(turn.desk, session)
        person = held.known.person(int(value)) if value.isdecimal() else None
        if person is None or person.own or held.citizen_id is None:
            return Reply(wording.gone_already(), (own_form.SHOW,))
        try:
            await people.remove(session, held.citizen_id, person.id)
        except UnknownPerson:
            return Reply(wording.gone_already(), (own_form.SHOW,))
    return Reply(wording.removed(person.called or person.name), (own_form.SHOW,))


async def _erase(turn: Turn) -> Reply:
    held = await _held(turn)
    if not held.anything:
        return await _erase_sure(turn)
    text = wording.before_erasing(held.kept, len(held.known.others))
    return Reply(text, (_way("确定全部删掉", "erase_sure"), _way("不删了", "keep"), HUMAN))


async def _erase_sure(turn: Turn) -> Reply:
    async with turn.desk.session() as session:
        held = await data.held(turn.desk, session)
        whole = await data.erase(turn.desk, session, why="the citizen asked for it")
    turn.memory.clear()
    turn.desk.forget()
    return Reply(wording.erased(held.kept, whole=whole) if held.anything else wording.nothing_to_erase())


async def _withdraw(turn: Turn) -> Reply:
    held = await _held(turn)
    if not held.known.consent:
        return Reply(wording.nothing_to_withdraw(), _conversation_ways(turn))
    text = wording.before_withdrawing(held.kept)
    return Reply(text, (_way("确定撤回", "withdraw_sure"), _way("不撤了", "keep"), HUMAN))


async def _withdraw_sure(turn: Turn) -> Reply:
    async with turn.desk.session() as session:
        held = await data.held(turn.desk, session)
        if not held.known.consent:
            return Reply(wording.nothing_to_withdraw(), (HUMAN,))
        whole = await data.erase(turn.desk, session, why="the citizen withdrew their consent")
    turn.memory.form = None
    return Reply(wording.withdrawn(held.kept, whole=whole), (own_form.SHOW, HUMAN))


async def _keep(turn: Turn) -> Reply:
    return Reply(wording.kept_after_all(), (own_form.SHOW,))


_DO: dict[str, Callable[[Turn], Awaitable[Reply]]] = {
    "why": _why,
    "looked": _looked,
    "copy": _copy,
    "fill": _fill,
    "fill_other": _fill_other,
    "people": _people,
    "remove": _remove,
    "remove_sure": _remove_sure,
    "erase": _erase,
    "erase_sure": _erase_sure,
    "withdraw": _withdraw,
    "withdraw_sure": _withdraw_sure,
    "keep": _keep,
}


async def _held(turn: Turn) -> Held:
    async with turn.desk.read() as session:
        return await data.held(turn.desk, session)


def _way(title: str, do: str, value: str = "") -> Way:
    return Way.to(title, "my_data", do=do, **({"value": value} if value else {}))


def _conversation(turn: Turn) -> str:
    memory = turn.memory
    item = turn.desk.catalogue.get(memory.item)
    if item is None:
        return wording.conversation(())
    labels = situations.labels(item, memory.known(memory.item))
    return wording.conversation([f"您最近问的是【{item.name}】", *(f"您选过:{label}" for label in labels)])


def _conversation_ways(turn: Turn) -> tuple[Way, ...]:
    known = turn.desk.catalogue.get(turn.memory.item) is not None
    clear = (Way.to("清掉", "my_data", info=_ERASE),) if known else ()
    return (*clear, HUMAN)


def _is_about_data(turn: Turn) -> bool:
    """Whether a text is about what this conversation keeps, not what an office does (医保里登记的手机号)."""
    if not _DATA.search(turn.text):
        return False
    return not matters.speaks_of_any(turn.desk.catalogue, turn.text, but=_KEPT_ALIKE)
