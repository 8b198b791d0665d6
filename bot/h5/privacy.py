"""The notice that a citizen consents to (个人信息处理告知): who, what, why, how long, with which rights."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from bot.h5.pages import Pages
from hall.notices.forgetting import KEPT as NOTICES_KEPT
from hall.wording.consent import CONSENT_WORDING

# How long a conversation is kept after its last word (days); the composition root sets it.
CONVERSATION_DAYS: Final = web.AppKey("conversation_days", int)
_USUAL_DAYS: Final = 180
_HOTLINE: Final = "12345"


class PrivacyPage:
    """The handler of /h5/privacy."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def look(self, request: web.Request) -> web.Response:
        """The notice."""
        view = self._pages.view
        hall = next(iter(view.halls.values()), None)
        return self._pages.render(
            request,
            "privacy.html",
            wording=CONSENT_WORDING,
            hall=hall,
            phone=(hall.phone if hall else "") or _HOTLINE,
            conversation_days=request.config_dict.get(CONVERSATION_DAYS, _USUAL_DAYS),
            notice_days=NOTICES_KEPT.days,
        )
