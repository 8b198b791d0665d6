"""The SMS provider's one address."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from simulator.platform import Platform
from simulator.sms import ENDPOINT, SmsProvider, SmsRefusedError


def sms_handler(platform: Platform) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Make the handler of the provider's one address; the platform's faults hit it under ENDPOINT."""

    async def handle(request: web.Request) -> web.Response:
        form = {name: str(value) for name, value in (await request.post()).items()}
        params = {**request.query, **form}
        faults = {fault.kind: fault for fault in platform.faults.take(ENDPOINT)}
        if slow := faults.get("slow"):
            await asyncio.sleep(slow.seconds)
        if "down" in faults:
            return _dropped(request)
        answer, status = _answer(platform.sms, request.method, params, refused="code" in faults)
        platform.log.add(
            "call",
            ENDPOINT,
            at=platform.now(),
            ok=answer["Code"] == "OK" and "lost" not in faults,
            method=request.method,
            query={},
            body=params.get("TemplateParam", ""),
            answer=answer,
            faults=sorted(faults),
        )
        platform.live.publish("panel")
        return _dropped(request) if "lost" in faults else web.json_response(answer, status=status)

    return handle


def _answer(
    provider: SmsProvider, method: str, params: Mapping[str, str], *, refused: bool
) -> tuple[dict[str, str], int]:
    request_id = hashlib.sha256(params.get("SignatureNonce", "").encode()).hexdigest()[:32].upper()
    try:
        if refused:
            raise SmsRefusedError("isp.SYSTEM_ERROR", "系统错误")  # noqa: TRY301 - a fault on demand
        sms = provider.take(method, params)
    except SmsRefusedError as error:
        return {"Code": error.code, "Message": error.message, "RequestId": request_id}, error.status
    return {"Code": "OK", "Message": "OK", "BizId": f"{sms.id}^0", "RequestId": request_id}, 200


def _dropped(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
