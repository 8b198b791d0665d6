"""Headless Chromium and what is looked at on any page: troubles, overflow, sizes to touch, axe's findings."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Sequence
from functools import cache
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Browser, Page, async_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = 390
DESK = 1280
# WCAG 2.2 at AA, and what axe counts as good practice.
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextlib.asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        await browser.close()


class Visit:
    """A page, and what went wrong on it: errors, warnings, refused or missing files."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.troubles: list[str] = []
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("requestfailed", lambda request: self.troubles.append(f"{request.url}: {request.failure}"))
        page.on(
            "console",
            lambda said: self.troubles.append(said.text) if said.type in ("error", "warning") else None,
        )

    async def fits(self) -> bool:
        """Whether nothing is wider than the window."""
        return bool(await self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))

    async def enlarge(self, percent: int) -> None:
        """Set the root's type as a reader's own setting would."""
        await self.page.evaluate(f"document.documentElement.style.fontSize = '{percent * 0.17}px'")

    async def unfold(self) -> None:
        """Open all that is folded."""
        await self.page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")

    async def too_small(self, least: float = 44) -> list[str]:
        """What one can touch and is smaller than `least` px either way (half a pixel is rounding)."""
        found: list[str] = await self.page.evaluate(
            """least => [...document.querySelectorAll("a, button, input, summary, select, textarea")]
                .filter(e => !e.matches(".skip") && e.getClientRects().length)
                .map(e => [e, e.getBoundingClientRect()])
                .filter(([, box]) => box.width < least - .5 || box.height < least - .5)
                .map(([e, box]) => `${e.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)""",
            least,
        )
        return found

    async def cut_off(self) -> list[str]:
        """Elements whose text is wider than they are."""
        found: list[str] = await self.page.evaluate(
            """[...document.querySelectorAll("main *")]
                .filter(e => e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0
                    && !e.matches(".unseen, input") && getComputedStyle(e).display !== "inline")
                .map(e => e.outerHTML.slice(0, 90))"""
        )
        return found

    async def findings(self, rules: Sequence[str] = ()) -> list[str]:
        """What axe finds wrong, of serious or critical impact; by `rules` alone where some are named."""
        only = {"type": "rule", "values": list(rules)} if rules else {"type": "tag", "values": _RULES}
        await self.page.evaluate(_axe())
        found: dict[str, Any] = await self.page.evaluate(
            "only => axe.run({runOnly: only, resultTypes: ['violations']})", only
        )
        return [
            f"{rule['id']} ({rule['impact']}): {node['html'][:120]} {node['failureSummary'][:200]}"
            for rule in found["violations"]
            if rule["impact"] in ("serious", "critical")
            for node in rule["nodes"]
        ]


@cache
def _axe() -> str:
    # Evaluated, not added as a tag: the pages' own policy lets no script run, and that is left as it is.
    return f"(() => {{ {AXE_SCRIPT} }})()"


async def opened(browser: Browser, url: str, width: int = PHONE, height: int = 844, **how: Any) -> Visit:
    """A new window on `url`."""
    context = await browser.new_context(viewport={"width": width, "height": height}, **how)
    context.set_default_timeout(10_000)
    visit = Visit(await context.new_page())
    await visit.page.goto(url)
    return visit
