"""The version of what a citizen consents to before the first personal datum is kept."""

from __future__ import annotations

from typing import Final

# Of the words in chat and on pages and of the page /h5/privacy together: a change of any asks for a new one.
CONSENT_WORDING: Final = "个人信息处理告知 2026-11-21"
