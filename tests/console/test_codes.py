from __future__ import annotations

import pytest

from bot.wechat.errors import AccountProblem
from console.pages.codes import CODES, CodeMaker
from hall.staff.service import Role
from tests.console.desk import audit
from tests.console.house import Sitter, Stage

SHEET = "/console/codes/sheet?group="


class Platform:
    """Makes codes as WeChat does, or fails."""

    def __init__(self) -> None:
        self.scenes: list[str] = []
        self.fails: Exception | None = None

    async def __call__(self, scene: str) -> str:
        if self.fails is not None:
            raise self.fails
        self.scenes.append(scene)
        return f"http://weixin.qq.com/q/{len(self.scenes)}"


@pytest.fixture
async def wechat(console: Stage) -> Platform:
    platform = Platform()
    console.app._state[CODES] = CodeMaker(platform)  # the application is frozen once it runs
    return platform


async def supervisor(console: Stage) -> Sitter:
    await console.staff(role=Role.SUPERVISOR)
    sitter = await console.logged_in()
    await sitter.see("/console/codes")
    return sitter


async def test_a_clerk_is_refused(console: Stage) -> None:
    await console.staff()
    sitter = await console.logged_in()
    assert (await sitter.see("/console/codes")).status == 403
    assert (await sitter.send("/console/codes", hall="main", group="")).status == 403


async def test_a_code_is_made_once_and_printed_with_its_place(console: Stage, wechat: Platform) -> None:
    sitter = await supervisor(console)
    assert "生成" in await (await sitter.see("/console/codes")).text()
    for group in ("", "A2", "A2"):
        response = await sitter.send("/console/codes", hall="main", group=group)
        assert response.headers["Location"] == f"{SHEET}{group}"
    assert wechat.scenes == ["queue:main", "queue:main:A2"]
    text = await (await sitter.see(f"{SHEET}A2")).text()
    assert "<svg" in text
    assert "区政务服务中心主厅" in text
    assert "A 区 5–8 号窗口" in text
    everything = await (await sitter.see("/console/codes/sheet?all=1")).text()
    assert everything.count("<svg") == 2
    assert len(await audit(console, "code_made")) == 2


async def test_what_was_not_made_is_not_printed(console: Stage, wechat: Platform) -> None:
    sitter = await supervisor(console)
    assert (await sitter.see(f"{SHEET}A2")).headers["Location"] == "/console/codes"
    assert "还没有生成" in await (await sitter.see("/console/codes")).text()
    assert (await sitter.send("/console/codes", hall="main", group="nope")).status == 404
    assert (await sitter.send("/console/codes", hall="branch", group="")).status == 403
    assert wechat.scenes == []


@pytest.mark.parametrize(
    ("failure", "words"),
    [(AccountProblem(48001, "no"), "错误 48001"), (TimeoutError(), "连不上微信")],
)
async def test_what_wechat_refuses_is_told_and_can_be_tried_again(
    console: Stage, wechat: Platform, failure: Exception, words: str
) -> None:
    sitter = await supervisor(console)
    wechat.fails = failure
    response = await sitter.send("/console/codes", hall="main", group="")
    assert response.status == 502
    assert words in await response.text()
    wechat.fails = None
    assert (await sitter.send("/console/codes", hall="main", group="")).status == 303


async def test_without_an_account_the_page_says_so(console: Stage) -> None:
    sitter = await supervisor(console)
    assert "没有接公众号" in await (await sitter.see("/console/codes")).text()
    assert (await sitter.send("/console/codes", hall="main", group="")).status == 502


async def test_no_form_that_is_not_ours(console: Stage, wechat: Platform) -> None:
    sitter = await supervisor(console)
    assert (await sitter.send("/console/codes", hall="main", group="", form_token="0" * 64)).status == 403
    assert wechat.scenes == []
