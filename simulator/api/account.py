"""Menu, addresses, service desk, QR codes, users, quota."""

from __future__ import annotations

import io

import segno
from aiohttp import web

from simulator.api.dispatch import Call
from simulator.errors import ApiError
from simulator.menus import check_menu
from simulator.wire import Fields

OK: Fields = {"errcode": 0, "errmsg": "ok"}


async def menu_create(call: Call) -> Fields:
    """Serve menu/create: the menu is shown in every chat at once."""
    call.platform.menu = check_menu(await call.json())
    call.platform.live.publish("menu", menu=call.platform.menu)
    return dict(OK)


async def menu_get(call: Call) -> Fields:
    """Serve menu/get."""
    if call.platform.menu is None:
        raise ApiError(46003)
    return {"menu": {"button": call.platform.menu}}


async def menu_delete(call: Call) -> Fields:
    """Serve menu/delete."""
    call.platform.menu = None
    call.platform.live.publish("menu", menu=None)
    return dict(OK)


async def callback_ips(call: Call) -> Fields:
    """Serve getcallbackip: where pushes come from."""
    return {"ip_list": ["127.0.0.1", "::1"]}


async def online_agents(call: Call) -> Fields:
    """Serve customservice/getonlinekflist."""
    busy = [c.desk for c in call.platform.citizens.everyone() if c.desk]
    return {
        "kf_online_list": [
            {
                "kf_account": agent.account,
                "status": 1,
                "kf_id": str(1001 + number),
                "accepted_case": busy.count(agent.account),
            }
            for number, agent in enumerate(call.platform.agents)
            if agent.online
        ]
    }


async def agents(call: Call) -> Fields:
    """Serve customservice/getkflist."""
    return {
        "kf_list": [
            {"kf_account": agent.account, "kf_nick": agent.nick, "kf_id": str(1001 + number)}
            for number, agent in enumerate(call.platform.agents)
        ]
    }


async def qr_create(call: Call) -> Fields:
    """Serve qrcode/create: a code with a scene."""
    code, seconds = call.platform.scenes.create(await call.json(), call.platform.now())
    answer: Fields = {"ticket": code.ticket, "url": f"http://weixin.qq.com/q/{code.ticket[:24]}"}
    return {**answer, "expire_seconds": seconds} if seconds else answer


async def qr_show(call: Call) -> web.StreamResponse:
    """Serve showqrcode: the picture of a code, for who has its ticket."""
    code = call.platform.scenes.get(call.query.get("ticket", ""))
    if code is None:
        return web.Response(status=404)
    picture = io.BytesIO()
    segno.make(f"http://weixin.qq.com/q/{code.ticket[:24]}").save(picture, kind="png", scale=8)
    return web.Response(body=picture.getvalue(), content_type="image/png")


async def user_info(call: Call) -> Fields:
    """Serve user/info."""
    citizen = call.platform.citizen(call.query.get("openid", ""))
    if not citizen.following or citizen.followed_at is None:
        return {"subscribe": 0, "openid": citizen.openid}
    return {
        "subscribe": 1,
        "openid": citizen.openid,
        "language": "zh_CN",
        "subscribe_time": int(citizen.followed_at.timestamp()),
        "remark": "",
        "groupid": 0,
        "tagid_list": [],
        "subscribe_scene": "ADD_SCENE_QR_CODE" if citizen.follow_scene else "ADD_SCENE_SEARCH",
        "qr_scene": 0,
        "qr_scene_str": citizen.follow_scene,
    }


async def clear_quota(call: Call) -> Fields:
    """Serve clear_quota."""
    if (await call.json()).get("appid") != call.platform.settings.appid:
        raise ApiError(40013)
    call.platform.quotas.clear()
    return dict(OK)
