"""The platform's API as the product uses it. Every method raises `bot.wechat.errors.WeChatError`.

Ours and not wechatpy's: that one blocks the loop, knows no stable_token and fetches tokens without end
when one stays rejected. Here a rejected token is replaced once and the call repeated once; a call that
the platform was too busy for is repeated a few times; a message whose fate is unknown never.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import aiohttp
from redis.asyncio import Redis
from tenacity import AsyncRetrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from bot.wechat.answers import OAuthUser, OnlineAgent, SceneCode, raise_for_code, required
from bot.wechat.errors import (
    TOKEN_CODES,
    AccountProblem,
    BadMessage,
    Busy,
    TokenRejected,
    WeChatError,
)
from bot.wechat.media import Media, opened
from bot.wechat.token import Grant, TokenStore
from bot.wechat.transport import JSON_HEADERS, MEDIA_TIMEOUT, TIMEOUT, encoded, exchange

_T = TypeVar("_T")
_BUSY_ATTEMPTS: Final = 3
_BUSY_SECONDS: Final = 0.2
_BUSY_MAX_SECONDS: Final = 2.0
_NO_MENU: Final = 46003


class WeChatClient:
    """The API of one account. The session belongs to the caller; its keep-alive should stay at aiohttp's
    15 s, below the platform's own, so that no send is lost on a connection that is just being closed.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        redis: Redis,
        *,
        base: str,
        appid: str,
        secret: str,
    ) -> None:
        self._session = session
        self._base = base.rstrip("/")
        self._appid = appid
        self._secret = secret
        self.tokens = TokenStore(redis, appid, self._fetch_token)
        self._tickets = TokenStore(redis, appid, self._fetch_ticket, "jsapi_ticket")

    # --- customer-service messages

    async def send_text(self, openid: str, text: str) -> None:
        """One text of at most 600 characters (see `bot.wechat.split`)."""
        await self.send_custom(openid, {"msgtype": "text", "text": {"content": text}})

    async def send_msgmenu(
        self, openid: str, head: str, items: Sequence[tuple[str, str]], tail: str = ""
    ) -> None:
        """Choices to tap, as (id, text); verified accounts only (BadMessage 40200 on others)."""
        choices = [{"id": key, "content": text} for key, text in items]
        menu = {"head_content": head, "list": choices, "tail_content": tail}
        await self.send_custom(openid, {"msgtype": "msgmenu", "msgmenu": menu})

    async def send_custom(self, openid: str, payload: Mapping[str, Any]) -> None:
        """Any customer-service message: `payload` is the platform's form without `touser`."""
        await self._post("message/custom/send", {"touser": openid, **payload})

    async def typing(self, openid: str, *, on: bool = True) -> None:
        """Show or end 对方正在输入."""
        command = "Typing" if on else "CancelTyping"
        await self._post("message/custom/typing", {"touser": openid, "command": command}, repeatable=True)

    # --- notices

    async def send_template(
        self,
        openid: str,
        template_id: str,
        data: Mapping[str, str],
        *,
        url: str = "",
        client_msg_id: str = "",
    ) -> str:
        """A template message; its id. The platform drops a second one with the same `client_msg_id`."""
        payload: dict[str, Any] = {"touser": openid, "template_id": template_id, "data": _values(data)}
        payload |= {"url": url} if url else {}
        payload |= {"client_msg_id": client_msg_id} if client_msg_id else {}
        return str((await self._post("message/template/send", payload)).get("msgid", ""))

    async def send_subscribe(
        self, openid: str, template_id: str, data: Mapping[str, str], *, page: str = ""
    ) -> None:
        """A subscription notice, to who consented to it (NotAllowedByCitizen otherwise)."""
        payload: dict[str, Any] = {"touser": openid, "template_id": template_id, "data": _values(data)}
        await self._post("message/subscribe/bizsend", payload | ({"page": page} if page else {}))

    # --- media

    @contextlib.asynccontextmanager
    async def download_media(self, media_id: str, *, max_bytes: int) -> AsyncIterator[Media]:
        """Open a citizen's photo, voice or video for streaming; it lives for 3 days.

        Raises BadMedia when it is gone or larger than `max_bytes`, Unavailable when it may come later.
        """
        async with contextlib.AsyncExitStack() as stack:

            async def attempt(token: str) -> Media:
                params = {"access_token": token, "media_id": media_id}
                download = opened(self._session, self._url("media/get"), params, max_bytes)
                return await stack.enter_async_context(download)

            yield await self._persisting(attempt)

    async def upload_temp_media(self, kind: str, content: bytes, *, filename: str, content_type: str) -> str:
        """Put an image, voice, video or thumb there for 3 days; its media_id."""

        def form() -> aiohttp.FormData:
            # Built anew for each attempt: a form that was sent once is empty.
            data = aiohttp.FormData()
            data.add_field("media", content, filename=filename, content_type=content_type)
            return data

        async def attempt(token: str) -> dict[str, Any]:
            return await self._exchange(
                "POST", "media/upload", {"access_token": token, "type": kind}, form(), repeatable=True
            )

        return required(await self._persisting(attempt), "media_id")

    # --- the account

    async def create_menu(self, menu: Mapping[str, Any]) -> None:
        """Replace the account's menu (see `bot.wechat.menu`)."""
        await self._post("menu/create", menu, repeatable=True)

    async def get_menu(self) -> dict[str, Any] | None:
        """The menu as citizens see it, None when there is none."""
        try:
            menu = (await self._get("menu/get")).get("menu")
        except WeChatError as error:
            if error.code == _NO_MENU:
                return None
            raise
        return menu if isinstance(menu, dict) else None

    async def online_kf(self) -> list[OnlineAgent]:
        """Who is signed in to WeChat's own service desk now."""
        found = (await self._get("customservice/getonlinekflist")).get("kf_online_list") or []
        return [OnlineAgent(required(one, "kf_account"), int(one.get("accepted_case", 0))) for one in found]

    async def callback_ips(self) -> list[str]:
        """The addresses WeChat pushes from (single ones or networks)."""
        return [str(address) for address in (await self._get("getcallbackip")).get("ip_list") or []]

    async def create_qr(self, scene: str, seconds: int | None = 2_592_000) -> SceneCode:
        """A QR code for `scene` (1 to 64 characters), for at most 30 days.

        `seconds=None`: for good; an account has 100 000 of those.
        """
        if not 1 <= len(scene) <= 64:
            raise BadMessage(0, "a scene has 1 to 64 characters")
        payload: dict[str, Any] = {"action_info": {"scene": {"scene_str": scene}}}
        if seconds is None:
            payload |= {"action_name": "QR_LIMIT_STR_SCENE"}
        else:
            payload |= {"action_name": "QR_STR_SCENE", "expire_seconds": seconds}
        answer = await self._post("qrcode/create", payload, repeatable=True)
        return SceneCode(required(answer, "ticket"), required(answer, "url"))

    async def oauth_user(self, code: str) -> OAuthUser:
        """Who a page's OAuth code stands for. A code works once and for 5 minutes (BadMessage after)."""
        params = {
            "appid": self._appid,
            "secret": self._secret,
            "code": code,
            "grant_type": "authorization_code",
        }
        url = f"{self._base}/sns/oauth2/access_token"
        answer = await exchange(self._session, "GET", url, params=params, repeatable=False, timeout=TIMEOUT)
        raise_for_code(answer)
        return OAuthUser(required(answer, "openid"), snapshot=str(answer.get("is_snapshotuser", "0")) == "1")

    async def jsapi_ticket(self) -> str:
        """The ticket by which pages for the JS-SDK are signed; one for all replicas (`bot.wechat.jssdk`)."""
        return await self._tickets.get()

    # --- how calls are made

    async def _post(
        self, path: str, payload: Mapping[str, Any], *, repeatable: bool = False
    ) -> dict[str, Any]:
        data = encoded(payload)

        async def attempt(token: str) -> dict[str, Any]:
            return await self._exchange("POST", path, {"access_token": token}, data, repeatable=repeatable)

        return await self._persisting(attempt)

    async def _get(self, path: str, **query: str) -> dict[str, Any]:
        async def attempt(token: str) -> dict[str, Any]:
            params = {"access_token": token, **query}
            return await self._exchange("GET", path, params, None, repeatable=True)

        return await self._persisting(attempt)

    async def _persisting(self, attempt: Callable[[str], Awaitable[_T]]) -> _T:
        """Make the call; repeat it where the platform was too busy to carry it out, and once, with
        another token, where it did not take ours. In both cases it did nothing.
        """

        async def with_a_good_token() -> _T:
            token = await self.tokens.get()
            try:
                return await attempt(token)
            except WeChatError as error:
                if error.code not in TOKEN_CODES:
                    raise
            return await attempt(await self.tokens.replace(token))

        return await _retrying()(with_a_good_token)

    async def _exchange(
        self, method: str, path: str, params: Mapping[str, str], data: Any, *, repeatable: bool
    ) -> dict[str, Any]:
        form = isinstance(data, aiohttp.FormData)
        answer = await exchange(
            self._session,
            method,
            self._url(path),
            params=params,
            data=data,
            headers=JSON_HEADERS if data is not None and not form else None,
            repeatable=repeatable,
            timeout=MEDIA_TIMEOUT if form else TIMEOUT,
        )
        raise_for_code(answer)
        return answer

    async def _fetch_token(self, force: bool) -> Grant:
        payload = {
            "grant_type": "client_credential",
            "appid": self._appid,
            "secret": self._secret,
            "force_refresh": force,
        }

        try:
            answer = await self._exchange("POST", "stable_token", {}, encoded(payload), repeatable=True)
        except TokenRejected as error:
            # Where there is no token yet, 40001 means the secret.
            raise AccountProblem(error.code, error.message) from None
        return _granted(answer, "access_token")

    async def _fetch_ticket(self, _: bool) -> Grant:
        return _granted(await self._get("ticket/getticket", type="jsapi"), "ticket")

    def _url(self, path: str) -> str:
        return f"{self._base}/cgi-bin/{path}"


def _granted(answer: Mapping[str, Any], name: str) -> Grant:
    expires_in = answer.get("expires_in")
    if not isinstance(expires_in, int):
        raise WeChatError(0, "no expires_in in the platform's answer")
    return Grant(required(answer, name), expires_in)


def _retrying() -> AsyncRetrying:
    return AsyncRetrying(
        retry=retry_if_exception_type(Busy),
        stop=stop_after_attempt(_BUSY_ATTEMPTS),
        wait=wait_random_exponential(multiplier=_BUSY_SECONDS, max=_BUSY_MAX_SECONDS),
        reraise=True,
    )


def _values(data: Mapping[str, str]) -> dict[str, dict[str, str]]:
    return {name: {"value": value} for name, value in data.items()}
