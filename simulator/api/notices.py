"""Template messages (模板消息) and subscription notices (订阅通知)."""

from __future__ import annotations

from typing import Any

from simulator import payloads
from simulator.acts import Acts
from simulator.api.dispatch import Call, Handler
from simulator.errors import ApiError
from simulator.templates import Template, check_data
from simulator.wire import Fields


def template_send(acts: Acts) -> Handler:
    """Make the handler of message/template/send; it reports TEMPLATESENDJOBFINISH through `acts`."""

    async def handle(call: Call) -> Fields:
        body = await call.json()
        platform = call.platform
        citizen = platform.citizen(str(body.get("touser", "")))
        template = _template(call, body, {"template"})
        values = check_data(template, body.get("data"))
        if not citizen.following:
            raise ApiError(43004)
        guard = str(body.get("client_msg_id", ""))
        sent = platform.doubles.seen(citizen.openid, guard, platform.now()) if guard else None
        if sent is not None:
            return {"errcode": 0, "errmsg": "ok", "msgid": sent}
        msgid = payloads.next_id()
        if guard:
            platform.doubles.remember(citizen.openid, guard, msgid, platform.now())
        address = str(body.get("url", ""))
        platform.post(citizen, "template", "card", template.title, data=_card(template, values, address))
        platform.background(acts.template_sent(citizen.openid, msgid))
        return {"errcode": 0, "errmsg": "ok", "msgid": msgid}

    return handle


def subscribe_bizsend(acts: Acts) -> Handler:
    """Make the handler of message/subscribe/bizsend; it reports subscribe_msg_sent_event through `acts`."""

    async def handle(call: Call) -> Fields:
        body = await call.json()
        platform = call.platform
        citizen = platform.citizen(str(body.get("touser", "")))
        template = _template(call, body, {"once", "longterm"})
        values = check_data(template, body.get("data"))
        platform.consents.spend(citizen.openid, template)
        address = str(body.get("page", ""))
        platform.post(citizen, "subscribe", "card", template.title, data=_card(template, values, address))
        platform.background(acts.notice_sent(citizen.openid, template.id, payloads.next_id()))
        return {"errcode": 0, "errmsg": "ok"}

    return handle


async def private_templates(call: Call) -> Fields:
    """Serve template/get_all_private_template."""
    return {
        "template_list": [
            {"template_id": t.id, "title": t.title, "content": _content(t)}
            for t in call.platform.templates.values()
            if t.kind == "template"
        ]
    }


async def subscription_templates(call: Call) -> Fields:
    """Serve wxaapi/newtmpl/gettemplate (type 2: one-time, 3: long-term)."""
    return {
        "errcode": 0,
        "errmsg": "ok",
        "data": [
            {
                "priTmplId": t.id,
                "title": t.title,
                "content": _content(t),
                "type": 3 if t.kind == "longterm" else 2,
            }
            for t in call.platform.templates.values()
            if t.kind != "template"
        ],
    }


def _template(call: Call, body: Fields, kinds: set[str]) -> Template:
    template = call.platform.templates.get(str(body.get("template_id", "")))
    if template is None or template.kind not in kinds:
        raise ApiError(40037)
    return template


def _card(template: Template, values: dict[str, str], address: str) -> dict[str, Any]:
    rows = [{"label": label, "value": values[key]} for key, label in template.fields]
    return {"rows": rows, "url": address, "kind": template.kind}


def _content(template: Template) -> str:
    return "\n".join(f"{label}:{{{{{key}.DATA}}}}" for key, label in template.fields)
