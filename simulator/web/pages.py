"""The page, its files, the citizens' media, and the page of the web authorisation."""

from __future__ import annotations

import secrets
from pathlib import Path
from urllib.parse import unquote, urlencode, urlsplit

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from simulator.oauth import AuthorizeError, AuthorizeRequest, check_request, redirect_target
from simulator.platform import Platform

HERE = Path(__file__).parent
# Whose phone a link was opened on: set by the page, so that snsapi_base needs no question.
WHO = "simulator_citizen"
SNAPSHOT = "snapshot"


class Pages:
    """Handlers of what a browser shows."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined
        )

    async def index(self, request: web.Request) -> web.Response:
        """Show the phone."""
        if not request.path.endswith("/"):
            raise web.HTTPPermanentRedirect(f"{request.path}/")
        return self._page("index.html", account_name=self._platform.settings.account_name)

    async def media(self, request: web.Request) -> web.Response:
        """Show a picture of the chat, also one the platform no longer gives out."""
        media = self._platform.media.show(request.match_info["media_id"])
        if media is None:
            raise web.HTTPNotFound(text="没有这个文件")
        return web.Response(body=media.data, content_type=media.content_type)

    async def authorize(self, request: web.Request) -> web.Response:
        """Serve connect/oauth2/authorize: ask who it is, unless the phone is known and the scope silent."""
        settings = self._platform.settings
        callback_host = urlsplit(settings.callback_url).hostname or ""
        query = dict(request.query)
        try:
            wanted = check_request(query, settings.appid, settings.redirect_hosts | {callback_host})
        except AuthorizeError as error:
            return self._page("authorize.html", status=400, error=str(error), choices=[], snapshot="")
        who = query.get("as", "")
        if not who and wanted.scope == "snsapi_base":
            who = unquote(request.cookies.get(WHO, ""))
        if who == SNAPSHOT:
            raise web.HTTPFound(self._grant(f"o{secrets.token_urlsafe(20)}", wanted, snapshot=True))
        if self._platform.citizens.get(who):
            raise web.HTTPFound(self._grant(who, wanted))
        choices = [
            {"name": citizen.name, "href": _asking({**query, "as": citizen.openid})}
            for citizen in self._platform.citizens.everyone()
        ]
        snapshot = _asking({**query, "as": SNAPSHOT})
        return self._page("authorize.html", error="", choices=choices, snapshot=snapshot)

    def _grant(self, openid: str, wanted: AuthorizeRequest, *, snapshot: bool = False) -> str:
        platform = self._platform
        code = platform.codes.give(openid, wanted.scope, platform.now(), snapshot=snapshot)
        return redirect_target(wanted, code)

    def _page(self, template: str, *, status: int = 200, **values: object) -> web.Response:
        text = self._templates.get_template(template).render(**values)
        return web.Response(text=text, content_type="text/html", status=status)


def _asking(query: dict[str, str]) -> str:
    return f"authorize?{urlencode(query)}"
