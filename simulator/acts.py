"""What citizens do on their phones, and the push each of it makes.

Each act checks and shows itself at once, and gives the rest (the push) to be awaited for its Delivery.
"""

from __future__ import annotations

import hashlib
from typing import Any

from simulator.citizens import Citizen
from simulator.media import SILENT_AMR
from simulator.menus import KEYED, find_button
from simulator.platform import Platform
from simulator.pushing import ActError, Pushes, Pushing
from simulator.wire import Fields

TEXT_CHARACTERS = 50_000


class Acts:
    """The citizens' hands."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._pushes = Pushes(platform)

    # ---- following

    def follow(self, openid: str, scene: str = "", ticket: str = "") -> Pushing:
        """Follow the account, by search or by a QR code with a scene."""
        citizen = self._pushes.known(openid)
        if citizen.following:
            raise ActError("已经关注了")
        now = self._platform.now()
        citizen.following, citizen.followed_at, citizen.follow_scene = True, now, scene
        citizen.window.open("action", now)
        self._platform.touch(citizen)
        content = {"EventKey": f"qrscene_{scene}" if scene else ""}
        if scene:
            content["Ticket"] = ticket
        return self._pushes.event(citizen, "subscribe", shown=True, **content)

    def unfollow(self, openid: str) -> Pushing:
        """Unfollow: windows close, the service desk lets go."""
        citizen = self._pushes.following(openid)
        citizen.following, citizen.desk, citizen.desk_until = False, None, None
        citizen.window.close()
        self._platform.touch(citizen)
        return self._pushes.event(citizen, "unsubscribe", EventKey="")

    def scan(self, openid: str, scene: str, ticket: str = "") -> Pushing:
        """Scan a QR code of the account: SCAN, or subscribe when not following yet."""
        citizen = self._pushes.known(openid)
        if not 1 <= len(scene) <= 64:
            raise ActError("场景值是 1 到 64 个字符")
        if not citizen.following:
            return self.follow(openid, scene, ticket)
        citizen.window.open("action", self._platform.now())
        return self._pushes.event(citizen, "SCAN", shown=True, EventKey=scene, Ticket=ticket)

    # ---- messages

    def say(self, openid: str, text: str, *, menu_id: str = "") -> Pushing:
        """Send a text; with `menu_id` it is a tap on a choice (msgmenu), which counts as a menu click."""
        if not 1 <= len(text) <= TEXT_CHARACTERS:
            raise ActError(f"文字是 1 到 {TEXT_CHARACTERS} 个字符")
        content = {"Content": text, **({"bizmsgmenuid": menu_id} if menu_id else {})}
        return self._pushes.message(openid, "text", text, content, action=bool(menu_id))

    def voice(self, openid: str, recognition: str | None, seconds: int = 3) -> Pushing:
        """Send a voice message; `recognition` is what WeChat heard, None where it no longer says."""
        citizen = self._pushes.following(openid)
        now = self._platform.now()
        media = self._platform.media.add("voice", SILENT_AMR, owner=citizen.name, now=now)
        wide = self._platform.media.add("voice", SILENT_AMR, owner=citizen.name, now=now)
        content: Fields = {"MediaId": media.id, "Format": "amr", "MediaId16K": wide.id}
        if recognition is not None:
            content["Recognition"] = recognition
        return self._pushes.message(openid, "voice", recognition or "", content, data={"seconds": seconds})

    def image(self, openid: str, data: bytes, *, button: list[int] | None = None) -> Pushing:
        """Send a picture; with `button` it was asked for by a menu button, whose event goes first."""
        citizen = self._pushes.following(openid)
        media = self._platform.media.add("image", data, owner=citizen.name, now=self._platform.now())
        address = f"{self._platform.settings.base_url}/media/{media.id}"
        content = {"PicUrl": address, "MediaId": media.id}
        before = None
        if button is not None:
            digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
            info = {"Count": 1, "PicList": {"item": [{"PicMd5Sum": digest}]}}
            before = self._press(citizen, button, SendPicsInfo=info)
        return self._pushes.message(openid, "image", "", content, data={"media_id": media.id}, before=before)

    def location(
        self, openid: str, latitude: float, longitude: float, label: str, *, button: list[int] | None = None
    ) -> Pushing:
        """Send a place as a message."""
        citizen = self._pushes.following(openid)
        content = {"Location_X": latitude, "Location_Y": longitude, "Scale": 16, "Label": label}
        before = None
        if button is not None:
            info = {**content, "Poiname": "", "Location_X": str(latitude), "Location_Y": str(longitude)}
            before = self._press(citizen, button, SendLocationInfo=info)
        data = {"latitude": latitude, "longitude": longitude}
        return self._pushes.message(openid, "location", label, content, data=data, before=before)

    def link(self, openid: str, title: str, description: str, url: str) -> Pushing:
        """Share a page into the chat."""
        content = {"Title": title, "Description": description, "Url": url}
        return self._pushes.message(
            openid, "link", title, content, data={"description": description, "url": url}
        )

    # ---- menu and other events

    def press(self, openid: str, button: list[int], *, scanned: str = "") -> Pushing:
        """Press a menu button by its path; `scanned` is what a scan button read."""
        citizen = self._pushes.following(openid)
        info = {"ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": scanned}} if scanned else {}
        return self._press(citizen, button, **info)

    def _press(self, citizen: Citizen, path: list[int], **extra: Any) -> Pushing:
        try:
            button = find_button(self._platform.menu or [], path)
        except LookupError:
            raise ActError("菜单已经变了,请再试一次") from None
        kind = button["type"]
        if kind in KEYED:
            # view opens no window: only click and scan menus do
            if kind in ("click", "scancode_push", "scancode_waitmsg"):
                citizen.window.open("action", self._platform.now())
            name = "CLICK" if kind == "click" else kind
            self._pushes.note(citizen, f"点击菜单「{button['name']}」")
            return self._pushes.event(citizen, name, shown=True, EventKey=button["key"], **extra)
        if kind in ("view", "miniprogram"):
            name = "VIEW" if kind == "view" else "view_miniprogram"
            address = button["url"] if kind == "view" else button["pagepath"]
            self._pushes.note(citizen, f"点击菜单「{button['name']}」,打开网页")
            return self._pushes.event(citizen, name, EventKey=address, MenuId=1)
        raise ActError("这种菜单由微信直接发素材,不推送事件,模拟器不显示素材")

    def report_location(self, openid: str, latitude: float, longitude: float, precision: float) -> Pushing:
        """Let the account know where the citizen is, as on entering the chat."""
        citizen = self._pushes.following(openid)
        self._pushes.note(citizen, f"上报位置 {latitude:.4f}, {longitude:.4f}")
        return self._pushes.event(
            citizen, "LOCATION", Latitude=latitude, Longitude=longitude, Precision=precision
        )

    def answer_popup(self, openid: str, choices: dict[str, bool]) -> Pushing:
        """Answer the subscription popup: template id -> agreed or not."""
        citizen = self._pushes.known(openid)
        entries = []
        for template_id, agreed in choices.items():
            template = self._platform.templates.get(template_id)
            if template is None or template.kind == "template":
                raise ActError("没有这个订阅模板")
            if agreed:
                self._platform.consents.accept(openid, template)
            status = "accept" if agreed else "reject"
            entries.append({"TemplateId": template_id, "SubscribeStatusString": status, "PopupScene": "1"})
            self._pushes.note(citizen, f"{'同意' if agreed else '不同意'}订阅「{template.title}」")
        return self._pushes.subscription(citizen, "Popup", entries)

    def withdraw(self, openid: str, template_id: str) -> Pushing:
        """Turn a subscription off in WeChat's own list of them."""
        citizen = self._pushes.known(openid)
        template = self._platform.templates.get(template_id)
        if template is None:
            raise ActError("没有这个订阅模板")
        self._platform.consents.withdraw(openid, template_id)
        self._pushes.note(citizen, f"关闭订阅「{template.title}」")
        entries = [{"TemplateId": template_id, "SubscribeStatusString": "reject"}]
        return self._pushes.subscription(citizen, "Change", entries)

    def notice_sent(self, openid: str, template_id: str, msgid: int) -> Pushing:
        """Tell the server that a subscription notice reached the citizen."""
        entry = {"TemplateId": template_id, "MsgID": msgid, "ErrorCode": "0", "ErrorStatus": "success"}
        return self._pushes.subscription(self._pushes.known(openid), "Sent", [entry])

    def template_sent(self, openid: str, msgid: int) -> Pushing:
        """Tell the server that a template message reached the citizen."""
        return self._pushes.event(
            self._pushes.known(openid), "TEMPLATESENDJOBFINISH", MsgID=msgid, Status="success"
        )

    def raw(self, openid: str, kind: str, content: Fields) -> Pushing:
        """Push any message or event, for what the page has no button for."""
        citizen = self._pushes.known(openid)
        if kind == "event":
            rest = dict(content)
            name = str(rest.pop("Event", "unknown"))
            self._pushes.note(citizen, f"推送事件 {name}")
            return self._pushes.event(citizen, name, shown=True, **rest)
        return self._pushes.message(openid, kind, "", content, data={"raw": True})

    # ---- the service desk

    def desk_says(self, openid: str, text: str) -> None:
        """Let the person at the service desk write to the citizen."""
        self._pushes.desk_says(openid, text)

    def end_desk(self, openid: str) -> Pushing:
        """End the session with a person: messages are pushed again."""
        return self._pushes.end_desk(openid)
