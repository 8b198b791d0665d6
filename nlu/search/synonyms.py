"""Words that mean the same at a service counter.

Each group is one more term beside the characters: a text that holds any of its words holds the group. Two
sorts matter. *Actions* tell siblings apart (the same licence is 新办, 变更, 延续, 补证, 换证, 注销).
*Things* bridge what citizens say and what the catalogue writes (驾照, 机动车驾驶证). The tables hold the
language of service centres in general; what only one centre's citizens say belongs into an item's aliases.

A word counts where no longer one begins: 退 in 退休 is not 退税. `PROTECTED` holds words that only keep what
stands in them from counting. A word may stand in several groups (更换 may be a change or a renewal).
"""

from __future__ import annotations

from types import MappingProxyType

from nlu.search.action_words import ACTION_WORDS
from nlu.search.thing_words import THING_WORDS

# hold a word of a group without meaning it
_PROTECTED = (
    "一路 亡羊 交易 交给 交警 交通 交通局 修理 借助 借口 做事 做法 公告 公安局 公开 减肥 凭借 出发 "
    "动作 卖场 占比 厂房 厨房 参考 发动 发展 发布 发现 发生 发证 取件 取号 取得 取票 叫做 合作 告知 "
    "告示 告诉 告诉我 周报 回来发现 在路上 增值 增强 增长 外交 好看 展开 展示 工作 工作人员 工作日 "
    "库房 店员 建树 开会 开发 开头 开始 开学 开心 开支 开放 开水 开车 录取 思考 情报 想开车 想看 成交 "
    "房间 手续费 打开 批评 投票 报价 报到 报名表 报纸 报警 报酬 拆开 损失 换乘 提交 提供 提前 提醒 "
    "提问 搬砖 搬运 操作 收费 改善 改天 改革 旋转 日报 晚报 本领 机房 机票 村居 树立 海报 消费 烟台 "
    "狗粮 盲目 看到 看守 看护 看来 看着 看见 看过 社交 票据 离开 租金 税率 线路 续写 网站 考虑 股票 "
    "药物 获取 补充 评价 评论 费用 路上 路口 路边 路过 车票 车站 车间 转发 转告 转账 运转 邮票 难看 "
    "颁发 预报 领导 食用 饭票"
)

GROUPS = MappingProxyType(
    {name: tuple(words.split()) for name, words in (ACTION_WORDS | THING_WORDS).items()}
)
"""Name of a group to its words."""

ACTIONS = frozenset(ACTION_WORDS)
"""The groups that tell siblings apart."""

PROTECTED = frozenset(_PROTECTED.split())
"""Words that keep what stands in them from counting."""
