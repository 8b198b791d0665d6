from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from bot.settings import DEVELOPMENT_SECRET, SIMULATOR_TOKEN, Settings, SettingsError, load_settings
from hall.appointments.rules import BookingRules

PRODUCTION = {
    "BANSHI_MODE": "production",
    "BANSHI_SECRET_KEY": "a-secret-of-its-own-with-32-characters",
    "BANSHI_WECHAT_APPID": "wx0123456789abcdef",
    "BANSHI_WECHAT_SECRET": "secret",
    "BANSHI_WECHAT_TOKEN": "token",
    "BANSHI_WECHAT_AES_KEY": "A" * 43,
    "BANSHI_PUBLIC_URL": "https://desk.example.cn/",
}


def load(monkeypatch: pytest.MonkeyPatch, **environment: str) -> Settings:
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return load_settings()


def test_development_needs_nothing_and_brings_the_simulator(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch)
    assert settings.simulator
    assert settings.wechat_api_base == "http://127.0.0.1:8080/simulator/api"
    assert settings.database_url.endswith("var/banshi.db")


def test_production_takes_a_whole_account(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load(monkeypatch, **PRODUCTION)
    assert not settings.simulator
    assert settings.public_url == "https://desk.example.cn"
    assert settings.wechat_api_base == "https://api.weixin.qq.com"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"BANSHI_SECRET_KEY": DEVELOPMENT_SECRET}, "BANSHI_SECRET_KEY"),
        ({"BANSHI_SECRET_KEY": "short"}, "BANSHI_SECRET_KEY"),
        ({"BANSHI_SIMULATOR": "true"}, "BANSHI_SIMULATOR"),
        ({"BANSHI_CLOCK": "2026-12-01T09:00:00"}, "BANSHI_CLOCK"),
        ({"BANSHI_WECHAT_APPID": ""}, "BANSHI_WECHAT_APPID"),
        ({"BANSHI_WECHAT_TOKEN": SIMULATOR_TOKEN}, "BANSHI_WECHAT_TOKEN"),
        ({"BANSHI_WECHAT_AES_KEY": ""}, "BANSHI_WECHAT_AES_KEY"),
        ({"BANSHI_WECHAT_AES_KEY": "short"}, "BANSHI_WECHAT_AES_KEY"),
        ({"BANSHI_PUBLIC_URL": "http://desk.example.cn"}, "BANSHI_PUBLIC_URL"),
        ({"BANSHI_PORT": "eighty"}, "BANSHI_PORT"),
        ({"BANSHI_MODE": "live"}, "BANSHI_MODE"),
        ({"BANSHI_BOOKING_SLOT_MINUTES": "0"}, "BANSHI_BOOKING_SLOT_MINUTES"),
        ({"BANSHI_BOOKING_MAX_OPEN": "two"}, "BANSHI_BOOKING_MAX_OPEN"),
        ({"BANSHI_BOOKING_REOPEN_SECONDS_LEAST": "601"}, "BANSHI_BOOKING_REOPEN_SECONDS_LEAST"),
        ({"BANSHI_BOOKING_NO_SHOW_MINUTES": "10"}, "BANSHI_BOOKING_NO_SHOW_MINUTES"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch, changed: dict[str, str], named: str
) -> None:
    with pytest.raises(SettingsError) as error:
        load(monkeypatch, **{**PRODUCTION, **changed})
    assert named in str(error.value)
    assert "\n" not in str(error.value)


def test_the_clock_without_a_zone_is_beijings(monkeypatch: pytest.MonkeyPatch) -> None:
    clock: Any = load(monkeypatch, BANSHI_CLOCK="2026-12-01T09:00:00").clock
    assert clock.isoformat() == "2026-12-01T09:00:00+08:00"


def test_every_number_of_booking_is_a_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load(monkeypatch).booking_rules == BookingRules()
    example = (Path(__file__).parent.parent / ".env.example").read_text(encoding="utf-8")
    for field in fields(BookingRules):
        name = f"BANSHI_BOOKING_{field.name.upper()}"
        assert f"#{name}={getattr(BookingRules(), field.name)}\n" in example
    settings = load(monkeypatch, BANSHI_BOOKING_MAX_OPEN="4", BANSHI_BOOKING_SUSPENSION_DAYS="14")
    assert settings.booking_rules == BookingRules(max_open=4, suspension_days=14)


def test_own_pages_ask_wechat_who_opened_them_only_where_they_are_told_to(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings = load(monkeypatch, **PRODUCTION)
    assert (settings.wechat_page_login, settings.wechat_login_base) == ("link", "https://open.weixin.qq.com")
    assert load(monkeypatch, **PRODUCTION, BANSHI_WECHAT_PAGE_LOGIN="wechat").wechat_page_login == "wechat"
    simulated = load(monkeypatch, BANSHI_MODE="development", BANSHI_SIMULATOR="true", BANSHI_PORT="9001")
    assert simulated.wechat_login_base == "http://127.0.0.1:9001/simulator"
    with pytest.raises(SettingsError, match="BANSHI_WECHAT_PAGE_LOGIN"):
        load(monkeypatch, **PRODUCTION, BANSHI_WECHAT_PAGE_LOGIN="oauth")
