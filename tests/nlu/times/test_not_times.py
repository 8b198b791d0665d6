from __future__ import annotations

import pytest

from nlu.times import parse
from tests.nlu.times.reference import NOW

NOT_TIMES = """
一点都不麻烦|有点急|等一下|十分感谢|有一点问题|便宜一点|快一点|提前一点行不行|早一点|晚一点|再补一点吗|给我一点时间
我有两点建议|第三点|以下三点|这几点|利率才两点几|百分之三点五|三点五万
5个工作日|20个工作日|3天|三天时间|要三天吗|半天|半小时|两小时|三年|3个月|一个月|第3天
3号窗口|2号楼|A3号|请问3号线|人民路25号|5–6 号窗口|3-5号窗口|取的12号|第25号|20号文件
20元|3.5元|3.5折|三个人|10/20页|利率3.25%|2分之1|第12条
13800138000|0755-12345678|110101199003074518|11010119900307451X|6222021234567890123|192.168.1.12
下午好|早上好|等了一下午|一会儿|一时半会|现在|随时|尽快|改天|几点下班|最快什么时候|几十年前
五一路12号|八一路|年终奖|马上六年到期|断过两年|三日以上|今日头条|明天气|先天性
《2026年度申报通知》
"""


@pytest.mark.parametrize("text", [text for line in NOT_TIMES.split("\n") for text in line.split("|") if text])
def test_is_no_time(text: str) -> None:
    assert [span.text for span in parse(text, NOW)] == []
