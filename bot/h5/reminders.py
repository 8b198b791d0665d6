"""Where a citizen lets WeChat remind them: what would be told, what is left of each consent, WeChat's button.

The one page with a script: the JS-SDK turns `<wx-open-subscribe>` into a button that opens WeChat's popup.
What the citizen answers comes as WeChat's own event (`bot.notices.popups`), not from this page.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

import structlog
from aiohttp import web

from bot.h5.entrance import Visitor
from bot.h5.own import OwnPages
from bot.notices.templates import Templates
from bot.wechat.errors import WeChatError
from bot.wechat.jssdk import PageSignature, signed_for
from hall.notices import consents
from hall.notices.consents import Left
from hall.notices.kinds import Kind

log = structlog.get_logger(__name__)

SDK: Final = "https://res.wx.qq.com/open/js/jweixin-1.6.0.js"
_SDK_HOST: Final = "https://res.wx.qq.com"
MOST_A_POPUP: Final = 3
"""Templates in one popup: WeChat takes no more."""
_WORDS: Final[Mapping[Kind, str]] = {
    Kind.BOOKING_CONFIRMED: "约好了",
    Kind.BOOKING_CHANGED: "预约有变动",
    Kind.BOOKING_CANCELLED: "预约被取消",
    Kind.REMINDER_EVENING: "前一天晚上提醒",
    Kind.REMINDER_HOUR: "提前 1 小时提醒",
    Kind.CALLING_SOON: "快叫到您",
    Kind.CALLED: "轮到您",
    Kind.PASSED: "过号了",
    Kind.PLACE_FREE: "候补有空位",
    Kind.BANNED: "暂时不能预约",
    Kind.UNBANNED: "又可以预约",
    Kind.DAY_CLOSED: "约的那天不办公",
    Kind.APPEAL_DECIDED: "申诉有结果",
}


@dataclass(frozen=True, slots=True)
class Popups:
    """What asking takes: the account, its jsapi_ticket (raises WeChatError), its subscription templates.

    `script`: the JS-SDK; one of this server's own is the simulator's. `sms`: some notices go by SMS, too.
    """

    appid: str
    ticket: Callable[[], Awaitable[str]]
    subscriptions: Templates
    script: str = SDK
    sms: bool = False

    @property
    def simulated(self) -> bool:
        """Whether this is the simulator's account, whose phone is any browser."""
        return self.script.startswith("/")

    def policy(self, plain: str) -> str:
        """The page's Content-Security-Policy: `plain` and what the SDK and its tag need, no inline script."""
        scripts = "'self'" if self.simulated else f"'self' {_SDK_HOST}"
        # webcompt: and *.qq.com are where WeChat draws its tag, as its documentation asks for.
        return f"{plain}; script-src {scripts}; frame-src https://*.qq.com webcompt:"


@dataclass(frozen=True, slots=True)
class Told:
    """A template on the page: what it tells, and what is left of it in words."""

    id: str
    lasting: bool
    words: str
    left: str


class ReminderPage:
    """The handler of /h5/reminders. `policy` is the one of the pages without a script."""

    def __init__(self, own: OwnPages, policy: str) -> None:
        self._own = own
        self._policy = policy

    async def look(self, request: web.Request, visitor: Visitor) -> web.Response:
        """What can be had, and the button, where this browser can show it."""
        popups = self._own.desk.popups
        told: tuple[Told, ...] = ()
        signed: PageSignature | None = None
        in_wechat = False
        if popups is not None and popups.subscriptions:
            async with self._own.desk.read() as session:
                told = told_by(popups.subscriptions, await consents.left(session, visitor.openid))
            in_wechat = popups.simulated or "MicroMessenger" in request.headers.get("User-Agent", "")
            signed = await self._signed(popups, request, visitor) if in_wechat else None
        response = self._own.render(
            request,
            "reminders.html",
            popups=popups,
            told=told,
            in_wechat=in_wechat,
            signed=signed,
            askings=askings(told),
        )
        if popups is not None and signed is not None:
            response.headers["Content-Security-Policy"] = popups.policy(self._policy)
        return response

    async def _signed(self, popups: Popups, request: web.Request, visitor: Visitor) -> PageSignature | None:
        """The signature for this page; None where WeChat gives no ticket."""
        try:
            ticket = await popups.ticket()
        except WeChatError as error:
            log.warning("jsapi_ticket_missing", code=error.code)
            return None
        return signed_for(self._own.desk.links.address(request.rel_url.raw_path_qs), ticket, visitor.now)


def told_by(subscriptions: Templates, left: Mapping[str, Left]) -> tuple[Told, ...]:
    """The templates, each with all that it tells, in the order of the kinds."""
    kinds: dict[str, list[Kind]] = {}
    lasting: dict[str, bool] = {}
    for kind in Kind:
        if (template := subscriptions.get(kind)) is not None:
            kinds.setdefault(template.id, []).append(kind)
            lasting[template.id] = template.lasting
    return tuple(
        Told(name, lasting[name], "、".join(_WORDS[kind] for kind in found), _left(left.get(name)))
        for name, found in kinds.items()
    )


def askings(told: tuple[Told, ...]) -> tuple[tuple[Told, ...], ...]:
    """The templates by popup: at most three, one-time and long-term ones apart, as WeChat takes them."""
    kept = tuple(tuple(one for one in told if one.lasting is lasting) for lasting in (False, True))
    return tuple(
        each[start : start + MOST_A_POPUP] for each in kept for start in range(0, len(each), MOST_A_POPUP)
    )


def _left(left: Left | None) -> str:
    if left is None:
        return "还没有打开"
    return "一直有效" if left.lasting else f"还能提醒 {left.count} 次"
