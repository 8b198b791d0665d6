from __future__ import annotations

from pathlib import Path

from bot import doctor
from bot.settings import Settings
from hall.db import create_engine, create_sessions
from hall.notices import alarms
from hall.notices.verdicts import PROBE
from tests.bot.notices.desk import NOW
from tests.engines import make_tables


async def test_the_doctor_names_what_a_person_must_mend(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'banshi.db'}"
    make_tables(url)
    settings = Settings(_env_file=None, simulator=True, database_url=url)
    well = await doctor._notices(settings)
    assert (well.well, well.words) == (
        True,
        "渠道:客服消息、订阅通知、模板消息、短信;等市民下次发消息的 0 条",
    )
    engine = create_engine(url)
    for _ in range(2):
        async with create_sessions(engine).begin() as session:
            how = {"cause": "48001", "kind": "", "message": "api unauthorized"}
            await alarms.ring(session, channel="custom", closed_until=NOW + PROBE, now=NOW, **how)
    await engine.dispose()
    ill = await doctor._notices(settings)
    assert not ill.well
    assert ill.words == (
        "有 1 件要人处理:客服消息 48001:公众号没有这个接口的权限,需认证或开通(12-01 10:00 起 2 次)"
    )
