"""What the page shows: the whole at the start, the side panel whenever something changed."""

from __future__ import annotations

from typing import Any

from simulator.platform import Platform


def state(platform: Platform, endpoint_names: list[str]) -> dict[str, Any]:
    """Describe everything, chats and log included."""
    now = platform.now()
    everyone = platform.citizens.everyone()
    return {
        "account": {"name": platform.settings.account_name, "id": platform.settings.account},
        "citizens": [citizen.to_dict(now) for citizen in everyone],
        "messages": {c.openid: [m.to_dict() for m in c.messages] for c in everyone},
        "menu": platform.menu,
        "log": platform.log.newest(),
        "panel": panel(platform, endpoint_names),
    }


def panel(platform: Platform, endpoint_names: list[str]) -> dict[str, Any]:
    """Describe what the side panel shows beside the log."""
    now, settings = platform.now(), platform.settings
    return {
        "settings": {
            "callback_url": settings.callback_url,
            "mode": settings.mode,
            "data_format": settings.data_format,
            "verified": settings.verified,
            "encryptable": len(settings.aes_key) == 43,
            "answer_seconds": settings.answer_seconds,
            "deliveries": settings.deliveries,
        },
        "tokens": [
            {
                "kind": token.kind,
                "value": f"{token.value[:14]}…",
                "seconds_left": max(0, int((token.expires - now).total_seconds())),
                "dead": token.dead,
            }
            for token in platform.tokens.current()
        ],
        "quotas": [
            {"endpoint": name, "used": used, "limit": limit}
            for name, (used, limit) in platform.quotas.used(now).items()
        ],
        "faults": [fault.to_dict() for fault in platform.faults],
        "media": [media.to_dict(now) for media in platform.media.newest()],
        "templates": [
            {"id": t.id, "title": t.title, "kind": t.kind, "fields": [label for _, label in t.fields]}
            for t in platform.templates.values()
        ],
        "consents": {c.openid: platform.consents.of(c.openid) for c in platform.citizens.everyone()},
        "sms": [sms.to_dict() for sms in reversed(platform.sms.arrived)][:20],
        "agents": [{"account": a.account, "nick": a.nick, "online": a.online} for a in platform.agents],
        "scenes": [{"scene": c.scene, "ticket": c.ticket} for c in platform.scenes.alive(now)[:20]],
        "endpoints": endpoint_names,
    }
