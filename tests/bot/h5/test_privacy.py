from __future__ import annotations

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from actions.wording import people
from bot.h5.privacy import CONVERSATION_DAYS
from hall.wording.consent import CONSENT_WORDING
from tests.bot.h5.centre import demo_view, site

Client = TestClient[Any, Any]
TEMPLATE = Path(__file__).parents[3] / "bot/h5/templates/privacy.html"


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    house: web.Application = site(demo_view())
    house[CONVERSATION_DAYS] = 90
    async with TestClient(TestServer(house)) as opened:
        yield opened


async def test_notice_says_who_what_why_how_long_and_which_rights(client: Client) -> None:
    response = await client.get("/h5/privacy")
    assert response.status == 200
    page = await response.text()
    for words in (
        CONSENT_WORDING,
        "谁在记",
        "为什么",
        "身份证号",
        "加密保存",
        "90 天没有来往",
        "撤回同意",
        "备份",
        "12345",
    ):
        assert words in page


def test_another_text_needs_another_version() -> None:
    """Who changes what citizens agree to names a new version (`CONSENT_WORDING`) and pins it here."""
    said = people.consent("") + TEMPLATE.read_text(encoding="utf-8")
    assert (CONSENT_WORDING, sha256(said.encode()).hexdigest()[:16]) == (
        "个人信息处理告知 2026-11-21",
        "b76e266489c09842",
    )
