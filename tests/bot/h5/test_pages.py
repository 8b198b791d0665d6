"""The pages through HTTP: what they hold, their headers, their size, what they say to nonsense."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, Literal
from urllib.parse import quote

import pytest
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from bot.h5 import pages
from hall.catalogue.schema import parse_item
from hall.catalogue.view import CatalogueView
from nlu.search import Decision, Hit
from tests.bot.h5.centre import ID_CARD, demo_view, site, small_view

Client = TestClient[Any, Any]

MOST_BYTES = 100 * 1024


class Outline(HTMLParser):
    """Elements, ids, links and text of a page."""

    _EMPTY = frozenset({"meta", "link", "input", "br"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.metas: dict[str, str] = {}
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if tag not in self._EMPTY:
            self.open.append(tag)
        if "id" in named:
            self.ids.append(named["id"])
        if tag == "a":
            self.links.append(named["href"])
        if tag == "meta" and "content" in named:
            self.metas[named.get("property") or named.get("name", "")] = named["content"]
        assert not any(name.startswith("on") or name == "style" for name in named), named

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    async with TestClient(TestServer(site(small_view()))) as client:
        yield client


async def read(client: Client, path: str, status: int = 200) -> Outline:
    response = await client.get(path)
    page = await response.text()
    assert response.status == status, (path, response.status)
    assert response.content_type == "text/html"
    outline = Outline(page)
    assert not outline.open, outline.open
    assert len(outline.ids) == len(set(outline.ids)), outline.ids
    assert "script" not in outline.tags
    assert "iframe" not in outline.tags
    assert "img" not in outline.tags
    assert outline.tags.count("h1") == 1
    assert outline.tags.count("main") == 1
    anchors = [link[1:] for link in outline.links if link.startswith("#")]
    assert set(anchors) <= set(outline.ids), anchors
    return outline


PATHS = [
    "/h5/",
    "/h5/search",
    "/h5/search?q=身份证",
    "/h5/search?q=xyzzy",
    "/h5/items/GA-1",
    "/h5/items/GA-1?who=child&home=away",
    "/h5/items/GA-2",
    "/h5/items/XX-1",
    "/h5/topics/户籍身份",
    f"/h5/topics/{quote('开办企业/个体户', safe='')}",
    f"/h5/departments/{quote('<b>部门</b>/../x', safe='')}",
    "/h5/departments",
    "/h5/events/restaurant",
    "/h5/info",
]


@pytest.mark.parametrize("path", PATHS)
async def test_every_page_is_whole_and_leads_on(client: Client, path: str) -> None:
    outline = await read(client, path)
    assert "/h5/" in outline.links
    assert "/h5/search" in outline.links
    inner = [link for link in outline.links if link.startswith("/h5/")]
    assert len(inner) > 2  # more than the bar at the top
    for link in inner:
        await read(client, link)


@pytest.mark.parametrize("path", [*PATHS, "/h5/nowhere"])
async def test_headers_keep_a_page_what_it_is(client: Client, path: str) -> None:
    response = await client.get(path)
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'self'" in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-cache"
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"


async def test_the_style_is_kept_for_ever_under_the_address_of_its_content(client: Client) -> None:
    page = await (await client.get("/h5/")).text()
    address = re.findall(r'<link rel="stylesheet" href="([^"]+)">', page)
    response = await client.get(address[0])
    assert response.status == 200
    assert response.content_type == "text/css"
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert len(await response.read()) < 20_000


SAID = """
居民身份证换领|公安局 · 个人办 · 承诺件|给谁办?|20 个工作日|工本费 20 元/证|低保免收|1 趟|采集指纹|全国通办
必要|可免交|可以后补|不是必须|看您的情况|空白表格|取号|在 APP 申请|到期前三个月|网上办理|每天 120 个号
一楼 A 区 5 号窗口|现在开着|开放时间没有登记|安澜大道 188 号|提前多久可以换|《居民身份证法》第十一条
申请行政复议|身份证丢失补领|指南 2026-10-08 版|GA-1|12345|不可代办|可以寄到家
"""


async def test_an_item_has_everything_the_catalogue_says(client: Client) -> None:
    outline = await read(client, "/h5/items/GA-1")
    for words in SAID.replace("\n", "|").strip("|").split("|"):
        assert words in outline.text, words
    assert "tel:0000-88012110" in outline.links
    assert "https://example.gov.cn/form.pdf" in outline.links
    assert "http://example.gov.cn/sample.pdf" not in outline.links
    assert outline.metas["og:title"] == "居民身份证换领 · 安澜区政务服务中心"
    assert outline.metas["og:description"].startswith("带:旧身份证、户口簿")


async def test_tapping_a_circumstance_changes_the_page(client: Client) -> None:
    outline = await read(client, "/h5/items/GA-1")
    away = next(link for link in outline.links if "home=away" in link)
    tapped = await read(client, away)
    assert "40 个工作日" in tapped.text
    assert "外地户口时间长一些" in tapped.text
    assert "按“外地”" in tapped.text


async def test_unknown_circumstances_are_answered_with_the_plain_page(client: Client) -> None:
    plain = await read(client, "/h5/items/GA-1")
    query = f"who=%3Cscript%3E&home={'x' * 3000}&a=1&a=2&%00=%ff"
    odd = await read(client, f"/h5/items/GA-1?{query}")
    assert odd.text == plain.text


@dataclass
class Found:
    """A search that has decided."""

    kind: Literal["answer", "menu", "none"]
    codes: tuple[str, ...]

    def decide(self, text: str, *, most: int) -> Decision:
        assert text
        return Decision(self.kind, tuple(Hit(code, 0.5) for code in self.codes[:most]), 0.5)


@pytest.mark.parametrize(
    ("found", "headings"),
    [
        (Found("answer", ("GA-1", "GA-2")), ["您要办的是", "也可能是"]),
        (Found("answer", ("GA-1",)), ["您要办的是"]),
        (Found("menu", ("GA-1", "GA-2", "SC-1")), ["您要办的是哪一件"]),
        (Found("menu", ("GA-1",)), ["最接近的是"]),
        (Found("none", ()), ["没有找到和“换证”相近的事项"]),
    ],
)
async def test_search_with_one_with_several_and_with_no_hit(found: Found, headings: list[str]) -> None:
    async with TestClient(TestServer(site(small_view(), index=found))) as client:
        outline = await read(client, "/h5/search?q=换证")
        assert tuple(link.rsplit("/", 1)[1] for link in outline.links if "/items/" in link) == found.codes
        for words in headings:
            assert words in outline.text
        assert ("也可能是" in outline.text) is ("也可能是" in headings)
        assert any("/h5/topics/" in link for link in outline.links)
        event = await read(client, "/h5/search?q=开饭店")
        assert "/h5/events/restaurant" in event.links
        assert "没有找到" not in event.text


async def test_search_of_the_demo_centre_finds_by_what_citizens_say() -> None:
    async with TestClient(TestServer(site(demo_view()))) as client:
        assert "/h5/items/GA-0101" in (await read(client, "/h5/search?q=身份证快到期了怎么换")).links
        assert "/h5/items/GA-0101" in (await read(client, "/h5/search?q=換身份證")).links


HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}{% raw %}",
    "' OR 1=1; DROP TABLE items --",
    "\x00\x01\x1b[31m\u202e\u200b",
    "x" * 5000,
    "😀" * 100,
    "%",
    "../../etc/passwd",
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_words_are_answered_kindly_and_escaped(client: Client, text: str) -> None:
    searched = await read(client, f"/h5/search?q={quote(text, safe='')}")
    assert searched.links
    assert len(searched.text) < 3000
    if len(text) > 100:
        assert "只看了前 100 个字" in searched.text
    for kind in ("items", "topics", "departments", "events", "anything"):
        missing = await read(client, f"/h5/{kind}/{quote(text, safe='')}", 404)
        assert "没有这一页" in missing.text
        assert "/h5/" in missing.links


async def test_bytes_that_are_not_text_are_answered(client: Client) -> None:
    from yarl import URL

    for path in ("/h5/search?q=%ff%fe", "/h5/items/%ff", "/h5/topics/%E4%BD"):
        response = await client.get(URL(path, encoded=True))
        assert response.status in (200, 404)
        Outline(await response.text())


async def test_a_hostile_catalogue_stays_text(client: Client) -> None:
    page = await (await client.get("/h5/items/XX-1")).text()
    assert "<script" not in page
    assert "onerror=alert(1)&gt;" in page
    assert "{{ 7*7 }}" in page
    outline = await read(client, "/h5/items/XX-1")
    outside = [link for link in outline.links if not link.startswith(("/h5/", "#", "tel:"))]
    assert outside == []
    choice = next(link for link in outline.links if "?" in link)
    assert "<script>note</script>" in (await read(client, choice)).text


@pytest.mark.parametrize(
    "path", ["/h5/nowhere", "/h5/items/NO-1", "/h5/items/", "/h5/topics/无", "/h5/events/无"]
)
async def test_what_is_not_there_is_said_with_a_way_on(client: Client, path: str) -> None:
    outline = await read(client, path, 404)
    assert "form" in outline.tags
    assert any("/h5/topics/" in link for link in outline.links)


async def test_a_life_event_without_steps_says_so(client: Client) -> None:
    assert "这件事还没有排好步骤" in (await read(client, "/h5/events/moving", 404)).text


async def test_the_address_typed_without_its_last_stroke_is_the_first_page(client: Client) -> None:
    outline = await read(client, "/h5")
    assert outline.text == (await read(client, "/h5/")).text


async def test_pages_are_only_read(client: Client) -> None:
    response = await client.post("/h5/items/GA-1", data={"a": "b"})
    assert response.status == 405
    assert "GET" in response.headers["Allow"]
    assert "Content-Security-Policy" in response.headers
    assert "这一页只能看" in await response.text()
    head = await client.head("/h5/")
    assert head.status == 200


async def test_a_failure_is_a_page_with_a_number_and_no_words_of_the_citizen(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(pages, "find", broken)
    with capture_logs() as logged:
        outline = await read(client, "/h5/search?q=我的秘密", 500)
    number = re.search(r"编号 ([0-9A-F]{6})", outline.text)
    assert number is not None
    assert "/h5/" in outline.links
    assert [entry["event"] for entry in logged] == ["h5_page_failed"]
    assert logged[0]["number"] == number.group(1)
    assert "秘密" not in str(logged)


async def test_an_empty_catalogue_leads_to_the_chat() -> None:
    async with TestClient(TestServer(site(CatalogueView.of([])))) as client:
        for path in ("/h5/", "/h5/search?q=身份证", "/h5/departments"):
            outline = await read(client, path)
            assert "公众号" in outline.text
        assert "目录还没有内容" in (await read(client, "/h5/")).text


async def test_every_page_of_the_demo_centre_is_under_100_kilobytes() -> None:
    view = demo_view()
    async with TestClient(TestServer(site(view))) as client:
        style = len(await (await client.get("/h5/static/x/h5.css")).read())
        paths = ["/h5/", "/h5/search", "/h5/departments", "/h5/info", "/h5/search?q=公司"]
        paths += [f"/h5/items/{code}" for code in view.items]
        paths += [f"/h5/topics/{quote(name, safe='')}" for name in view.by_topic()]
        paths += [f"/h5/departments/{quote(name, safe='')}" for name in view.by_department()]
        paths += [f"/h5/events/{event.code}" for event in view.life_events]
        for path in paths:
            response = await client.get(path)
            assert response.status == 200, path
            assert len(await response.read()) + style < MOST_BYTES, path


async def test_large_lists_and_large_items_stay_small() -> None:
    many = [
        parse_item(
            {
                "code": f"N-{n}",
                "name": f"{'很长的事项名称' * 12} {n}",
                "department": f"第 {n % 200} 局",
                "topics": ["甲"],
            }
        )
        for n in range(3000)
    ]
    papers = [{"name": f"材料 {n}", "standard": "标准" * 20, "originals": 1, "copies": 2} for n in range(200)]
    large = parse_item({**ID_CARD, "materials": papers})
    async with TestClient(TestServer(site(CatalogueView.of([large, *many])))) as client:
        for path in (
            "/h5/",
            "/h5/topics/甲?page=2",
            "/h5/departments",
            "/h5/items/GA-1",
            "/h5/departments/第 1 局",
        ):
            response = await client.get(path)
            assert response.status == 200
            assert len(await response.read()) < MOST_BYTES, path
        assert "全部 201 个部门" in await (await client.get("/h5/")).text()
        last = await read(client, "/h5/topics/甲?page=30")
        assert "第 30 页(共 30 页)" in last.text
        assert "?page=29" in last.links
        assert "?page=31" not in last.links


async def test_pages_travel_compressed(client: Client) -> None:
    response = await client.get("/h5/items/GA-1", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in response.headers.get("Vary", "")
