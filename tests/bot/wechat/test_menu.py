from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.wechat.client import WeChatClient
from bot.wechat.menu import DEFAULT_MENU, Click, Menu, MenuError, View, load_menu, push_menu
from tests.bot.wechat.fake_api import FakeApi

ROOT = Path(__file__).parents[3]
INTENTS = set(
    re.findall(
        r"\w+",
        """
        ask_guide ask_materials ask_conditions ask_process ask_time_limit ask_fee ask_place ask_hours
        ask_online ask_proxy ask_result check_materials upload_material book_appointment change_appointment
        cancel_appointment my_appointments take_ticket ask_queue apply_online ask_progress rate_service
        complain suggest lost_found human my_data hall_info greet thanks goodbye affirm deny stop help
        out_of_scope
        """,
    )
)


def click(name: str = "找人工", key: str = "intent:human") -> dict[str, Any]:
    return {"type": "click", "name": name, "key": key}


def group(name: str = "办事", entries: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"name": name, "sub_button": entries or [click()]}


def written(path: Path, menu: Any) -> Path:
    file = path / "menu.json"
    file.write_text(menu if isinstance(menu, str) else json.dumps(menu), encoding="utf-8")
    return file


def test_default_menu_is_valid_and_names_intents_of_the_product() -> None:
    menu = load_menu(ROOT / DEFAULT_MENU)
    entries = menu.entries()
    assert len(menu.button) == 3
    assert len(entries) >= 12
    named = [entry.intent for entry in entries if isinstance(entry, Click)]
    assert set(named) <= INTENTS
    assert len(set(named)) == len(named)
    assert {"hall_info", "take_ticket", "human", "ask_guide"} <= set(named)


def test_default_menu_is_sent_as_it_stands_in_the_file() -> None:
    file = ROOT / DEFAULT_MENU
    assert load_menu(file).payload() == json.loads(file.read_text(encoding="utf-8"))


async def test_menu_is_pushed(api: FakeApi, client: WeChatClient, tmp_path: Path) -> None:
    menu = load_menu(written(tmp_path, {"button": [group()]}))
    await push_menu(client, menu)
    assert api.calls[-1].path == "menu/create"
    assert api.calls[-1].json == {"button": [group()]}
    assert "找人工".encode() in api.calls[-1].body


def test_public_address_is_filled_in(tmp_path: Path) -> None:
    view = {"type": "view", "name": "网页", "url": "{public_url}/h5/items/GA-0101"}
    menu = load_menu(written(tmp_path, {"button": [view]}), public_url="https://banshi.example/")
    entry = menu.entries()[0]
    assert isinstance(entry, View)
    assert entry.url == "https://banshi.example/h5/items/GA-0101"


def test_names_and_keys_at_their_limits_are_taken() -> None:
    Menu.model_validate(
        {"button": [group("名" * 5 + "x", [click("名" * 13 + "x", "k" * 128)] * 5), group(), click("x" * 16)]}
    )


@pytest.mark.parametrize(
    ("menu", "word"),
    [
        ({"button": []}, "button"),
        ({"button": [group()] * 4}, "button"),
        ({"button": [group(entries=[click()] * 6)]}, "sub_button"),
        ({"button": [{"name": "空", "sub_button": []}]}, "sub_button"),
        ({"button": [group("名" * 6)]}, "16"),
        ({"button": [click("名" * 6)]}, "16"),
        ({"button": [group(entries=[click("名" * 14)])]}, "40"),
        ({"button": [group(entries=[click(key="k" * 129)])]}, "128"),
        ({"button": [group(entries=[click(key="")])]}, "key"),
        (
            {"button": [group(entries=[{"type": "view", "name": "x", "url": "javascript:alert(1)"}])]},
            "address",
        ),
        ({"button": [group(entries=[{"type": "dance", "name": "x"}])]}, "dance"),
        ({"button": [{**click(), "extra": 1}]}, "extra"),
        ({"buttons": []}, "button"),
        ([], ""),
        ("{", "line 1"),
    ],
)
def test_menu_beyond_the_limits_is_refused_in_one_line(tmp_path: Path, menu: Any, word: str) -> None:
    with pytest.raises(MenuError) as caught:
        load_menu(written(tmp_path, menu))
    assert word in str(caught.value)
    assert "\n" not in str(caught.value)


def test_unreadable_file_is_refused(tmp_path: Path) -> None:
    binary = tmp_path / "menu.json"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path, tmp_path / "absent.json", binary):
        with pytest.raises(MenuError):
            load_menu(path)
