from __future__ import annotations

import pytest

from bot.log import mask


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("身份证 11010519491231002X 的人", "身份证 1101***002X 的人"),
        ("电话13800138000。", "电话138***8000。"),
        ("from o6_bmjrPTlm6_2sgVt7hMZOPfL2M", "from o6_b***fL2M"),
        ("没有要遮的 12345", "没有要遮的 12345"),
    ],
)
def test_personal_data_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked
