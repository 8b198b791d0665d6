"""Every own page is whole, keeps to itself, and says nothing of the account."""

from __future__ import annotations

import re

import pytest

from tests.bot.h5.own_house import LI, ZHANG, House
from tests.bot.h5.test_pages import MOST_BYTES, Outline

OPENID = "oCitizenOfOwnPages00000001"
FIRST = [
    "/h5/bookings",
    "/h5/my-data",
    "/h5/book/GA-1",
    "/h5/book/GA-1?n=2",
    "/h5/book/GA-2",
    "/h5/book/SC-1",
    "/h5/book/NO-SUCH",
    "/h5/book/GA-1/confirm?starts=2026-12-02T09:00",
    "/h5/book/GA-1/confirm?starts=2026-12-09T09:00",
]
LATER = [
    "/h5/bookings/1",
    "/h5/bookings/1?new=1",
    "/h5/bookings/1?again=1",
    "/h5/bookings/1/move",
    "/h5/bookings/1/move/confirm?starts=2026-12-04T09:00",
    "/h5/bookings/1/cancel",
    "/h5/bookings/999",
    "/h5/bookings?waiting=1",
    "/h5/my-data",
    "/h5/book/GA-1/confirm?starts=2026-12-03T09:00",
    "/h5/book/GA-1/confirm?starts=2026-12-03T09:00&who=new",
    "/h5/book/GA-1/confirm?starts=2026-12-03T09:00&wait=slot",
    "/h5/book/GA-1/confirm?starts=2026-12-03T09:00&wait=day",
    "/h5/check-in",
]


@pytest.mark.parametrize("known", [False, True], ids=["first", "known"])
async def test_every_own_page_is_whole_and_keeps_to_itself(house: House, known: bool) -> None:
    browser = await house.at(OPENID)
    if known:
        await browser.go("/h5/book/GA-1/confirm?starts=2026-12-02T09:00")
        await browser.send(ZHANG)
    for path in LATER if known else FIRST:
        await browser.go(path)
        outline = Outline(browser.page)
        assert not outline.open, (path, outline.open)
        assert len(outline.ids) == len(set(outline.ids)), (path, outline.ids)
        assert outline.tags.count("h1") == 1, path
        assert not {"script", "iframe", "img", "style"} & set(outline.tags), path
        assert len(browser.page) < MOST_BYTES
        assert OPENID not in browser.page
        assert not re.search(r"\bNone\b|\{\{|\bhall\.", outline.text), path
        policy = browser.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert browser.headers["X-Content-Type-Options"] == "nosniff"
        anchors = [link[1:] for link in outline.links if link.startswith("#")]
        assert set(anchors) <= set(outline.ids), (path, anchors)


async def test_every_link_of_the_own_pages_leads_somewhere(house: House) -> None:
    browser = await house.at(OPENID)
    await browser.go("/h5/book/GA-1/confirm?starts=2026-12-02T09:00")
    await browser.send(ZHANG)
    await browser.go("/h5/book/GA-1/confirm?starts=2026-12-03T09:00&who=new")
    await browser.send(LI)
    seen: set[str] = set()
    for path in ("/h5/bookings", "/h5/bookings/1", "/h5/bookings/1/move", "/h5/book/GA-1", "/h5/my-data"):
        await browser.go(path)
        for link in Outline(browser.page).links:
            if not link.startswith("/h5/") or link in seen or len(seen) > 60:
                continue
            seen.add(link)
            await browser.go(link.split("#")[0])
            assert browser.status in {200, 409}, link
    assert len(seen) > 30
