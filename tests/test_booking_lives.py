"""The running product beside the conversation: it reminds, marks who did not come, and tells them so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

import bot.upkeep
from bot.settings import DEVELOPMENT_SECRET
from hall.db import create_engine, create_sessions
from hall.people import service as people
from hall.people.service import Draft, Vault
from hall.wording.consent import CONSENT_WORDING
from tests.desk import Desk, opened_desk

pytestmark = [pytest.mark.model, pytest.mark.xdist_group("processes")]

WISH = "我要预约今天下午两点到区政务服务中心主厅办居民身份证到期换领"


async def known(desk: Desk, openid: str) -> None:
    """A citizen whose own data is there already."""
    engine = create_engine(desk.settings.database_url)
    now, vault = desk.clock(), Vault.of([DEVELOPMENT_SECRET])
    async with create_sessions(engine).begin() as session:
        who = await people.register(session, openid, now=now)
        await people.give_consent(session, who, wording=CONSENT_WORDING, now=now)
        own = Draft(name="王小明", id_number="110101199001011237", phone="13800138000")
        await people.save_own(session, vault, who, own, now=now)
    await engine.dispose()


async def test_reminded_missed_and_told_by_itself(
    model_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bot.upkeep, "NO_SHOW_SECONDS", 0.1)
    async with opened_desk(tmp_path, model_dir) as desk:
        citizen = desk.citizen()
        await known(desk, citizen.openid)
        await citizen.say(WISH)
        assert "约好了" in await citizen.say("1")
        desk.clock.forward(timedelta(hours=3, minutes=1))  # 13:01
        (reminder,) = await desk.platform.texts_to(citizen.openid, 1, seconds=30)
        assert "快到时间了" in reminder
        desk.clock.forward(timedelta(hours=2))  # an hour after the start it is missed
        (_, missed) = await desk.platform.texts_to(citizen.openid, 2, seconds=30)
        assert "没有来" in missed
        assert "12月8日" in missed  # a week from the missed start
        assert "申诉" in missed
        assert "约好了" not in await citizen.say(WISH.replace("今天", "明天"))
