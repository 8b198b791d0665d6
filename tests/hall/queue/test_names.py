from __future__ import annotations

import pytest

from hall.queue.names import window_names


@pytest.mark.parametrize(
    ("group", "names"),
    [
        ("A 区 5–8 号窗口", ("A 区 5 号窗口", "A 区 6 号窗口", "A 区 7 号窗口", "A 区 8 号窗口")),
        ("F 区 9 号窗口(房屋交易缴税)", ("F 区 9 号窗口(房屋交易缴税)",)),
        ("1 号窗口", ("1 号窗口",)),
        ("C区11-12号窗口", ("C区11号窗口", "C区12号窗口")),
        ("综合窗口", ("综合窗口",)),
    ],
)
def test_the_windows_a_groups_name_speaks_of(group: str, names: tuple[str, ...]) -> None:
    assert window_names(group) == names
