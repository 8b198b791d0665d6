"""Which endpoint is served by what."""

from __future__ import annotations

from simulator.acts import Acts
from simulator.api import account, credentials, files, messages, notices
from simulator.api.dispatch import Endpoint


def endpoints(acts: Acts) -> dict[str, Endpoint]:
    """List the platform's endpoints by path without `cgi-bin/`."""
    return {
        "token": Endpoint("GET", credentials.token, token=False),
        "stable_token": Endpoint("POST", credentials.stable_token, token=False),
        "ticket/getticket": Endpoint("GET", credentials.jsapi_ticket),
        "sns/oauth2/access_token": Endpoint("GET", credentials.oauth_access_token, token=False),
        "message/custom/send": Endpoint("POST", messages.custom_send),
        "message/custom/typing": Endpoint("POST", messages.typing),
        "message/template/send": Endpoint("POST", notices.template_send(acts)),
        "message/subscribe/bizsend": Endpoint("POST", notices.subscribe_bizsend(acts)),
        "template/get_all_private_template": Endpoint("GET", notices.private_templates),
        "wxaapi/newtmpl/gettemplate": Endpoint("GET", notices.subscription_templates),
        "media/upload": Endpoint("POST", files.media_upload),
        "media/get": Endpoint("GET", files.media_get),
        "menu/create": Endpoint("POST", account.menu_create),
        "menu/get": Endpoint("GET", account.menu_get),
        "menu/delete": Endpoint("ANY", account.menu_delete),
        "getcallbackip": Endpoint("GET", account.callback_ips),
        "get_api_domain_ip": Endpoint("GET", account.callback_ips),
        "customservice/getonlinekflist": Endpoint("GET", account.online_agents),
        "customservice/getkflist": Endpoint("GET", account.agents),
        "qrcode/create": Endpoint("POST", account.qr_create),
        "showqrcode": Endpoint("GET", account.qr_show, token=False),
        "user/info": Endpoint("GET", account.user_info),
        "clear_quota": Endpoint("POST", account.clear_quota),
    }
