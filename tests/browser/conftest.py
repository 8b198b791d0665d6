from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.chromium import chromium


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One Chromium for a module: starting it takes longer than most of these tests."""
    async with chromium() as started:
        yield started


@pytest_asyncio.fixture(loop_scope="module", autouse=True)
async def closed_windows(browser: Browser) -> AsyncIterator[None]:
    yield
    for context in browser.contexts:
        await context.close()
