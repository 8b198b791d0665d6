from __future__ import annotations

import pytest

from bot.notices.templates import Template
from bot.settings import Settings, SettingsError, load_settings
from hall.notices.service import Kind
from simulator import sms
from simulator.templates import DEFAULT_TEMPLATES


def test_templates_are_named_as_json_by_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    given = '{"called": {"id": "t-1", "fields": {"thing1": "say"}, "lasting": true}}'
    monkeypatch.setenv("BANSHI_WECHAT_SUBSCRIPTIONS", given)
    settings = load_settings()
    assert settings.wechat_subscriptions == {
        Kind.CALLED: Template(id="t-1", fields={"thing1": "say"}, lasting=True)
    }


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ("{", "not JSON"),
        ('{"nothing": {"id": "t"}}', "booking_confirmed"),
        ('{"called": {"id": "t", "fields": {"thing1": "phone"}}}', "pattern"),
        ('{"called": {"fields": {}}}', "required"),
    ],
)
def test_a_wrong_template_is_one_clear_line(monkeypatch: pytest.MonkeyPatch, given: str, word: str) -> None:
    monkeypatch.setenv("BANSHI_WECHAT_TEMPLATES", given)
    with pytest.raises(SettingsError, match=f"BANSHI_WECHAT_TEMPLATES: .*{word}") as raised:
        load_settings()
    assert "\n" not in str(raised.value)


def test_an_sms_provider_needs_its_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANSHI_SMS_PROVIDER", "aliyun")
    monkeypatch.setenv("BANSHI_SMS_ACCESS_KEY_ID", "id")
    with pytest.raises(SettingsError, match="BANSHI_SMS_ACCESS_KEY_SECRET is missing"):
        load_settings()


def test_in_development_the_simulators_templates_and_provider_are_used() -> None:
    settings = Settings(_env_file=None, mode="development", simulator=True)
    assert settings.sms_endpoint.endswith("/simulator/sms")
    assert settings.sms_access_key_id == sms.KEY_ID
    assert settings.sms_access_key_secret == sms.KEY_SECRET
    assert settings.sms_sign_name == sms.SIGN_NAME
    assert {template.id for template in settings.sms_templates.values()} <= set(sms.TEMPLATES)
    known = {template.id: template for template in DEFAULT_TEMPLATES}
    for named in (settings.wechat_templates, settings.wechat_subscriptions):
        for template in named.values():
            assert [key for key, _ in known[template.id].fields] == list(template.fields)
